/** The networks of {@link io.github.pixelwise.network.Networks}, each as its paper has it. */
@NullMarked
package io.github.pixelwise.network.internal.architecture;

import org.jspecify.annotations.NullMarked;
