/** The files and texts of reports and comparisons. Not exported. */
@NullMarked
package io.github.pixelwise.evaluation.report;

import org.jspecify.annotations.NullMarked;
