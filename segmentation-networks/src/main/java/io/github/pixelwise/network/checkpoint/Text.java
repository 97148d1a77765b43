package io.github.pixelwise.network.checkpoint;

/** Text from files in messages. */
final class Text {
  private static final int MAX_LENGTH = 200;

  private Text() {}

  /**
   * Makes what a file says fit for a message: of bounded length, without control or invisible
   * characters.
   */
  static String quote(String text) {
    String start = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    return "'" + start.replaceAll("\\p{C}", "?") + "'";
  }
}
