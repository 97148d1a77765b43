package io.github.pixelwise.internal.plugin;

/** Writes the sentences of {@link io.github.pixelwise.RuntimeInfo#passedOver}. */
public final class PassedOver {
  private PassedOver() {}

  /**
   * Says that something was passed over.
   *
   * @param better what was passed over, for example {@code device cuda:0}
   * @param taken what was taken instead
   * @param reason why
   */
  public static String sentence(Object better, Object taken, String reason) {
    return "%s was passed over for %s: %s".formatted(better, taken, reason);
  }
}
