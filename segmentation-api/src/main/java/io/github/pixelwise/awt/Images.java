package io.github.pixelwise.awt;

/** Placeholder. */
public final class Images {
  private Images() {}
}
