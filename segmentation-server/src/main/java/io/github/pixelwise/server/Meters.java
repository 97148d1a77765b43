package io.github.pixelwise.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What the server counts and times, as Prometheus reads it. docs/server.md lists the meters. */
final class Meters {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  Meters(WorkQueue queue, ByteBudget received, ByteBudget sent) {
    Gauge.builder("pixelwise.server.waiting", queue, WorkQueue::waiting)
        .description("Requests that wait for a worker")
        .register(registry);
    Gauge.builder("pixelwise.server.running", queue, WorkQueue::running)
        .description("Requests that are worked on")
        .register(registry);
    held(received, "received");
    held(sent, "sent");
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private void held(ByteBudget bytes, String direction) {
    Gauge.builder("pixelwise.server.held", bytes, ByteBudget::held)
        .description("Bytes of requests and answers in memory")
        .baseUnit("bytes")
        .tag("direction", direction)
        .register(registry);
  }

  /** Counts a request that was answered, or whose client went away (status 499). */
  void answered(String route, int status, Duration time) {
    Timer.builder("pixelwise.server.requests")
        .description("Requests, from their header to their answer")
        .tag("route", route)
        .tag("status", String.valueOf(status))
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(5))
        .maximumExpectedValue(Duration.ofMinutes(2))
        .register(registry)
        .record(time);
  }

  /** Times the steps of a photo. */
  void segmented(String model, String backend, Stages stages) {
    stages
        .times()
        .forEach(
            (step, time) ->
                Timer.builder("pixelwise.server.steps")
                    .description("The steps of segmenting a photo")
                    .tag("step", step)
                    .tag("model", model)
                    .tag("backend", backend)
                    .register(registry)
                    .record(time));
  }

  Answer answer() {
    return Answer.of(CONTENT_TYPE, registry.scrape().getBytes(StandardCharsets.UTF_8));
  }

  void close() {
    registry.close();
  }
}
