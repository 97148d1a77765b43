/** How fast Pixelwise is, part by part and beside other pipelines. */
@NullMarked
package io.github.pixelwise.benchmarks;

import org.jspecify.annotations.NullMarked;
