/** What several packages need and no package is about. Not exported to applications. */
@NullMarked
package io.github.pixelwise.internal.util;

import org.jspecify.annotations.NullMarked;
