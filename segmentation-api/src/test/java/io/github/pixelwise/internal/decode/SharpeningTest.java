package io.github.pixelwise.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Thresholds;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SharpeningTest {
  private static final int SIDE = 240;
  private static final Parallelism ONE = Parallelism.of(Runnable::run, 1);
  private static final LabelMap LABELS = LabelMap.of(List.of("left", "right", "nowhere"));

  /** A photo with an edge between two colors, left of which the network's edge may lie. */
  private static RgbImage photo(int width, int height, int edge, int noise) {
    Random random = new Random(3);
    byte[] samples = new byte[width * height * 3];
    for (int i = 0; i < samples.length; i++) {
      int color = i / 3 % width < edge ? 80 + 20 * (i % 3) : 160 - 10 * (i % 3);
      samples[i] = (byte) (color + (noise == 0 ? 0 : random.nextInt(2 * noise + 1) - noise));
    }
    return RgbImage.of(width, height, samples);
  }

  /** Scores of an edge at a column of the photo, which the network is unsure of. */
  private static ScoreMap scores(int width, int height, double edge, OutputKind kind) {
    int gridWidth = Math.max(1, width / 8);
    int gridHeight = Math.max(1, height / 8);
    int channels = kind.isBinary() ? 1 : 3;
    float[] values = new float[channels * gridWidth * gridHeight];
    for (int i = 0; i < gridWidth * gridHeight; i++) {
      float logit = (float) (((i % gridWidth + 0.5) * width / gridWidth - edge) / 6);
      float probability = (float) (1 / (1 + Math.exp(-logit)));
      switch (kind) {
        case LOGITS -> {
          values[i] = -logit / 2;
          values[i + gridWidth * gridHeight] = logit / 2;
          values[i + 2 * gridWidth * gridHeight] = -9;
        }
        case PROBABILITIES -> {
          values[i] = 1 - probability;
          values[i + gridWidth * gridHeight] = probability;
        }
        default -> values[i] = kind == OutputKind.SIGMOID ? probability : logit;
      }
    }
    ImageGeometry geometry = ImageGeometry.stretched(width, height, gridWidth * 8, gridHeight * 8);
    return ScoreMap.of(
        OutputSpec.logits("scores", 8).withKind(kind),
        geometry,
        channels,
        gridWidth,
        gridHeight,
        values);
  }

  private static LabelMap labels(OutputKind kind) {
    return kind.isBinary() ? LabelMap.of(List.of("left", "right")) : LABELS;
  }

  private static Decoder.Decoded sharpen(
      RgbImage photo, ScoreMap scores, SegmentationOptions options) {
    return Decoder.decodeSharpened(
        scores,
        photo,
        Decision.of(labels(scores.spec().kind()), options),
        true,
        Parallelism.common());
  }

  private static CategoryMask plain(ScoreMap scores, LabelMap labels) {
    return Decoder.decode(scores, Decision.of(labels, SegmentationOptions.MASK_ONLY), false, ONE)
        .mask();
  }

  private static long wrong(CategoryMask mask, int edge) {
    return IntStream.range(0, mask.width() * mask.height())
        .filter(
            i ->
                mask.category(i % mask.width(), i / mask.width())
                    != (i % mask.width() < edge ? 0 : 1))
        .count();
  }

  @ParameterizedTest
  @EnumSource(value = OutputKind.class, names = "CATEGORIES", mode = EnumSource.Mode.EXCLUDE)
  void theEdgeMovesToThatOfThePhoto(OutputKind kind) {
    ScoreMap scores = scores(SIDE, SIDE, 125, kind);

    CategoryMask sharp =
        sharpen(photo(SIDE, SIDE, 121, 4), scores, SegmentationOptions.MASK_ONLY).mask();

    assertThat(wrong(plain(scores, labels(kind)), 121)).isGreaterThan(3 * SIDE);
    assertThat(wrong(sharp, 121)).isLessThan(SIDE / 5);
  }

  @Test
  void awayFromEdgesNothingChanges() {
    ScoreMap scores = scores(SIDE, SIDE, 125, OutputKind.LOGITS);

    CategoryMask sharp =
        sharpen(photo(SIDE, SIDE, 30, 20), scores, SegmentationOptions.MASK_ONLY).mask();

    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        if (Math.abs(x - 125) > 16) {
          assertThat(sharp.category(x, y)).isEqualTo(x < 125 ? 0 : 1);
        }
      }
    }
  }

  @Test
  void aPhotoOfOneColorLeavesTheEdgeWhereItIs() {
    ScoreMap scores = scores(SIDE, SIDE, 125, OutputKind.LOGITS);

    CategoryMask sharp =
        sharpen(photo(SIDE, SIDE, 0, 0), scores, SegmentationOptions.MASK_ONLY).mask();

    assertThat(wrong(sharp, 125)).isLessThanOrEqualTo(SIDE);
  }

  @Test
  void doesNotDependOnTheNumberOfThreads() {
    RgbImage photo = photo(SIDE, SIDE, 121, 30);
    float[] noise = new float[3 * 30 * 30];
    Random random = new Random(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat() * 4;
    }
    ImageGeometry geometry = ImageGeometry.stretched(SIDE, SIDE, 240, 240);
    ScoreMap scores = ScoreMap.of(OutputSpec.logits("scores", 8), geometry, 3, 30, 30, noise);
    Decision decision = Decision.of(LABELS, SegmentationOptions.MASK_ONLY);
    ForkJoinPool pool = new ForkJoinPool(5);
    try {
      assertThat(Decoder.decodeSharpened(scores, photo, decision, true, Parallelism.of(pool, 5)))
          .isEqualTo(Decoder.decodeSharpened(scores, photo, decision, true, ONE));
    } finally {
      pool.shutdown();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 500", "700, 1", "2, 3", "97, 5", "513, 7"})
  void takesPhotosOfAnySides(int width, int height) {
    CategoryMask sharp =
        sharpen(
                photo(width, height, width / 2, 5),
                scores(width, height, width / 4.0, OutputKind.LOGITS),
                SegmentationOptions.MASK_ONLY)
            .mask();

    assertThat(sharp.width()).isEqualTo(width);
    assertThat(sharp.height()).isEqualTo(height);
    assertThat(sharp.category(width - 1, height - 1)).isEqualTo(1);
  }

  @Test
  void pixelsThatTheNetworkDidNotSeeStayVoid() {
    ScoreMap scores =
        scores(SIDE, SIDE, 125, OutputKind.LOGITS)
            .withGeometry(
                ImageGeometry.stretched(SIDE, SIDE, SIDE, SIDE)
                    .withContent(-60, -30, SIDE + 120, SIDE + 60));

    Decoder.Decoded sharp =
        sharpen(photo(SIDE, SIDE, 121, 4), scores, SegmentationOptions.MASK_ONLY);
    CategoryMask plain = plain(scores, LABELS);

    assertThat(plain.category(0, 0)).isEqualTo(LABELS.ignoreIndex());
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        assertThat(sharp.mask().category(x, y) == LABELS.ignoreIndex())
            .as("%d, %d", x, y)
            .isEqualTo(plain.category(x, y) == LABELS.ignoreIndex());
      }
    }
  }

  @Test
  void relabelsAndDropsWhatIsUncertain() {
    ScoreMap scores = scores(SIDE, SIDE, 125, OutputKind.LOGITS);
    RgbImage photo = photo(SIDE, SIDE, 121, 4);
    Relabeling relabeling = Relabeling.of(LABELS, Map.of("right", "nowhere"));
    CategoryMask sharp = sharpen(photo, scores, SegmentationOptions.MASK_ONLY).mask();

    Decoder.Decoded decoded =
        sharpen(
            photo,
            scores,
            SegmentationOptions.MASK_ONLY
                .withRelabeling(relabeling)
                .withThresholds(Thresholds.ofAll(0.9)));

    int dropped = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int category = decoded.mask().category(x, y);
        if (decoded.confidence().orElseThrow().confidence(x, y) < 0.898) {
          assertThat(category).isEqualTo(relabeling.labels().ignoreIndex());
          dropped++;
        } else if (category != relabeling.labels().ignoreIndex()) {
          assertThat(category).isEqualTo(relabeling.category(sharp.category(x, y)));
        }
      }
    }
    assertThat(dropped).isBetween(1, SIDE * SIDE / 4);
  }

  /** Noise in which all of 21 classes are everywhere is the worst there is. */
  @Test
  void needsLittleMoreThanTheMaskFor12Megapixels() {
    float[] noise = new float[21 * 129 * 97];
    Random random = new Random(1);
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextFloat() * 4;
    }
    ImageGeometry geometry = ImageGeometry.stretched(4000, 3000, 129 * 4, 97 * 4);
    ScoreMap scores = ScoreMap.of(OutputSpec.logits("scores", 4), geometry, 21, 129, 97, noise);
    Decision decision =
        Decision.of(
            LabelMap.of(IntStream.range(0, 21).mapToObj(c -> "class " + c).toList()),
            SegmentationOptions.MASK_ONLY);
    RgbImage photo = photo(4000, 3000, 1700, 60);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    Decoder.decodeSharpened(scores, photo, decision, false, ONE);

    long mask = 4000 * 3000;
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isBetween(mask, 2 * mask);
  }
}
