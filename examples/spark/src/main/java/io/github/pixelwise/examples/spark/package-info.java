/** Programs for a Spark cluster. */
package io.github.pixelwise.examples.spark;
