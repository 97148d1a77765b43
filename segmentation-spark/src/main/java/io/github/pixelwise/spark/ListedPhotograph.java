package io.github.pixelwise.spark;

/**
 * A photograph that a job has found.
 *
 * @param path its path, with the file system
 * @param name its path in the folder of photographs
 * @param length the size of its file in bytes
 */
record ListedPhotograph(String path, String name, long length) {}
