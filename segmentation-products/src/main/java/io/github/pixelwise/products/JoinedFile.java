package io.github.pixelwise.products;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.postprocess.shape.CocoWriter;
import io.github.pixelwise.postprocess.shape.CvatWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes one file for several photographs out of those that {@link Products} wrote for each, in
 * memory for one at a time. The result is the same as if all had been written at once.
 */
public final class JoinedFile {
  private JoinedFile() {}

  /**
   * Joins files.
   *
   * @param product what they are: {@link Product#COCO}, {@link Product#CVAT}, or {@link
   *     Product#SUMMARY}
   * @param files the files, in the order of the result
   * @param labels the classes of all of them
   * @param palette the colors of these classes
   * @param out the stream; flushed but not closed
   * @throws IOException if a file cannot be read, or is not one of this product; or if the stream
   *     fails
   * @throws IllegalArgumentException if the files of this product cannot be joined
   */
  public static void write(
      Product product, List<Path> files, LabelMap labels, Palette palette, OutputStream out)
      throws IOException {
    switch (product) {
      case COCO -> {
        try (CocoWriter coco = new CocoWriter(out, labels)) {
          each(files, coco::addAll);
        }
      }
      case CVAT -> {
        try (CvatWriter cvat = new CvatWriter(out, labels, palette)) {
          each(files, cvat::addAll);
        }
      }
      case SUMMARY -> {
        out.write(Summary.HEADER.getBytes(UTF_8));
        each(files, in -> Summary.copyRows(in, out));
      }
      default ->
          throw new IllegalArgumentException("files of %s cannot be joined".formatted(product));
    }
    out.flush();
  }

  private interface Reading {
    void read(InputStream in) throws IOException;
  }

  private static void each(List<Path> files, Reading reading) throws IOException {
    for (Path file : files) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        reading.read(in);
      } catch (IOException e) {
        throw new IOException("cannot add %s: %s".formatted(file, e.getMessage()), e);
      }
    }
  }
}
