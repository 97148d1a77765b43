package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.util.Optional;

/**
 * The classes of a data set.
 *
 * @param labels their names
 * @param palette their colors in reports
 * @param rules which values of files they are
 * @param colors which colors of masks they are; empty if masks have indices
 * @param background the class of pixels in no shape; void where there are masks
 */
record Classes(
    LabelMap labels,
    Palette palette,
    ClassRules rules,
    Optional<ClassRules.Colors> colors,
    int background) {}
