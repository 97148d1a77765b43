/**
 * The segmenter of every backend, its preprocessing and its batches. Not exported to applications.
 */
@NullMarked
package io.github.pixelwise.internal.pipeline;

import org.jspecify.annotations.NullMarked;
