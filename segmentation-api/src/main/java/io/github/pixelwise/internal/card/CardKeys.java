package io.github.pixelwise.internal.card;

import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.model.ChannelOrder;
import io.github.pixelwise.model.TensorLayout;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of a card while it is read: each key is read once, and none may be left over. */
public final class CardKeys {
  /** A file's key and value with a backslash before a character that needs none. */
  private static final Pattern BACKSLASH =
      Pattern.compile(
          "^[ \\t]*(file\\.[\\w-]+)[ \\t]*[=:][ \\t]*"
              + "((?:[^\\\\\\r\\n]|\\\\[^\\w.\\r\\n]|\\\\u\\p{XDigit}{4})*\\\\(?!u\\p{XDigit}{4})[\\w.][^\\r\\n]*)$",
          Pattern.MULTILINE);

  private static final int LONGEST_SHOWN = 200;

  private final String card;
  private final Properties values;
  private final Set<String> known = new HashSet<>();

  private CardKeys(String card, Properties values) {
    this.card = card;
    this.values = values;
  }

  static CardKeys read(String card, InputStream in) throws IOException {
    Set<String> twice = new TreeSet<>();
    @SuppressWarnings("serial") // never serialized
    Properties values =
        new Properties() {
          @Override
          public synchronized @Nullable Object put(Object key, Object value) {
            if (containsKey(key)) {
              twice.add((String) key);
            }
            return super.put(key, value);
          }
        };
    try {
      String text = text(in);
      requireSlashes(card, text);
      values.load(new StringReader(text));
    } catch (CharacterCodingException e) {
      throw new IOException(card + ": the file is not UTF-8; save it as UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(card + ": not a properties file: " + e.getMessage(), e);
    }
    if (!twice.isEmpty()) {
      throw new IOException("%s: key %s occurs twice".formatted(card, twice.iterator().next()));
    }
    return new CardKeys(card, values);
  }

  /** The card's name, for messages. */
  String card() {
    return card;
  }

  /**
   * A properties file drops a single backslash, or turns it and a letter into a tab or a line
   * break.
   */
  private static void requireSlashes(String card, String text) throws IOException {
    Matcher backslash = BACKSLASH.matcher(text);
    if (backslash.find()) {
      throw new IOException(
          "%s: key %s: a backslash is an escape in a properties file, found \"%s\"; write \"%s\""
              .formatted(
                  card,
                  backslash.group(1),
                  backslash.group(2),
                  backslash.group(2).replaceAll("\\\\+", "/")));
    }
  }

  private static String text(InputStream in) throws IOException {
    String text =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text; // as some editors begin a file
  }

  /** Parses a value, or throws IllegalArgumentException. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(String value);
  }

  <T> T required(String key, String expected, Parser<T> parser) throws IOException {
    return optional(key, expected, parser).orElseThrow(() -> missing(key, expected));
  }

  <T> Optional<T> optional(String key, String expected, Parser<T> parser) throws IOException {
    known.add(key);
    String value = values.getProperty(key);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.parse(value.strip()));
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s: key %s: expected %s, found \"%s\"%s"
              .formatted(card, key, expected, shortened(value.strip()), reason(e)));
    }
  }

  /** A card may list thousands of labels, which would bury the reason. */
  private static String shortened(String value) {
    return value.length() <= LONGEST_SHOWN
        ? value
        : value.substring(0, LONGEST_SHOWN) + " ... (%d characters)".formatted(value.length());
  }

  private static String reason(IllegalArgumentException e) {
    boolean technical = e instanceof NumberFormatException || e.getMessage() == null;
    return technical ? "" : " (" + e.getMessage() + ")";
  }

  IOException missing(String key, String expected) {
    return new IOException("%s: key %s is missing: expected %s".formatted(card, key, expected));
  }

  /** Text, empty if absent. */
  String text(String key) throws IOException {
    return optional(key, "text", value -> value).orElse("");
  }

  /** Text that must be there. */
  String name(String key, String expected) throws IOException {
    return required(
        key,
        expected,
        value -> {
          if (value.isEmpty()) {
            throw new IllegalArgumentException();
          }
          return value;
        });
  }

  /** One of an enumeration's words. */
  <E extends Enum<E>> E word(String key, E absent) throws IOException {
    List<E> all = Arrays.asList(absent.getDeclaringClass().getEnumConstants());
    String expected =
        all.stream().map(CardKeys::word).collect(Collectors.joining(", ", "one of ", ""));
    return optional(
            key,
            expected,
            value ->
                all.stream()
                    .filter(e -> word(e).equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(IllegalArgumentException::new))
        .orElse(absent);
  }

  /** Whether the value is the second of two words; the first is the default. */
  boolean either(String key, String first, String second) throws IOException {
    return optional(
            key,
            "%s or %s".formatted(first, second),
            value -> {
              if (!value.equalsIgnoreCase(first) && !value.equalsIgnoreCase(second)) {
                throw new IllegalArgumentException();
              }
              return value.equalsIgnoreCase(second);
            })
        .orElse(false);
  }

  /**
   * How cards spell an enumeration's constant: {@code half-pixel}; layouts and orders as they are.
   */
  static String word(Enum<?> constant) {
    String name = constant.name();
    return constant instanceof TensorLayout || constant instanceof ChannelOrder
        ? name
        : name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A number, or a fraction such as 1/255. */
  static double number(String value) {
    int slash = value.indexOf('/');
    return slash < 0
        ? Double.parseDouble(value)
        : Double.parseDouble(value.substring(0, slash))
            / Double.parseDouble(value.substring(slash + 1));
  }

  /** Parts separated by commas. */
  static List<String> list(String value) {
    return Arrays.stream(value.split(",", -1)).map(String::strip).toList();
  }

  /** The formats for which there is a {@code file.FORMAT} key. */
  Set<String> formats() {
    return values.stringPropertyNames().stream()
        .filter(key -> key.matches("file\\.[a-z][a-z0-9-]*"))
        .map(key -> key.substring("file.".length()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Fails if there are keys that were not read. */
  void requireNoOthers() throws IOException {
    for (String key : new TreeSet<>(values.stringPropertyNames())) {
      if (!known.contains(key)) {
        throw new IOException(
            "%s: unknown key %s%s, found \"%s\"; expected keys are %s"
                .formatted(
                    card,
                    key,
                    Names.suggestion(key, known),
                    values.getProperty(key),
                    String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  /**
   * Combines the values of several keys; if they contradict each other, the error names the keys.
   */
  <T> T check(String keys, Supplier<T> maker) throws IOException {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: key %s: %s".formatted(card, keys, e.getMessage()));
    }
  }
}
