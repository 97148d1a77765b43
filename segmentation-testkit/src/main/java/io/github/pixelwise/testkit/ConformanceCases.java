package io.github.pixelwise.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The building blocks of the tests in {@link BackendConformance}. */
abstract class ConformanceCases {
  /** A name that occurs neither in file names nor in engines' messages. */
  static final String MODEL_NAME = "model-under-test";

  @TempDir Path folder;

  /**
   * Returns the backend.
   *
   * @return the provider under test, as {@link java.util.ServiceLoader} would make it
   */
  protected abstract BackendProvider provider();

  /**
   * Returns the device that the backend is tested on.
   *
   * @return the CPU, unless overridden; it must be available
   */
  protected Device device() {
    return Device.CPU;
  }

  /**
   * Returns a network in a format that the backend reads. Tests of a backend with its own format
   * write such a file, and name it on the model's card:
   *
   * <pre>{@code
   * Path file = folder.resolve(model.descriptor().name() + ".own");
   * Files.writeString(file, ...);
   * return model.descriptor().toBuilder().file(OwnBackend.FORMAT, file).build();
   * }</pre>
   *
   * <p>There, {@code folder} is for example a static {@code @TempDir} of the tests. Inputs are
   * called {@code image} and outputs {@code out}; {@link MicroModel#TWO_OUTPUTS} also has {@code
   * aux}. Called several times for a model. The file of {@link MicroModel#AFFINE} is also damaged:
   * one that is cut in half, emptied, or replaced with noise or other text must not open.
   *
   * @param model the network, whose output must match {@link MicroModel#expected}; never one that
   *     {@link #limits} exclude
   * @return a card like {@link MicroModel#descriptor}, which is returned by default
   * @throws IOException if the file cannot be written
   */
  protected ModelCard fixture(MicroModel model) throws IOException {
    return model.descriptor();
  }

  /**
   * Returns what the engine cannot do by design.
   *
   * @return nothing, unless overridden
   */
  protected Set<Limit> limits() {
    return Set.of();
  }

  /**
   * Returns how far the engine's scores may differ from those of {@link MicroModel#expected}.
   *
   * @return 0.00001, or 0.01 with the limit {@link Limit#HALF_PRECISION}, unless overridden
   */
  protected float tolerance() {
    return limits().contains(Limit.HALF_PRECISION) ? 1e-2f : 1e-5f;
  }

  ModelCard card(MicroModel model) throws IOException {
    ModelCard card = fixture(model);
    return card(card, card.input(), card.output(), card.labels());
  }

  static ModelCard card(ModelCard model, InputSpec input, OutputSpec output, LabelMap labels) {
    ModelCard.Builder card = ModelCard.builder(MODEL_NAME, input, output, labels);
    model.files().forEach(card::file);
    return card.build();
  }

  ModelFormat format(ModelCard card) {
    return provider().formats().stream()
        .filter(format -> card.file(format).isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "backend %s reads %s, but its fixtures come as %s"
                        .formatted(provider().name(), provider().formats(), card.files())));
  }

  /** The network in the backend's format, copied out of the test kit's jar. */
  Path file(ModelCard card) {
    URI location = card.file(format(card)).orElseThrow().location();
    String name = location.toString().replaceFirst(".*/", "");
    Path file = folder.resolve(name);
    try (InputStream in = location.toURL().openStream()) {
      if (Files.notExists(file)) {
        Files.copy(in, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  BackendContext.Builder context(ModelCard card) {
    return BackendContext.builder(provider(), card, format(card), file(card)).device(device());
  }

  InferenceSession open(MicroModel model) throws IOException {
    return open(fixture(model));
  }

  InferenceSession open(ModelCard card) {
    return provider().open(context(card).build());
  }

  /** An input of this size, or of the only size that the fixture takes. */
  FloatTensor input(MicroModel model, long seed, int batch, int width, int height) {
    if (!limits().contains(Limit.FIXED_SHAPES)) {
      return model.input(seed, batch, width, height);
    }
    SizeRule size;
    try {
      size = fixture(model).input().size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(size.kind()).as("size on the card of %s", model).isEqualTo(SizeRule.Kind.FIXED);
    return model.input(seed, batch, size.width(), size.height());
  }

  void assumeNot(Limit limit) {
    assumeFalse(
        limits().contains(limit),
        () -> "skipped: backend %s has the limit %s".formatted(provider().name(), limit));
  }

  /** Skips a case whose network cannot be written for this backend. */
  void assumeExpressible(MicroModel model) {
    switch (model) {
      case TWO_OUTPUTS -> assumeNot(Limit.ONE_OUTPUT);
      case CATEGORIES -> assumeNot(Limit.NO_CATEGORIES);
      case CHANNELS_LAST -> assumeNot(Limit.NO_CHANNELS_LAST);
      default -> {
        // Every backend can run the others.
      }
    }
  }

  SegmenterBuilder segmenter(ModelCard card) {
    return Segmenter.builder().model(card).backend(provider().name()).device(device());
  }

  void assertAnswer(InferenceSession session, MicroModel model, FloatTensor input) {
    assertClose(
        "answer of %s to %s".formatted(model, input), session.run(input), model.expected(input));
  }

  void assertClose(FloatTensor actual, FloatTensor expected) {
    assertClose("answer", actual, expected);
  }

  private void assertClose(String what, FloatTensor actual, FloatTensor expected) {
    assertThat(actual.shape()).as("shape of the %s", what).isEqualTo(expected.shape());
    float[] found = actual.toFloatArray();
    float[] wanted = expected.toFloatArray();
    // A report of whole arrays takes minutes to make, and nobody reads it.
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found[i])
          .as("number %d of the %s", i, what)
          .isCloseTo(wanted[i], within(tolerance()));
    }
  }
}
