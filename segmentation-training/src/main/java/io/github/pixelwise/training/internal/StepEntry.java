package io.github.pixelwise.training.internal;

/**
 * What is known after a step.
 *
 * @param step the step, counted over the whole run from 1
 * @param epoch its epoch, from 1
 * @param loss its loss
 * @param rate its learning rate
 */
public record StepEntry(long step, int epoch, double loss, double rate) {}
