/** What segmenters do, as meters of <a href="https://micrometer.io">Micrometer</a>. */
@NullMarked
package io.github.pixelwise.micrometer;

import org.jspecify.annotations.NullMarked;
