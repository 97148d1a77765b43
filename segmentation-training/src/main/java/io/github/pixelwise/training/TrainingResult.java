package io.github.pixelwise.training;

import io.github.pixelwise.model.ModelCard;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * The outcome of a training.
 *
 * @param folder the run's folder
 * @param model the model's card, which {@code Segmenter.builder().model(card)} opens
 * @param epoch the epoch that the model is from: the best one, the last one without validation
 * @param meanIou its mean IoU on the validation data, 0 to 1; empty without validation
 * @param stoppedEarly whether the recipe's patience ended the run before its last epoch
 */
public record TrainingResult(
    Path folder, ModelCard model, int epoch, OptionalDouble meanIou, boolean stoppedEarly) {}
