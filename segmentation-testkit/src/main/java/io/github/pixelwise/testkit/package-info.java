/**
 * The conformance tests that every backend passes, small models of known answers, and a reference
 * backend in plain Java.
 *
 * <p>A backend's tests need the artifact {@code pixelwise-testkit}, which brings JUnit Jupiter and
 * AssertJ. They extend {@link io.github.pixelwise.testkit.BackendConformance} and {@link
 * io.github.pixelwise.testkit.CardConformance}.
 */
@NullMarked
package io.github.pixelwise.testkit;

import org.jspecify.annotations.NullMarked;
