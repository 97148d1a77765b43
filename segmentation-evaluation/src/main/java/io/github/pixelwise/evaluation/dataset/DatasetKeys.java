package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The keys that describe a data set: each is asked for, and none may be left over. */
final class DatasetKeys {
  private final String source;
  private final Map<String, String> values;
  private final Set<String> known = new HashSet<>();

  /**
   * Wraps keys.
   *
   * @param source where they are from, for messages
   * @param values the keys and their values
   */
  DatasetKeys(String source, Map<String, String> values) {
    this.source = source;
    this.values = values;
  }

  /** Reads a file of keys, UTF-8. */
  static Map<String, String> read(Path file) throws IOException {
    Set<String> twice = new TreeSet<>();
    @SuppressWarnings("serial") // never serialized
    Properties properties =
        new Properties() {
          @Override
          public synchronized Object put(Object key, Object value) {
            if (containsKey(key)) {
              twice.add((String) key);
            }
            return super.put(key, value);
          }
        };
    try {
      properties.load(new StringReader(text(file)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": not a properties file: " + e.getMessage(), e);
    }
    if (!twice.isEmpty()) {
      throw new IOException("%s: key %s occurs twice".formatted(file, twice.iterator().next()));
    }
    Map<String, String> values = new TreeMap<>();
    properties.forEach((key, value) -> values.put((String) key, ((String) value).strip()));
    return values;
  }

  /** The text of a file, UTF-8. */
  static String text(Path file) throws IOException {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.startsWith("\uFEFF") ? text.substring(1) : text; // as some editors begin a file
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": the file is not UTF-8; save it as UTF-8", e);
    } catch (IOException e) {
      throw new IOException("cannot read " + Reason.withPath(file, e), e);
    }
  }

  /** The value of a key, unless it is absent or empty. */
  Optional<String> find(String key) {
    known.add(key);
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /** The value of a key that must be there. */
  String required(String key, String expected) throws IOException {
    return find(key)
        .orElseThrow(
            () ->
                new IOException(
                    "%s: key %s is missing: expected %s".formatted(source, key, expected)));
  }

  /** An error about a key's value; the reason may be empty. */
  IOException wrong(String key, String expected, String reason) {
    return new IOException(
        "%s: key %s: expected %s, found \"%s\"%s"
            .formatted(
                source,
                key,
                expected,
                values.get(key),
                reason.isEmpty() ? "" : " (" + reason + ")"));
  }

  /** Yes or no, no if absent. */
  boolean flag(String key) throws IOException {
    String value = find(key).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      throw wrong(key, "true or false", "");
    }
    return value.equals("true");
  }

  /** Parts separated by commas. */
  static List<String> list(String value) {
    List<String> parts = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  /** Fails on keys that nobody asked for. */
  void requireNoOthers(String format) throws IOException {
    for (String key : new TreeSet<>(values.keySet())) {
      if (!known.contains(key)) {
        throw new IOException(
            "%s: unknown key %s%s, found \"%s\"; the keys of the format %s are %s"
                .formatted(
                    source,
                    key,
                    Names.suggestion(key, known),
                    values.get(key),
                    format,
                    String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  /** Where the keys are from. */
  @Override
  public String toString() {
    return source;
  }
}
