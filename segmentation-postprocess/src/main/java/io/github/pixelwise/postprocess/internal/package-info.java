/** The runs and the connected components of masks. */
@NullMarked
package io.github.pixelwise.postprocess.internal;

import org.jspecify.annotations.NullMarked;
