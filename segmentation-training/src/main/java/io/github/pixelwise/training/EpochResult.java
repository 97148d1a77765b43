package io.github.pixelwise.training;

import io.github.pixelwise.evaluation.SegmentationMetrics;
import java.util.Optional;

/**
 * The results of an epoch.
 *
 * @param epoch the epoch, from 1
 * @param loss the mean of its steps' losses
 * @param validation how good the model is on the validation data; empty if it was not asked
 * @param best whether the model is the best so far
 */
public record EpochResult(
    int epoch,
    double loss,
    Optional<SegmentationMetrics> validation,
    boolean best) {}
