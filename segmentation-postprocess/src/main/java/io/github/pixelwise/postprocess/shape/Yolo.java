package io.github.pixelwise.postprocess.shape;

import io.github.pixelwise.LabelMap;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Writes the text of YOLO segmentation: for each polygon a line with the number of its class and
 * its points, as shares of the picture's sides. Holes become part of the line, which runs to them
 * and back.
 *
 * <p>YOLO has neither background nor void: their shapes are left out, and classes are numbered
 * without a class named background.
 */
public final class Yolo {
  private static final String BACKGROUND = "background";

  private Yolo() {}

  /**
   * Writes shapes.
   *
   * @param shapes the shapes
   * @param labels the names of categories
   * @param width the picture's width
   * @param height the picture's height
   * @param out the stream; flushed but not closed
   * @throws IOException if the stream fails
   */
  public static void write(
      List<Shape> shapes, LabelMap labels, int width, int height, OutputStream out)
      throws IOException {
    int background = labels.find(BACKGROUND).orElse(labels.size());
    Writer text = new OutputStreamWriter(out, StandardCharsets.US_ASCII);
    for (Shape shape : shapes) {
      int category = shape.category();
      if (category == background || category >= labels.size()) {
        continue;
      }
      int number = category > background ? category - 1 : category;
      for (Polygon polygon : shape.polygons()) {
        text.write(Integer.toString(number));
        for (Point point : Keyholes.line(polygon)) {
          text.write(" " + share(point.x() / width) + " " + share(point.y() / height));
        }
        text.write("\n");
      }
    }
    text.flush();
  }

  /** Eight digits are a hundredth of a pixel in pictures a million pixels wide. */
  private static String share(double value) {
    return String.format(Locale.ROOT, "%.8f", value).replaceFirst("\\.?0+$", "");
  }
}
