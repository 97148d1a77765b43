/** The shared pipeline: resampling, decoding, model cards and discovery. Not exported. */
@NullMarked
package io.github.pixelwise.internal;

import org.jspecify.annotations.NullMarked;
