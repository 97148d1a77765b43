/** TorchScript for training, and reports. Not exported. */
@NullMarked
package io.github.pixelwise.training.internal;

import org.jspecify.annotations.NullMarked;
