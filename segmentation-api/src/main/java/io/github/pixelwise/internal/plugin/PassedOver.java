package io.github.pixelwise.internal.plugin;

/** Words for {@link io.github.pixelwise.RuntimeInfo#passedOver}. */
public final class PassedOver {
  private PassedOver() {}

  /**
   * Says that something was not taken.
   *
   * @param better what, for example {@code device cuda:0}
   * @param taken what was taken instead
   * @param reason why
   */
  public static String sentence(Object better, Object taken, String reason) {
    return "%s was passed over for %s: %s".formatted(better, taken, reason);
  }
}
