package io.github.pixelwise;

import java.time.Duration;
import java.util.Objects;

/** How long each stage took for one image. */
public final class Timings {
  private final Duration preprocessing;
  private final Duration inference;
  private final Duration decoding;

  /** Zero times, for results that do not come from a segmenter. */
  public static final Timings NONE = new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  private Timings(Duration preprocessing, Duration inference, Duration decoding) {
    this.preprocessing = preprocessing;
    this.inference = inference;
    this.decoding = decoding;
  }

  /**
   * Creates timings.
   *
   * @param preprocessing from image to tensor
   * @param inference in the backend, including the wait for it
   * @param decoding from scores to mask
   * @return the timings
   */
  public static Timings of(Duration preprocessing, Duration inference, Duration decoding) {
    return new Timings(preprocessing, inference, decoding);
  }

  /** {@return the time from image to tensor} */
  public Duration preprocessing() {
    return preprocessing;
  }

  /** {@return the time in the backend, including the wait for it} */
  public Duration inference() {
    return inference;
  }

  /** {@return the time from scores to mask} */
  public Duration decoding() {
    return decoding;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Timings that
        && preprocessing.equals(that.preprocessing)
        && inference.equals(that.inference)
        && decoding.equals(that.decoding);
  }

  @Override
  public int hashCode() {
    return Objects.hash(preprocessing, inference, decoding);
  }

  @Override
  public String toString() {
    return "Timings[preprocessing=%s, inference=%s, decoding=%s]"
        .formatted(preprocessing, inference, decoding);
  }
}
