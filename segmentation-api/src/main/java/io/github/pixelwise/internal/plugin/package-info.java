/** Finding plug-ins, choosing a backend and starting an engine. Not exported to applications. */
@NullMarked
package io.github.pixelwise.internal.plugin;

import org.jspecify.annotations.NullMarked;
