/** The embedded models. */
@NullMarked
package io.github.pixelwise.models;

import org.jspecify.annotations.NullMarked;
