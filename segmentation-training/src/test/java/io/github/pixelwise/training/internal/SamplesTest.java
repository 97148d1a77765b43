package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.imaging.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  @TempDir Path folder;

  /** A white photo whose left half is class 1. */
  record Half(String name, int width, int height) implements Sample {
    @Override
    public RgbImage photograph() {
      byte[] rgb = new byte[3 * width * height];
      Arrays.fill(rgb, (byte) 255);
      return RgbImage.of(width, height, rgb);
    }

    @Override
    public CategoryMask truth() {
      return CategoryMask.copyOf(
          width,
          height,
          IntStream.range(0, width * height).map(i -> i % width < width / 2 ? 1 : 0).toArray());
    }
  }

  private Samples open(int epoch) throws IOException {
    return Samples.open(
        folder, List.of(new Half("a/b", 400, 200), new Half("b", 10, 20)), Palette.voc(), epoch);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("samples"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void choosesPhotosAtEqualDistances() {
    List<Sample> frames =
        IntStream.range(0, 13).<Sample>mapToObj(i -> new Half("frame " + i, 2, 2)).toList();

    assertThat(Samples.choose(frames))
        .extracting(Sample::name)
        .containsExactly("frame 0", "frame 2", "frame 4", "frame 6", "frame 8", "frame 10");
    assertThat(Samples.choose(frames.subList(0, 2))).isEqualTo(frames.subList(0, 2));
  }

  @Test
  void writesPhotosAndTruthsAtOnce() throws IOException {
    open(0);

    assertThat(files()).containsExactly("1-photo.png", "1-truth.png", "2-photo.png", "2-truth.png");
    RgbImage photo = Images.read(folder.resolve("samples/1-photo.png"));
    assertThat(photo.width()).isEqualTo(160);
    assertThat(photo.height()).isEqualTo(80);
    assertThat(photo.rgb(80, 40)).isEqualTo(0xffffff);
    RgbImage truth = Images.read(folder.resolve("samples/1-truth.png"));
    assertThat(truth.rgb(79, 79)).isEqualTo(0x800000);
    assertThat(truth.rgb(80, 0)).isZero();
    assertThat(Images.read(folder.resolve("samples/2-photo.png")).height()).isEqualTo(20);
  }

  @Test
  void keepsThePredictionsUpToTheCheckpoint() throws IOException {
    Samples samples = open(0);
    for (int epoch = 1; epoch <= 12; epoch++) {
      samples.add(epoch, 0, new Half("", 400, 200).truth());
      samples.add(epoch, 1, new Half("", 4, 4).truth());
    }
    byte[] prediction = samples.prediction(1, 2).orElseThrow();

    Samples resumed = open(2);

    assertThat(resumed.epochs()).containsExactly(1, 2);
    assertThat(files())
        .containsExactly(
            "1-epoch-1.png",
            "1-epoch-2.png",
            "1-photo.png",
            "1-truth.png",
            "2-epoch-1.png",
            "2-epoch-2.png",
            "2-photo.png",
            "2-truth.png");
    assertThat(resumed.prediction(1, 2)).hasValue(prediction);
    assertThat(resumed.prediction(1, 3)).isEmpty();
    assertThat(Images.read(prediction).rgb(4, 19)).isEqualTo(0x800000);
    assertThat(Images.read(prediction).rgb(5, 19)).isZero();
  }

  @Test
  void hasRoomForSixPhotos() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Samples.open(folder, Collections.nCopies(7, new Half("a", 1, 1)), Palette.voc(), 0))
        .withMessage("a report shows at most 6 photos, found 7");
  }

  @Test
  void showsTheFirstTheLastTheBestAndSomeBetween() {
    List<Integer> epochs = IntStream.rangeClosed(1, 30).boxed().toList();

    assertThat(HtmlSamples.chosen(epochs, OptionalInt.of(27)))
        .containsExactly(1, 8, 16, 23, 27, 30);
    assertThat(HtmlSamples.chosen(epochs, OptionalInt.empty())).containsExactly(1, 8, 16, 23, 30);
    assertThat(HtmlSamples.chosen(List.of(3), OptionalInt.of(1))).containsExactly(3);
    assertThat(HtmlSamples.chosen(List.of(1, 2), OptionalInt.of(2))).containsExactly(1, 2);
  }
}
