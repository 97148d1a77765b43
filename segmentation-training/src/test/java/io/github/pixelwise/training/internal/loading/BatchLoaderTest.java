package io.github.pixelwise.training.internal.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.training.augment.Augmentation;
import io.github.pixelwise.training.augment.AugmentedSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class BatchLoaderTest {
  private static final InputSpec INPUT =
      InputSpec.builder("input", SizeRule.fixed(512, 512)).imageNet().build();

  private static final Augmentation AUGMENTATION =
      Augmentation.builder()
          .scale(0.5, 2)
          .rotation(20, 0.5)
          .crop(16, 12)
          .flip(0.5)
          .brightness(0.8, 1.2)
          .blur(0.1, 1, 0.5)
          .build();

  private final Samples samples = new Samples(20, 15);

  private static SampleLoader loader(Dataset dataset) {
    return SampleLoader.of(dataset, AUGMENTATION, "net", INPUT, 3);
  }

  private static BatchLoader open(Dataset dataset, int batchSize, int threads) {
    return new BatchLoader(
        loader(dataset),
        Sampling.shuffled(dataset.samples().size(), batchSize, 3),
        threads,
        0,
        0,
        2);
  }

  /** What a batch consists of, for comparison. */
  private record Content(
      int epoch, int index, FloatTensor images, List<Integer> targets, List<String> names) {
    static Content of(Batch batch) {
      return new Content(
          batch.epoch(),
          batch.index(),
          batch.images(),
          Arrays.stream(batch.targets()).boxed().toList(),
          batch.names());
    }
  }

  private static List<Content> next(BatchLoader loader, int count) throws Exception {
    List<Content> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batches.add(Content.of(loader.next()));
    }
    return batches;
  }

  @Test
  void makesBatchesOfAugmentedSamplesAsTheNetworkSeesThem() throws Exception {
    Dataset dataset = samples.dataset(5);
    Pick pick = Sampling.shuffled(5, 2, 3).batch(0, 0).get(1);
    AugmentedSample second = loader(dataset).augmented(pick);
    InputSpec cropped = InputSpec.builder("input", SizeRule.fixed(16, 12)).imageNet().build();

    try (BatchLoader loader = open(dataset, 2, 1)) {
      Batch batch = loader.next();

      assertThat(batch.images().shape()).containsExactly(2, 3, 12, 16);
      assertThat(FloatTensor.of(batch.images().image(1, 2), 1, 3, 12, 16))
          .isEqualTo(Preprocessor.from(cropped).prepare(second.photo()).tensor());
      assertThat(batch.targets()).hasSize(2 * 12 * 16);
      assertThat(Arrays.copyOfRange(batch.targets(), 12 * 16, 2 * 12 * 16))
          .isEqualTo(second.mask().toIntArray());
      assertThat(batch.names().get(1)).isEqualTo(Integer.toString(pick.sample()));
    }
  }

  @Test
  void makesTheSameBatchesWithAnyNumberOfThreads() throws Exception {
    Dataset dataset = samples.dataset(11);
    try (BatchLoader one = open(dataset, 3, 1);
        BatchLoader seven = open(dataset, 3, 7)) {
      List<Content> batches = next(one, 6);

      assertThat(next(seven, 6)).isEqualTo(batches);
      assertThat(batches.stream().map(Content::epoch)).containsExactly(0, 0, 0, 1, 1, 1);
      assertThat(batches.stream().map(Content::index)).containsExactly(0, 1, 2, 0, 1, 2);
    }
  }

  @Test
  void makesOtherBatchesOfAnotherSeed() throws Exception {
    Dataset dataset = samples.dataset(4);
    Sampling sampling = Sampling.shuffled(4, 2, 3);
    SampleLoader other = SampleLoader.of(dataset, AUGMENTATION, "net", INPUT, 4);
    try (BatchLoader first = open(dataset, 2, 1);
        BatchLoader second = new BatchLoader(other, sampling, 1, 0, 0, 1)) {
      Batch expected = first.next();
      Batch found = second.next();

      assertThat(found.names()).isEqualTo(expected.names());
      assertThat(found.images()).isNotEqualTo(expected.images());
    }
  }

  @Test
  void beginsAnywhereWithoutReadingWhatLiesBefore() throws Exception {
    Dataset dataset = samples.dataset(12);
    List<Content> all;
    try (BatchLoader loader = open(dataset, 3, 2)) {
      all = next(loader, 8);
    }
    samples.read.clear();

    try (BatchLoader loader =
        new BatchLoader(loader(dataset), Sampling.shuffled(12, 3, 3), 2, 1, 2, 2)) {
      List<Content> rest = next(loader, 2);

      assertThat(rest).isEqualTo(all.subList(6, 8));
      assertThat(samples.read)
          .containsExactlyInAnyOrderElementsOf(
              rest.stream().flatMap(batch -> batch.names().stream()).toList());
      assertThatThrownBy(loader::next)
          .isInstanceOf(NoSuchElementException.class)
          .hasMessage("there are no more batches after epoch 2");
    }
  }

  @Test
  void readsOnlySomeBatchesAhead() throws Exception {
    Dataset dataset = samples.dataset(100);
    try (BatchLoader loader = open(dataset, 2, 4)) {
      for (int taken = 1; taken <= 50; taken++) {
        loader.next();
        assertThat(samples.read).hasSizeLessThanOrEqualTo((taken + 3) * 2);
      }
    }
  }

  @Test
  void repeatsOnePhotographWithOtherChanges() throws Exception {
    try (BatchLoader loader = open(samples.dataset(1), 4, 2)) {
      Batch batch = loader.next();

      assertThat(batch.names()).containsExactly("0", "0", "0", "0");
      assertThat(batch.images().image(0, 4)).isNotEqualTo(batch.images().image(1, 4));
    }
  }

  @Test
  void turnsChannelsAroundAsTheNetworkWants() throws Exception {
    Dataset dataset = samples.dataset(1);
    Augmentation crop = Augmentation.builder().crop(20, 15).build();
    InputSpec bgr =
        InputSpec.builder("input", SizeRule.fixed(8, 8)).channelOrder(ChannelOrder.BGR).build();
    Pick pick = new Pick(0, 0, 0);

    FloatTensor tensor = SampleLoader.of(dataset, crop, "net", bgr, 1).prepared(pick).image();

    assertThat(tensor.buffer().get(0))
        .isCloseTo((dataset.samples().get(0).photograph().rgb(0, 0) & 0xff) / 255f, within(1e-6f));
  }

  @Test
  void stopsAtASampleThatCannotBeRead() throws Exception {
    List<Sample> all = new ArrayList<>(samples.dataset(3).samples());
    all.add(Samples.damaged("broken", "broken.jpg: the file is damaged"));

    try (BatchLoader loader = open(Samples.dataset(all), 4, 2)) {
      assertThatThrownBy(loader::next)
          .isInstanceOf(IOException.class)
          .hasMessage("broken.jpg: the file is damaged");
    }
  }

  @Test
  void reportsAValueThatIsNoClass() {
    Dataset dataset = Samples.dataset(List.of(samples.sample("strange", 0, 7)));
    String message =
        "the mask of strange has the value 7, which is no class: there are 3 classes, 0 to 2, and"
            + " 255 is void. Correct the mask, or the data set's classes.";

    assertThatThrownBy(() -> loader(dataset).prepared(new Pick(0, 0, 0)))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> ClassPresence.of(dataset, 2))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void reportsAMaskOfAnotherSize() throws Exception {
    Sample sample = samples.sample("odd", 0);
    Sample odd =
        new Sample() {
          @Override
          public String name() {
            return sample.name();
          }

          @Override
          public RgbImage photograph() throws IOException {
            return sample.photograph();
          }

          @Override
          public CategoryMask truth() {
            return CategoryMask.copyOf(2, 1, new int[2]);
          }
        };

    assertThatThrownBy(() -> loader(Samples.dataset(List.of(odd))).prepared(new Pick(0, 0, 0)))
        .isInstanceOf(IOException.class)
        .hasMessage("the mask of odd has 2 x 1 pixels, its photograph 20 x 15");
  }

  @Test
  void needsACrop() {
    assertThatThrownBy(
            () -> SampleLoader.of(samples.dataset(1), Augmentation.none(), "net", INPUT, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the photographs of a batch must have one size, but the augmentation has no crop. Set"
                + " one, such as crop(480, 480).");
  }

  @Test
  void namesAPreprocessorThatIsMissing() {
    InputSpec lab =
        InputSpec.builder("input", SizeRule.fixed(8, 8))
            .channelOrder(ChannelOrder.BGR)
            .preprocessor("bgr-lab")
            .build();

    assertThatThrownBy(
            () -> SampleLoader.of(samples.dataset(1), AUGMENTATION, "separable-residual", lab, 1))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(
            "model separable-residual needs the preprocessor \"bgr-lab\"; the class path has none."
                + " Add its jar (bgr-lab is in io.github.pixelwise:pixelwise-zoo)");
  }

  @Test
  void measuresTheWaiting() throws Exception {
    try (BatchLoader loader = open(samples.dataset(4), 2, 1)) {
      assertThat(loader.waited()).isZero();
      loader.next();
      assertThat(loader.waited()).isPositive();
    }
  }

  @Test
  void endsItsThreads() throws Exception {
    try (BatchLoader loader = open(samples.dataset(40), 2, 3)) {
      loader.next();
    }

    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("pixelwise-training-data")) {
        thread.join(10_000); // it has left its pool, but may not have ended yet
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }
}
