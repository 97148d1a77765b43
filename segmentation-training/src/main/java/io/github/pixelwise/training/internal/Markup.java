package io.github.pixelwise.training.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A piece of a page. Text becomes part of it by {@link #of} alone, which escapes it. What comes out
 * is well-formed XML, too.
 *
 * @param html the piece
 */
record Markup(String html) {
  static final Markup EMPTY = new Markup("");

  /** Replaces each {@code %s} with a piece, or with anything else, escaped as text. */
  static Markup of(String format, Object... values) {
    return new Markup(
        format.formatted(
            Arrays.stream(values)
                .map(value -> value instanceof Markup m ? m.html : escape(value.toString()))
                .toArray()));
  }

  static Markup join(Collection<Markup> pieces) {
    return new Markup(pieces.stream().map(Markup::html).collect(Collectors.joining()));
  }

  private static String escape(String text) {
    return text.codePoints()
        .map(c -> isText(c) ? c : 0xfffd)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** Whether XML has such a character. */
  private static boolean isText(int c) {
    return c < ' '
        ? c == '\t' || c == '\n' || c == '\r'
        : c < 0xd800 || (c > 0xdfff && c < 0xfffe) || c > 0xffff;
  }
}
