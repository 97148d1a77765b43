@NullMarked
package io.github.pixelwise.benchmarks;

import org.jspecify.annotations.NullMarked;
