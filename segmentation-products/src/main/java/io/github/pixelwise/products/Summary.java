package io.github.pixelwise.products;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.postprocess.ClassStatistics;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A table of the classes in photographs, as CSV (RFC 4180). */
final class Summary {
  static final String HEADER =
      "photograph,class,pixels,share,box_x,box_y,box_width,box_height,centroid_x,centroid_y,"
          + "mean_confidence\r\n";

  /** What makes quotation marks necessary. */
  private static final Pattern SPECIAL = Pattern.compile("[\",\r\n]");

  private Summary() {}

  /** Writes a photograph's rows. */
  static void write(String photograph, SegmentationResult result, OutputStream out)
      throws IOException {
    List<ClassStatistics> found = ClassStatistics.of(result.mask(), result.labels());
    Sums[] sums = sums(result.mask(), result.confidence(), last(found) + 1);
    StringBuilder text = new StringBuilder(HEADER);
    for (ClassStatistics entry : found) {
      text.append(row(photograph, entry, sums[entry.category()], result.confidence().isPresent()));
    }
    out.write(text.toString().getBytes(UTF_8));
    out.flush();
  }

  private static int last(List<ClassStatistics> found) {
    return found.get(found.size() - 1).category();
  }

  private static String row(
      String photograph, ClassStatistics entry, Sums sums, boolean hasConfidence) {
    double pixels = entry.pixels();
    return String.format(
        Locale.ROOT,
        "%s,%s,%d,%.6f,%d,%d,%d,%d,%.2f,%.2f,%s\r\n",
        field(photograph),
        field(entry.name()),
        entry.pixels(),
        entry.share(),
        entry.box().x(),
        entry.box().y(),
        entry.box().width(),
        entry.box().height(),
        sums.x / pixels + 0.5, // from the left side of the first pixel
        sums.y / pixels + 0.5,
        hasConfidence ? String.format(Locale.ROOT, "%.4f", sums.confidence / pixels / 255) : "");
  }

  private static String field(String text) {
    return SPECIAL.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  private static final class Sums {
    private double x;
    private double y;
    private long confidence;
  }

  private static Sums[] sums(
      CategoryMask mask, Optional<ConfidenceMap> confidence, int categories) {
    Sums[] sums = new Sums[categories];
    for (int category = 0; category < categories; category++) {
      sums[category] = new Sums();
    }
    int[] row = new int[mask.width()];
    byte[] confidences = new byte[mask.width()];
    for (int y = 0; y < mask.height(); y++) {
      mask.copyRow(y, row, 0);
      if (confidence.isPresent()) {
        confidence.get().copyRow(y, confidences, 0);
      }
      for (int x = 0; x < row.length; x++) {
        Sums sum = sums[row[x]];
        sum.x += x;
        sum.y += y;
        sum.confidence += confidences[x] & 0xff;
      }
    }
    return sums;
  }

  /** Copies the rows of another table, but not its header. */
  static void copyRows(InputStream in, OutputStream out) throws IOException {
    byte[] header = in.readNBytes(HEADER.length());
    if (!new String(header, UTF_8).equals(HEADER)) {
      throw new IOException("it is no summary");
    }
    in.transferTo(out);
  }
}
