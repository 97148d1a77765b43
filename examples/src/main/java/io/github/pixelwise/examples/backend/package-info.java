/** A backend for a small format of its own, as {@code docs/writing-a-backend.md} explains it. */
package io.github.pixelwise.examples.backend;
