package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whether the borders of tiles can be seen in what the embedded model says about a large picture.
 *
 * <p>The measure: how much the confidence changes on average from one column to the next at the
 * borders of tiles, divided by how much it changes elsewhere. It is 1 if there is nothing to see.
 */
class TileSeamsTest {
  private static final int WIDTH = 4000;
  private static final int HEIGHT = 1000;
  private static final int SIZE = 512;

  private static RgbImage picture;

  /** A photo and its mirror images, again and again. */
  @BeforeAll
  static void fillThePicture() throws IOException {
    RgbImage photo = Images.read(Path.of("../examples/photos/astronaut.png"));
    byte[] row = new byte[3 * photo.width()];
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int y = 0; y < HEIGHT; y++) {
      photo.copyRow(mirrored(y, photo.height()), row, 0);
      for (int x = 0; x < WIDTH; x++) {
        System.arraycopy(row, 3 * mirrored(x, photo.width()), rgb, 3 * (y * WIDTH + x), 3);
      }
    }
    picture = RgbImage.of(WIDTH, HEIGHT, rgb);
  }

  private static int mirrored(int i, int side) {
    int place = i % (2 * side);
    return Math.min(place, 2 * side - 1 - place);
  }

  /** Returns the measure; a border is the column before which the confidence may jump. */
  private static double seams(RgbImage picture, int overlap, IntPredicate isBorder) {
    ConfidenceMap confidence;
    try (Segmenter segmenter = Segmenter.builder().backend("onnx").open()) {
      confidence =
          segmenter
              .segment(
                  picture, SegmentationOptions.MASK_ONLY.withConfidence().withTiles(SIZE, overlap))
              .confidence()
              .orElseThrow();
    }
    long[] change = new long[WIDTH];
    byte[] row = new byte[WIDTH];
    for (int y = 0; y < picture.height(); y++) {
      confidence.copyRow(y, row, 0);
      for (int x = 1; x < WIDTH; x++) {
        change[x] += Math.abs((row[x] & 0xff) - (row[x - 1] & 0xff));
      }
    }
    double atBorders = mean(change, isBorder);
    double elsewhere = mean(change, isBorder.negate());
    return atBorders / elsewhere;
  }

  private static double mean(long[] change, IntPredicate columns) {
    return IntStream.range(1, WIDTH)
        .filter(columns)
        .mapToLong(x -> change[x])
        .average()
        .orElseThrow();
  }

  @Test
  void cannotBeSeenWithAnOverlap() {
    // Tiles begin every 448 pixels, and pass into each other from the 16th pixel to the 48th.
    IntPredicate border = x -> x > 448 && (x % 448 == 16 || x % 448 == 32 || x % 448 == 48);
    assertThat(seams(picture, 64, border)).isLessThan(1.2);
  }

  /** The measure sees seams where there are some. */
  @Test
  void canBeSeenWithoutAnOverlap() {
    RgbImage upperTiles = picture.crop(0, 0, WIDTH, SIZE);
    assertThat(seams(upperTiles, 0, x -> x % SIZE == 0)).isGreaterThan(5);
  }
}
