package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.RgbaImage;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Compositing;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A minimal first program. */
class FirstLinesTest {
  @Test
  void opensTheEmbeddedModelAndCutsOutTheCat() throws IOException {
    RgbImage photo = Images.read(Path.of("../examples/photos/chelsea.png"));
    try (Segmenter segmenter = Segmenter.open()) {
      SegmentationResult result = segmenter.segment(photo);
      RgbaImage cat = Compositing.cutout(photo, result, "cat");

      assertThat(segmenter.model().name()).isEqualTo(Segmenter.DEFAULT_MODEL);
      assertThat(result.contains("cat")).isTrue();
      assertThat(result.contains("dog")).isFalse();
      assertThat(result.shares().keySet()).startsWith("cat", "background");
      assertThat(cat.argb(225, 150)).isEqualTo(0xff000000 | photo.rgb(225, 150));
      assertThat(cat.argb(440, 10)).isZero();
    }
  }
}
