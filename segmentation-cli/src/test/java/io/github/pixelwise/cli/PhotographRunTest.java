package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.cli.internal.Progress;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelInput;
import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to photos that do not fit in the heap next to others. */
class PhotographRunTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");

  @TempDir private Path folder;

  /** A segmenter that runs out of memory on some calls, while segmenting or while writing. */
  private record Tight(Segmenter segmenter, AtomicInteger segmentFailures, AtomicInteger reports)
      implements Segmenter {
    @Override
    public SegmentationResult segment(RgbImage image, SegmentationOptions options) {
      if (segmentFailures.getAndDecrement() > 0) {
        throw new OutOfMemoryError("tight");
      }
      SegmentationResult result = segmenter.segment(image, options);
      return SegmentationResult.builder(
              result.mask(), new TightLabels(result.labels(), reports), result.palette())
          .build();
    }

    @Override
    public List<ModelInput> prepare(RgbImage image) {
      return segmenter.prepare(image);
    }

    @Override
    public ScoreMap score(List<ModelInput> inputs) {
      return segmenter.score(inputs);
    }

    @Override
    public SegmentationResult decode(ScoreMap scores, SegmentationOptions options) {
      return segmenter.decode(scores, options);
    }

    @Override
    public ModelCard model() {
      return segmenter.model();
    }

    @Override
    public RuntimeInfo runtime() {
      return segmenter.runtime();
    }

    @Override
    public void close() {
      segmenter.close();
    }
  }

  /**
   * Labels whose names, which only a report needs, throw {@code OutOfMemoryError} on some calls.
   */
  private record TightLabels(LabelMap labels, AtomicInteger reports) implements LabelMap {
    @Override
    public String name(int category) {
      if (reports.getAndDecrement() == 0) {
        throw new OutOfMemoryError("tight");
      }
      return labels.name(category);
    }

    @Override
    public int size() {
      return labels.size();
    }

    @Override
    public OptionalInt find(String name) {
      return labels.find(name);
    }

    @Override
    public int ignoreIndex() {
      return labels.ignoreIndex();
    }

    @Override
    public List<String> names() {
      return labels.names();
    }
  }

  private String process(int segmentFailures, int namesBeforeAFailure) throws InterruptedException {
    StringWriter err = new StringWriter();
    try (Segmenter segmenter =
            new Tight(
                Segmenter.open(Segmenter.DEFAULT_MODEL),
                new AtomicInteger(segmentFailures),
                new AtomicInteger(namesBeforeAFailure));
        Progress progress = Progress.of(1, new PrintWriter(err))) {
      PhotographRun run =
          new PhotographRun(
              segmenter,
              Recipe.builder().build(),
              new Outputs(EnumSet.of(Product.MASK, Product.JSON), null, PictureFormat.PNG, false),
              new PhotographReader(Images.MAX_PIXELS),
              new OutputFiles(),
              progress);
      run.process(List.of(new Photograph(CAT, folder.resolve("cat"), "cat.png")), 2);
      return "%d done, %d failed, %d files, %d kept%s"
          .formatted(run.done(), run.failed(), run.files(), run.kept(), err.toString());
    }
  }

  @Test
  void triesPhotosAgainThatMayFitAlone() throws InterruptedException {
    assertThat(process(1, -1)).isEqualTo("1 done, 0 failed, 2 files, 0 kept");
  }

  @Test
  void doesNotWriteAgainWhatWasWrittenBeforeMemoryRanOut() throws InterruptedException {
    assertThat(process(0, 0)).isEqualTo("1 done, 0 failed, 2 files, 0 kept");
    assertThat(folder.resolve("cat.mask.png")).exists();
    assertThat(folder.resolve("cat.json")).exists();
  }

  @Test
  void failsPhotosThatDoNotFitEvenAlone() throws InterruptedException {
    assertThat(process(2, -1))
        .startsWith(
            "0 done, 1 failed, 0 files, 0 keptsegment: " + CAT + ": it does not fit in the heap.");
  }
}
