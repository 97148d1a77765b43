/** Reading and writing image files, and {@link java.awt.image.BufferedImage}, through ImageIO. */
@NullMarked
package io.github.pixelwise.imaging;

import org.jspecify.annotations.NullMarked;
