/** Measures how fast Pixelwise is, part by part and compared with other pipelines. */
@NullMarked
package io.github.pixelwise.benchmarks;

import org.jspecify.annotations.NullMarked;
