package io.github.pixelwise.postprocess.shape;

/**
 * A place in a picture.
 *
 * @param x pixels from the picture's left border
 * @param y pixels from the picture's upper border, downwards
 */
public record Point(double x, double y) {}
