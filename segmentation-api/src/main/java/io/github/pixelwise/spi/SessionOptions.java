package io.github.pixelwise.spi;

import io.github.pixelwise.Device;
import java.util.Objects;

/**
 * How a backend is to run a network.
 *
 * @param device the device asked for
 * @param threads the threads one run may use on the CPU, 1 to 1024; 0 leaves it to the engine
 */
public record SessionOptions(Device device, int threads) {
  /** The best device, and as many threads as the engine thinks fit. */
  public static final SessionOptions DEFAULT = new SessionOptions(Device.AUTO, 0);

  /**
   * Creates options.
   *
   * @throws IllegalArgumentException if the number of threads lies outside 0..1024
   */
  public SessionOptions {
    Objects.requireNonNull(device, "device");
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException("threads must lie in 0..1024, found " + threads);
    }
  }
}
