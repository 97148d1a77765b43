/**
 * Files that the library finds, checks, keeps in its cache and writes. Not exported to
 * applications.
 */
@NullMarked
package io.github.pixelwise.internal.file;

import org.jspecify.annotations.NullMarked;
