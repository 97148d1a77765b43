/**
 * How good a model is on a data set: {@link io.github.pixelwise.evaluation.Evaluation} runs a model
 * over a {@link io.github.pixelwise.evaluation.dataset.Dataset} and counts.
 */
@NullMarked
package io.github.pixelwise.evaluation;

import org.jspecify.annotations.NullMarked;
