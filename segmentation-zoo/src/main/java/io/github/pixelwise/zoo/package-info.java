/** Published models to fetch by name or from the Hugging Face Hub, and Hugging Face folders. */
@NullMarked
package io.github.pixelwise.zoo;

import org.jspecify.annotations.NullMarked;
