/** Small programs that show how to use the library. */
package io.github.pixelwise.examples;
