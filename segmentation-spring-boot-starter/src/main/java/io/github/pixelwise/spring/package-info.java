/**
 * A segmenter in a Spring Boot application: {@link
 * io.github.pixelwise.spring.PixelwiseAutoConfiguration} opens it as the properties {@code
 * pixelwise.*} say.
 */
@NullMarked
package io.github.pixelwise.spring;

import org.jspecify.annotations.NullMarked;
