package io.github.pixelwise.products;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.Timings;
import io.github.pixelwise.model.ImageGeometry;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes red pixels for category 1, green ones for category 2, and all others for category 0. */
final class FakeSegmenter implements Segmenter {
  private final LabelMap labels;
  private OutputSpec output = OutputSpec.logits("y", 1).withKind(OutputKind.PROBABILITIES);
  private TestTimeAugmentation augmentation = TestTimeAugmentation.NONE;
  private final List<SegmentationOptions> calls = new ArrayList<>();
  private boolean closed;

  FakeSegmenter(String... labels) {
    this.labels = LabelMap.of(List.of(labels));
  }

  /** Sets what the model's card says of its output. */
  FakeSegmenter output(OutputSpec output) {
    this.output = output;
    return this;
  }

  /** Sets what the runtime says of augmentation. */
  FakeSegmenter augmentation(TestTimeAugmentation augmentation) {
    this.augmentation = augmentation;
    return this;
  }

  /** The shares of red, of green, and of the rest: the probabilities of the three categories. */
  ScoreMap scores(RgbImage image) {
    int pixels = image.width() * image.height();
    float[] shares = new float[3 * pixels];
    for (int i = 0; i < pixels; i++) {
      int rgb = image.rgb(i % image.width(), i / image.width());
      float red = (rgb >> 16) / 255f;
      float green = (rgb >> 8 & 0xff) / 255f;
      shares[i] = Math.max(0, 1 - red - green);
      shares[pixels + i] = red;
      shares[2 * pixels + i] = green;
    }
    return ScoreMap.of(
        OutputSpec.logits("y", 1).withKind(OutputKind.PROBABILITIES),
        ImageGeometry.stretched(image.width(), image.height(), image.width(), image.height()),
        3,
        image.width(),
        image.height(),
        shares);
  }

  /** The red of each pixel. */
  private static ConfidenceMap confidence(RgbImage image) {
    byte[] red = new byte[image.width() * image.height()];
    for (int i = 0; i < red.length; i++) {
      red[i] = (byte) (image.rgb(i % image.width(), i / image.width()) >> 16);
    }
    return ConfidenceMap.of(image.width(), image.height(), red);
  }

  /** The options of every call. */
  List<SegmentationOptions> calls() {
    return calls;
  }

  @Override
  public SegmentationResult segment(RgbImage image, SegmentationOptions options) {
    calls.add(options);
    int[] categories = new int[image.width() * image.height()];
    for (int i = 0; i < categories.length; i++) {
      int rgb = image.rgb(i % image.width(), i / image.width());
      int category = rgb == 0xff0000 ? 1 : rgb == 0x00ff00 ? 2 : 0;
      categories[i] = options.relabeling().map(r -> r.category(category)).orElse(category);
    }
    SegmentationResult.Builder result =
        SegmentationResult.builder(
                CategoryMask.copyOf(image.width(), image.height(), categories),
                options.relabeling().map(Relabeling::labels).orElse(labels),
                Palette.voc())
            .timings(Timings.of(Duration.ofNanos(1_234_567), Duration.ofMillis(20), Duration.ZERO));
    if (options.scores()) {
      result.scores(scores(image));
    }
    if (options.confidence()) {
      result.confidence(confidence(image));
    }
    return result.build();
  }

  @Override
  public ModelCard model() {
    requireOpen();
    return ModelCard.builder(
            "fake", InputSpec.builder("x", SizeRule.longEdge(8)).build(), output, labels)
        .file(ModelFormat.ONNX, Path.of("fake.onnx"))
        .build();
  }

  @Override
  public RuntimeInfo runtime() {
    requireOpen();
    return RuntimeInfo.of("fake", "Fake 1.0", Device.CPU, "").withAugmentation(augmentation);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
