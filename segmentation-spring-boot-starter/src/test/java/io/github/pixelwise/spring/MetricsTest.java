package io.github.pixelwise.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.micrometer.SegmenterMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MetricsTest {
  @TempDir private Path folder;

  private ApplicationContextRunner withMetricsOfSpringBoot() throws IOException {
    return Runners.tiny(folder)
        .withConfiguration(
            AutoConfigurations.of(
                MetricsAutoConfiguration.class,
                CompositeMeterRegistryAutoConfiguration.class,
                SimpleMetricsExportAutoConfiguration.class));
  }

  @Test
  void timePhotosInTheRegistryOfSpringBoot() throws IOException {
    withMetricsOfSpringBoot()
        .run(
            context -> {
              context.getBean(Segmenter.class).segment(Runners.photo());
              assertThat(
                      context
                          .getBean(MeterRegistry.class)
                          .get("pixelwise.segment")
                          .tags("model", "affine", "stage", "inference")
                          .timer()
                          .count())
                  .isOne();
            });
  }

  @Test
  void timeOpening() throws IOException {
    withMetricsOfSpringBoot()
        .run(
            context ->
                assertThat(
                        context.getBean(MeterRegistry.class).get("pixelwise.open").timer().count())
                    .isOne());
  }

  @Test
  void areThoseOfTheApplicationIfItHasItsOwn() throws IOException {
    SegmenterMetrics own = new SegmenterMetrics(new SimpleMeterRegistry());
    withMetricsOfSpringBoot()
        .withBean("own", SegmenterMetrics.class, () -> own)
        .run(context -> assertThat(context).getBean(SegmenterMetrics.class).isSameAs(own));
  }

  @Test
  void areLeftOutWithoutARegistry() throws IOException {
    Runners.tiny(folder)
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(Segmenter.class)
                    .doesNotHaveBean(SegmenterMetrics.class));
  }

  @Test
  void areLeftOutWithoutMicrometer() throws IOException {
    Runners.application(folder)
        .withClassLoader(Runners.without("io.micrometer"))
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(Segmenter.class)
                    .doesNotHaveBean("segmenterMetrics"));
  }

  @Test
  void areLeftOutIfDisabled() throws IOException {
    withMetricsOfSpringBoot()
        .withPropertyValues("pixelwise.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(SegmenterMetrics.class));
  }
}
