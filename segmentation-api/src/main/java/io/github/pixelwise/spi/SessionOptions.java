package io.github.pixelwise.spi;

import io.github.pixelwise.Device;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a backend is to run a network.
 *
 * @param device the device asked for
 * @param threads the threads one run may use on the CPU, 1 to 1024; 0 leaves it to the engine
 * @param settings what one engine alone knows, by names that begin with the backend's name and a
 *     dot, for example {@code onnx.cuda.memory-limit}; sorted and unmodifiable. A backend refuses
 *     those of its own that it does not know, and ignores those of others, so that one backend can
 *     be exchanged for another
 */
public record SessionOptions(Device device, int threads, Map<String, String> settings) {
  /** The best device, and as many threads as the engine thinks fit. */
  public static final SessionOptions DEFAULT = new SessionOptions(Device.AUTO, 0, Map.of());

  /**
   * Creates options.
   *
   * @param device the device asked for
   * @param threads the threads one run may use on the CPU, 1 to 1024; 0 leaves it to the engine
   * @param settings what one engine alone knows, by names that begin with the backend's name and a
   *     dot, for example {@code onnx.cuda.memory-limit}; sorted and unmodifiable. A backend refuses
   *     those of its own that it does not know, and ignores those of others, so that one backend
   *     can be exchanged for another
   * @throws IllegalArgumentException if the number of threads lies outside 0..1024, or the name of
   *     a setting does not begin with that of a backend
   */
  public SessionOptions {
    Objects.requireNonNull(device, "device");
    if (threads < 0 || threads > 1024) {
      throw new IllegalArgumentException("threads must lie in 0..1024, found " + threads);
    }
    // The copy finds nulls, and the order makes errors the same every time.
    settings = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(settings)));
    for (String name : settings.keySet()) {
      if (!name.matches("[a-z][a-z0-9-]*\\..+")) {
        throw new IllegalArgumentException(
            "a setting is called BACKEND.NAME, for example onnx.cuda.memory-limit, found \"%s\""
                .formatted(name));
      }
    }
  }

  /**
   * Refuses settings of a backend that has none.
   *
   * @param backend the backend's name
   * @throws IllegalArgumentException if there is a setting whose name begins with the backend's
   */
  public void requireNoSettingsOf(String backend) {
    for (String name : settings.keySet()) {
      if (name.startsWith(backend + ".")) {
        throw new IllegalArgumentException(
            "backend %s has no settings, found %s".formatted(backend, name));
      }
    }
  }
}
