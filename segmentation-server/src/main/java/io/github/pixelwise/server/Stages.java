package io.github.pixelwise.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How long each step of a request took. Used by one thread after another. */
final class Stages {
  private final Map<String, Duration> times = new LinkedHashMap<>();
  private long begun = System.nanoTime();

  /** Ends a step, and begins the next one. */
  void end(String step) {
    long now = System.nanoTime();
    add(step, Duration.ofNanos(now - begun));
    begun = now;
  }

  /** Adds a step that was timed elsewhere. */
  void add(String step, Duration time) {
    times.merge(step, time, Duration::plus);
  }

  /** Begins the next step now; the time since the last one belongs to none. */
  void begin() {
    begun = System.nanoTime();
  }

  Map<String, Duration> times() {
    return Map.copyOf(times);
  }

  /** The value of the header field {@code Server-Timing}. */
  String serverTiming() {
    return times.entrySet().stream()
        .map(
            step ->
                String.format(
                    Locale.ROOT, "%s;dur=%.1f", step.getKey(), step.getValue().toNanos() / 1e6))
        .collect(Collectors.joining(", "));
  }
}
