/**
 * Segmentation on a cluster: a Spark ML transformer, a job for folders of photographs, and an
 * aggregator for evaluation.
 */
@NullMarked
package io.github.pixelwise.spark;

import org.jspecify.annotations.NullMarked;
