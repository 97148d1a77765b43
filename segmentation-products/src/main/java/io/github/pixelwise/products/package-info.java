/**
 * One {@link io.github.pixelwise.products.Recipe} for any number of photographs: what becomes of
 * each, and which files show it. Programs that share a recipe write the same bytes.
 */
@NullMarked
package io.github.pixelwise.products;

import org.jspecify.annotations.NullMarked;
