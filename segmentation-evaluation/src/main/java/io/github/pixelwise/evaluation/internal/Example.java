package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.ImageResult;
import java.util.Optional;

/**
 * An image that a report shows.
 *
 * @param result what was counted on it
 * @param photograph the photograph; empty where masks alone are compared
 * @param truth the true mask
 * @param prediction the predicted mask, in classes of the data set
 */
public record Example(
    ImageResult result,
    Optional<RgbImage> photograph,
    CategoryMask truth,
    CategoryMask prediction) {}
