package io.github.pixelwise.evaluation;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.util.List;

/**
 * What was evaluated on what. Two runs may be joined if this is equal.
 *
 * @param dataset the data set's name
 * @param samples the number of its samples
 * @param predictor the model, backend and device, or the folder of predictions
 * @param labels the data set's classes
 * @param palette their colors
 * @param boundary the width of boundaries: pixels, {@code auto}, or {@code none}
 * @param calibration whether there are confidences
 * @param notes what a reader must know to understand the numbers
 */
record RunInfo(
    String dataset,
    int samples,
    String predictor,
    LabelMap labels,
    Palette palette,
    String boundary,
    boolean calibration,
    List<String> notes) {}
