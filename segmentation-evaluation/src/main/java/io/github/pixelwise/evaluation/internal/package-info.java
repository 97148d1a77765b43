/** The files and texts of reports and comparisons. Not exported. */
@NullMarked
package io.github.pixelwise.evaluation.internal;

import org.jspecify.annotations.NullMarked;
