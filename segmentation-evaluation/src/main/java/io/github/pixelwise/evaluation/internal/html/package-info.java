/** What pages are made of, here and in training. Exported to training only. */
@NullMarked
package io.github.pixelwise.evaluation.internal.html;

import org.jspecify.annotations.NullMarked;
