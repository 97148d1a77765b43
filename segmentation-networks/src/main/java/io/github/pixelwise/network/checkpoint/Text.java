package io.github.pixelwise.network.checkpoint;

/** Formats text from files for messages. */
final class Text {
  private static final int MAX_LENGTH = 200;

  private Text() {}

  /**
   * Quotes text from a file for a message, truncated and without control or invisible characters.
   */
  static String quote(String text) {
    String start = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    return "'" + start.replaceAll("\\p{C}", "?") + "'";
  }
}
