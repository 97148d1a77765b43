/**
 * A server that segments photos sent over HTTP, with a page to try it in a browser. {@link
 * io.github.pixelwise.server.SegmentationServer} is where to begin.
 */
@NullMarked
package io.github.pixelwise.server;

import org.jspecify.annotations.NullMarked;
