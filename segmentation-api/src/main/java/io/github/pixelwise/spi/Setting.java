package io.github.pixelwise.spi;

import io.github.pixelwise.internal.plugin.EngineOptions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A setting of one engine: its name, the values it takes, its default and a short description. A
 * backend declares its settings as constants, lists them in {@link BackendProvider#settings()} and
 * reads them with {@link BackendContext#setting}. Immutable.
 *
 * <pre>{@code
 * static final Setting<Boolean> TF32 =
 *     Setting.onOff("onnx.cuda.tf32", "rounds to 10 bits in convolutions").withDefault("off");
 * }</pre>
 *
 * @param <T> the type of its values
 */
public final class Setting<T> {
  private static final Pattern BYTES = Pattern.compile("([1-9][0-9]{0,17})(|KB|MB|GB)");

  private final String name;
  private final String values;
  private final String doc;
  private final Function<String, T> parser;
  private final Optional<String> defaultValue;

  private Setting(
      String name,
      String values,
      String doc,
      Function<String, T> parser,
      Optional<String> defaultValue) {
    this.name = EngineOptions.requireSettingName(name);
    this.values = values;
    this.doc = Objects.requireNonNull(doc, "doc");
    this.parser = parser;
    this.defaultValue = defaultValue;
  }

  /**
   * Creates a setting that takes one of several values.
   *
   * @param name the name, which begins with the backend's name and a dot
   * @param values the values to choose from
   * @param doc what it does, without a period
   * @return the setting, without a default
   * @throws IllegalArgumentException if the name does not begin with a backend's name and a dot
   */
  public static Setting<String> oneOf(String name, List<String> values, String doc) {
    String listed = String.join(", ", values);
    List<String> known = List.copyOf(values);
    return new Setting<>(
        name,
        listed,
        doc,
        value -> {
          if (!known.contains(value)) {
            throw new IllegalArgumentException(listed);
          }
          return value;
        },
        Optional.empty());
  }

  /**
   * Creates a switch, written {@code on} or {@code off}.
   *
   * @param name the name, which begins with the backend's name and a dot
   * @param doc what it does when it is on, without a period
   * @return the setting, without a default
   * @throws IllegalArgumentException if the name does not begin with a backend's name and a dot
   */
  public static Setting<Boolean> onOff(String name, String doc) {
    Setting<String> choice = oneOf(name, List.of("on", "off"), doc);
    return new Setting<>(
        name, choice.values, doc, choice.parser.andThen("on"::equals), Optional.empty());
  }

  /**
   * Creates a setting that takes an amount of memory above 0, written in bytes or in powers of 1024
   * such as {@code 512MB}.
   *
   * @param name the name, which begins with the backend's name and a dot
   * @param doc what it does, without a period
   * @return the setting in bytes, without a default
   * @throws IllegalArgumentException if the name does not begin with a backend's name and a dot
   */
  public static Setting<Long> bytes(String name, String doc) {
    String values = "a number of bytes above 0, or one of KB, MB or GB such as 2GB";
    return new Setting<>(name, values, doc, value -> parseBytes(value, values), Optional.empty());
  }

  private static long parseBytes(String value, String values) {
    Matcher bytes = BYTES.matcher(value);
    if (!bytes.matches()) {
      throw new IllegalArgumentException(values);
    }
    int shift = 10 * List.of("", "KB", "MB", "GB").indexOf(bytes.group(2));
    try {
      return Math.multiplyExact(Long.parseLong(bytes.group(1)), 1L << shift);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("less than 2^63 bytes", e);
    }
  }

  /**
   * Creates a setting that takes a whole number.
   *
   * @param name the name, which begins with the backend's name and a dot
   * @param min the lowest one
   * @param max the highest one
   * @param doc what it does, without a period
   * @return the setting, without a default
   * @throws IllegalArgumentException if the name does not begin with a backend's name and a dot
   */
  public static Setting<Integer> wholeNumber(String name, int min, int max, String doc) {
    String values = "a whole number from %d to %d".formatted(min, max);
    return new Setting<>(
        name,
        values,
        doc,
        value -> {
          try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
              return number;
            }
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException(values, e);
          }
          throw new IllegalArgumentException(values);
        },
        Optional.empty());
  }

  /**
   * Creates a setting that takes any text.
   *
   * @param name the name, which begins with the backend's name and a dot
   * @param values what it holds, for example {@code a folder}
   * @param doc what it does, without a period
   * @return the setting, without a default
   * @throws IllegalArgumentException if the name does not begin with a backend's name and a dot
   */
  public static Setting<String> text(String name, String values, String doc) {
    return new Setting<>(name, values, doc, value -> value, Optional.empty());
  }

  /**
   * Returns this setting with a default. Without one, the engine chooses.
   *
   * @param value the value to use if none is set, as a user would write it
   * @return the new setting
   * @throws IllegalArgumentException if the setting does not take this value
   */
  public Setting<T> withDefault(String value) {
    parse(value);
    return new Setting<>(name, values, doc, parser, Optional.of(value));
  }

  /** {@return the name, which begins with the backend's name and a dot} */
  public String name() {
    return name;
  }

  /** {@return the values it takes, in words for users} */
  public String values() {
    return values;
  }

  /** {@return the value to use if none is set; empty if the engine chooses} */
  public Optional<String> defaultValue() {
    return defaultValue;
  }

  /** {@return what it does, without a period} */
  public String doc() {
    return doc;
  }

  /**
   * Parses a value.
   *
   * @param value what the user wrote
   * @return what it means
   * @throws IllegalArgumentException if the value is not valid; the message says which values are
   */
  public T parse(String value) {
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "setting %s: expected %s, found \"%s\"".formatted(name, e.getMessage(), value), e);
    }
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
