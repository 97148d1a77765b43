package io.github.pixelwise.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory over many photographs; runs with {@code -Psoak}, which sets a heap of 256 MB. */
@Tag("soak")
class SoakTest {
  private static final int IMAGES = 10_000;
  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;

  /** What is kept of a photograph: the counts of its classes, boundaries, and confidences. */
  private static final long KEPT = 3_000;

  @TempDir private Path folder;

  /** A photograph and a mask of six stripes each, made anew whenever they are asked for. */
  private record Stripes(String name, long seed) implements Sample {
    private int[] pixels(long change) {
      Random random = new Random(seed + change);
      int[] classes = random.ints(6, 0, 21).toArray();
      int shift = random.nextInt(WIDTH);
      return IntStream.range(0, WIDTH * HEIGHT)
          .map(i -> classes[(i + shift) % WIDTH * classes.length / WIDTH])
          .toArray();
    }

    @Override
    public RgbImage photograph() {
      int[] pixels = pixels(seed % 2); // half of the photographs are predicted without error
      byte[] rgb = new byte[3 * pixels.length];
      for (int i = 0; i < pixels.length; i++) {
        rgb[3 * i] = (byte) pixels[i];
      }
      return RgbImage.of(WIDTH, HEIGHT, rgb);
    }

    @Override
    public CategoryMask truth() {
      return CategoryMask.copyOf(WIDTH, HEIGHT, pixels(0));
    }
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void keepsOnlySmallResults() throws Exception {
    List<Stripes> samples =
        IntStream.range(0, IMAGES).mapToObj(i -> new Stripes("photo" + i, i)).toList();
    Dataset dataset = Dataset.of("stripes", LabelMap.voc(), Palette.voc(), samples);
    FakeSegmenter segmenter =
        new FakeSegmenter("tiny", LabelMap.voc().names().toArray(String[]::new));
    AtomicInteger done = new AtomicInteger();
    long[] memory = new long[2];

    EvaluationReport report =
        Evaluation.of(segmenter, dataset)
            .boundaries(2)
            .report(folder)
            .onImage(
                result -> {
                  int count = done.incrementAndGet();
                  if (count == IMAGES / 5) {
                    memory[0] = used();
                  } else if (count == IMAGES) {
                    memory[1] = used();
                  }
                })
            .run();

    assertThat(report.confusion().total()).isEqualTo((long) IMAGES * WIDTH * HEIGHT);
    assertThat(EvaluationReport.read(folder, EmptyClasses.SKIP).confusion())
        .isEqualTo(report.confusion());
    System.out.printf("used %,d bytes, then %,d%n", memory[0], memory[1]);
    assertThat((memory[1] - memory[0]) / (IMAGES - IMAGES / 5)).isLessThan(KEPT);
  }
}
