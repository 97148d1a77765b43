package io.github.pixelwise.spring;

import io.github.pixelwise.SegmenterBuilder;

/**
 * Changes how the application's segmenter is opened, where properties are not enough: a model card
 * in the application's own jar, a preprocessor, or threads of its own. Beans of this type are
 * called once, in their {@linkplain org.springframework.core.annotation.Order order}, after the
 * properties and the listeners were applied, and before the segmenter is opened.
 */
@FunctionalInterface
public interface SegmenterBuilderCustomizer {
  /**
   * Changes the builder.
   *
   * @param builder opens the segmenter afterwards; not to be kept
   */
  void customize(SegmenterBuilder builder);
}
