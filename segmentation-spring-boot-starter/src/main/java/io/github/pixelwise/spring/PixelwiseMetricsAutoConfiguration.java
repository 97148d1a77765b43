package io.github.pixelwise.spring;

import io.github.pixelwise.micrometer.SegmenterMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Adds {@link SegmenterMetrics}, which are a listener, if there is a registry for meters. */
@AutoConfiguration(
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "pixelwise.enabled", matchIfMissing = true)
final class PixelwiseMetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  SegmenterMetrics segmenterMetrics(MeterRegistry registry) {
    return new SegmenterMetrics(registry);
  }
}
