/** Published models to fetch by name, and Hugging Face folders. */
@NullMarked
package io.github.pixelwise.zoo;

import org.jspecify.annotations.NullMarked;
