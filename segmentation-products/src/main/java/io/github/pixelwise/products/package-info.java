/**
 * One {@link io.github.pixelwise.products.Recipe} for any number of photographs: how to segment
 * each photograph and which files to write. Programs that use the same recipe write the same bytes.
 */
@NullMarked
package io.github.pixelwise.products;

import org.jspecify.annotations.NullMarked;
