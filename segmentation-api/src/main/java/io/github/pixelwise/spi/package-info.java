/**
 * The interfaces of plug-ins: backends that run models, and providers of models and preprocessors
 * by name.
 *
 * <p>A backend needs the artifact {@code pixelwise-api} alone. It implements {@link
 * io.github.pixelwise.spi.BackendProvider} and {@link io.github.pixelwise.spi.InferenceSession};
 * {@link io.github.pixelwise.spi.BackendContext} tells it what to open and makes its exceptions.
 * Its tests take the artifact {@code pixelwise-testkit} and extend {@code BackendConformance} and
 * {@code CardConformance}.
 */
@NullMarked
package io.github.pixelwise.spi;

import org.jspecify.annotations.NullMarked;
