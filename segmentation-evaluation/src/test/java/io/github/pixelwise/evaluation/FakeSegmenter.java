package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.TestTimeAugmentation;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes each pixel's red for its category, with a confidence of 1. */
final class FakeSegmenter implements Segmenter {
  private final String name;
  private final LabelMap labels;
  private final AtomicInteger calls = new AtomicInteger();
  private TestTimeAugmentation augmentation = TestTimeAugmentation.NONE;

  FakeSegmenter(String name, String... labels) {
    this.name = name;
    this.labels = LabelMap.of(List.of(labels));
  }

  /** Sets what the runtime says of augmentation. */
  FakeSegmenter augmentation(TestTimeAugmentation augmentation) {
    this.augmentation = augmentation;
    return this;
  }

  /** A sample of one row. */
  static Sample sample(String name, int[] truth, int... prediction) {
    return new Sample() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public RgbImage photograph() {
        byte[] rgb = new byte[3 * prediction.length];
        for (int i = 0; i < prediction.length; i++) {
          rgb[3 * i] = (byte) prediction[i];
        }
        return RgbImage.of(prediction.length, 1, rgb);
      }

      @Override
      public CategoryMask truth() {
        return Reports.mask(truth);
      }
    };
  }

  /** How many photographs were segmented. */
  int calls() {
    return calls.get();
  }

  @Override
  public SegmentationResult segment(RgbImage image, SegmentationOptions options) {
    calls.incrementAndGet();
    int width = image.width();
    int[] categories = new int[width * image.height()];
    Arrays.setAll(categories, i -> image.rgb(i % width, i / width) >> 16);
    byte[] confidence = new byte[categories.length];
    Arrays.fill(confidence, (byte) 255);
    return SegmentationResult.builder(
            CategoryMask.copyOf(width, image.height(), categories), labels, Palette.voc())
        .confidence(ConfidenceMap.of(width, image.height(), confidence))
        .build();
  }

  @Override
  public ModelCard model() {
    return ModelCard.builder(
            name,
            InputSpec.builder("x", SizeRule.longEdge(8)).build(),
            OutputSpec.logits("y", 1),
            labels)
        .file(ModelFormat.ONNX, Path.of("fake.onnx"))
        .build();
  }

  @Override
  public RuntimeInfo runtime() {
    return RuntimeInfo.of("fake", "Fake 1.0", Device.CPU, "").withAugmentation(augmentation);
  }

  @Override
  public void close() {}
}
