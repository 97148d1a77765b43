/** What a plug-in implements: backends that run models, and jars that bring models by name. */
@NullMarked
package io.github.pixelwise.spi;

import org.jspecify.annotations.NullMarked;
