/** The backend on OpenCV's DNN module. */
@NullMarked
package io.github.pixelwise.opencv;

import org.jspecify.annotations.NullMarked;
