/**
 * The conformance tests that every backend passes, small models of known answers, and a reference
 * backend in plain Java.
 */
@NullMarked
package io.github.pixelwise.testkit;

import org.jspecify.annotations.NullMarked;
