package io.github.pixelwise.spring;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.SegmenterListener;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * Opens the application's {@link Segmenter} as the properties {@code pixelwise.*} say, unless the
 * application has a bean of that type itself.
 *
 * <p>It is opened when the application starts, so that what is wrong ends the start, and the first
 * photograph is as fast as all others; {@code spring.main.lazy-initialization} defers that. It is
 * closed with the application, after calls in flight. All threads may share it.
 *
 * <p>Beans of the type {@link SegmenterListener} are its listeners, and {@link
 * SegmenterBuilderCustomizer}s change how it is opened.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "pixelwise.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PixelwiseProperties.class)
public final class PixelwiseAutoConfiguration {
  PixelwiseAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  Segmenter segmenter(
      PixelwiseProperties properties,
      ResourceLoader resources,
      ObjectProvider<SegmenterListener> listeners,
      ObjectProvider<SegmenterBuilderCustomizer> customizers) {
    // The application's own: the context class loader of this thread may be another one.
    ClassLoader loader =
        Objects.requireNonNullElseGet(
            resources.getClassLoader(),
            () -> Objects.requireNonNull(ClassUtils.getDefaultClassLoader(), "class loader"));
    SegmenterFactory factory = new SegmenterFactory(properties, loader);
    SegmenterBuilder builder = factory.builder();
    listeners.orderedStream().forEach(builder::listener);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return factory.open(builder);
  }
}
