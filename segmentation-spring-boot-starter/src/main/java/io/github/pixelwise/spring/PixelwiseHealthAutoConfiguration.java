package io.github.pixelwise.spring;

import io.github.pixelwise.Segmenter;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/** Adds the health of all segmenters: {@code pixelwise} in the health endpoint. */
@AutoConfiguration(after = PixelwiseAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnBean(Segmenter.class)
@ConditionalOnEnabledHealthIndicator("pixelwise")
final class PixelwiseHealthAutoConfiguration
    extends CompositeHealthContributorConfiguration<SegmenterHealthIndicator, Segmenter> {
  PixelwiseHealthAutoConfiguration() {
    super(SegmenterHealthIndicator::new);
  }

  @Bean
  @ConditionalOnMissingBean(name = {"pixelwiseHealthIndicator", "pixelwiseHealthContributor"})
  HealthContributor pixelwiseHealthContributor(ConfigurableListableBeanFactory beans) {
    return createContributor(beans, Segmenter.class);
  }
}
