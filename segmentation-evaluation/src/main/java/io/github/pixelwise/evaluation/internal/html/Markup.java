package io.github.pixelwise.evaluation.internal.html;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a page. Text becomes part of it by {@link #of} alone, which escapes it, so that names
 * of classes and files cannot become elements. What comes out is well-formed XML, too.
 *
 * @param html the piece
 */
public record Markup(String html) {
  /** Nothing. */
  public static final Markup EMPTY = new Markup("");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)\\}\\}");

  /**
   * Puts values into a piece.
   *
   * @param format the piece, with {@code %s} for each value
   * @param values other pieces, or anything else, which is escaped as text
   */
  public static Markup of(String format, Object... values) {
    Object[] escaped =
        Arrays.stream(values)
            .map(value -> value instanceof Markup m ? m.html : escape(String.valueOf(value)))
            .toArray();
    return new Markup(String.format(format, escaped));
  }

  /** Pieces one after the other. */
  public static Markup join(Collection<Markup> pieces) {
    return new Markup(pieces.stream().map(Markup::html).collect(Collectors.joining()));
  }

  /** {@return the style that all pages share; what is their own comes after it} */
  public static Markup style() throws IOException {
    return read(Markup.class.getResourceAsStream("page.css"));
  }

  /**
   * Reads a file, and closes it.
   *
   * @param file the file's bytes in UTF-8; null if it is missing, which is an error of the build
   */
  public static Markup read(@Nullable InputStream file) throws IOException {
    try (InputStream in = Objects.requireNonNull(file, "a file of the page is missing")) {
      return new Markup(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Replaces each {@code {{name}}} of this piece. */
  public Markup with(Map<String, Markup> values) {
    return new Markup(
        PLACEHOLDER
            .matcher(html)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        Objects.requireNonNull(values.get(found.group(1)), found.group(1)).html)));
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xfffd);
              }
            });
    return escaped.toString();
  }

  /** Whether XML has such a character. */
  private static boolean isAllowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c < 0xd800)
        || (c >= 0xe000 && c < 0xfffe)
        || c > 0xffff;
  }
}
