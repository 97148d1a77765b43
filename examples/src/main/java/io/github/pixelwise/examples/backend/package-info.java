/** The backend for a small custom format that {@code docs/writing-a-backend.md} explains. */
package io.github.pixelwise.examples.backend;
