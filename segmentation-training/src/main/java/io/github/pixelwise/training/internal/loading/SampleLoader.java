package io.github.pixelwise.training.internal.loading;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Parallelism;
import io.github.pixelwise.Preprocessor;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.training.augment.Augmentation;
import io.github.pixelwise.training.augment.AugmentedSample;
import java.io.IOException;

/** Turns samples into a network's input and its targets. May be used by several threads. */
public final class SampleLoader {
  private final Dataset dataset;
  private final Augmentation augmentation;
  private final Preprocessor preprocessor;
  private final long seed;

  /**
   * A sample, ready for a network.
   *
   * @param name the sample's name
   * @param image the network's input, {@code [1 x C x height x width]}
   * @param mask the targets, of the input's size
   */
  public record Prepared(String name, FloatTensor image, CategoryMask mask) {}

  private SampleLoader(
      Dataset dataset, Augmentation augmentation, Preprocessor preprocessor, long seed) {
    this.dataset = dataset;
    this.augmentation = augmentation;
    this.preprocessor = preprocessor;
    this.seed = seed;
  }

  /**
   * Prepares the loading of samples.
   *
   * @param dataset the samples
   * @param augmentation how they are changed; it must have a crop
   * @param network the network's name, for messages
   * @param input the network's input; photographs are normalized as it says, at the crop's size
   * @param seed the seed of the augmentation
   * @throws IllegalArgumentException if the augmentation has no crop
   * @throws ModelLoadException if the input names a preprocessor that is not on the class path
   */
  public static SampleLoader of(
      Dataset dataset, Augmentation augmentation, String network, InputSpec input, long seed) {
    SizeRule crop =
        augmentation
            .crop()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the photographs of a batch must have one size, but the augmentation has no"
                            + " crop. Set one, such as crop(480, 480)."));
    return new SampleLoader(
        dataset,
        augmentation.forNetwork(input, dataset.labels()),
        // One thread, because several samples are prepared at once.
        Catalog.load().preprocessor(network, ofSize(input, crop), Parallelism.common().atMost(1)),
        seed);
  }

  /** The same input, at one size and as planes. */
  private static InputSpec ofSize(InputSpec input, SizeRule size) {
    InputSpec.Builder builder =
        InputSpec.builder(input.name(), size)
            .channelOrder(input.channelOrder())
            .scale(input.scale())
            .mean(input.mean().stream().mapToDouble(Double::doubleValue).toArray())
            .std(input.std().stream().mapToDouble(Double::doubleValue).toArray());
    input.preprocessor().ifPresent(builder::preprocessor);
    return builder.build();
  }

  public Dataset dataset() {
    return dataset;
  }

  /**
   * Reads a sample and changes it as its place says.
   *
   * @throws IOException if it cannot be read, or its mask does not fit; the message names it
   */
  public AugmentedSample augmented(Pick pick) throws IOException {
    Sample sample = dataset.samples().get(pick.sample());
    CategoryMask mask = sample.truth();
    RgbImage photo = sample.photograph();
    if (mask.width() != photo.width() || mask.height() != photo.height()) {
      throw new IOException(
          "the mask of %s has %s x %s pixels, its photograph %s x %s"
              .formatted(
                  sample.name(), mask.width(), mask.height(), photo.width(), photo.height()));
    }
    AugmentedSample augmented = augmentation.apply(photo, mask, pick.random(seed));
    ClassPresence.requireClasses(sample.name(), augmented.mask(), dataset.labels());
    return augmented;
  }

  /**
   * Reads a sample, changes it, and prepares it for the network.
   *
   * @throws IOException as {@link #augmented} does
   */
  public Prepared prepared(Pick pick) throws IOException {
    AugmentedSample augmented = augmented(pick);
    return new Prepared(
        dataset.samples().get(pick.sample()).name(),
        preprocessor.prepare(augmented.photo()).tensor(),
        augmented.mask());
  }
}
