package io.github.pixelwise.zoo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as Python's {@code json} writes it. Its accessors throw an {@link
 * IllegalArgumentException} that says the key, the value found and what is expected.
 */
final class JsonObject {
  /** The most bytes that are read. */
  static final int LONGEST = 4 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxDocumentLength(LONGEST)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // Python's json writes NaN and Infinity.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  /** The prefix of keys in messages, such as {@code size.}; may be empty. */
  private final String path;

  /** {@link Boolean}, {@link Double}, {@link String}, {@link List}, JsonObject or null, by key. */
  private final Map<String, @Nullable Object> values;

  private JsonObject(String path, Map<String, @Nullable Object> values) {
    this.path = path;
    this.values = values;
  }

  /**
   * Reads a file and converts its object.
   *
   * @param meaning converts the object; throws an {@link IllegalArgumentException} if it is not
   *     valid
   * @throws IOException if the file cannot be read or is not valid; the message names the file
   */
  static <T> T read(Path file, Function<JsonObject, T> meaning) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file, in, meaning);
    } catch (FileSystemException e) {
      throw new IOException(file + ": " + Reason.of(e), e);
    }
  }

  /**
   * Reads a stream and converts its object.
   *
   * @param name what messages call the stream
   */
  static <T> T read(Object name, InputStream in, Function<JsonObject, T> meaning)
      throws IOException {
    try (JsonParser parser = JSON.createParser(in)) {
      return meaning.apply(document(parser));
    } catch (JsonProcessingException e) {
      String place =
          e.getLocation() == null ? "" : " (line %d)".formatted(e.getLocation().getLineNr());
      throw new IOException(
          "%s: not valid JSON: %s%s".formatted(name, e.getOriginalMessage(), place), e);
    } catch (IOException e) {
      throw new IOException(name + ": " + Reason.of(e), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
  }

  /** Reads an object that is known to be valid. */
  static JsonObject of(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      return document(parser);
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static JsonObject document(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("it should contain a JSON object");
    }
    JsonObject object = object(parser, "");
    if (parser.nextToken() != null) {
      throw new IllegalArgumentException("it should contain a single JSON object");
    }
    return object;
  }

  private static JsonObject object(JsonParser parser, String path) throws IOException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      values.put(key, value(parser, path + key + "."));
    }
    return new JsonObject(path, values);
  }

  private static @Nullable Object value(JsonParser parser, String path) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, path);
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser, path));
        }
        yield list;
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }

  /**
   * Returns this object with defaults for missing keys.
   *
   * @param isAbsent tells which keys count as missing if their value is null
   */
  JsonObject withDefaults(JsonObject others, Predicate<String> isAbsent) {
    Map<String, @Nullable Object> all = new HashMap<>(others.values);
    values.forEach(
        (key, value) -> {
          if (value != null || !isAbsent.test(key)) {
            all.put(key, value);
          }
        });
    return new JsonObject(path, all);
  }

  /** Returns the keys. */
  Set<String> keys() {
    return values.keySet();
  }

  /** Whether the key exists, even if its value is null. */
  boolean has(String key) {
    return values.containsKey(key);
  }

  /** Whether this key has a value other than null. */
  boolean hasValue(String key) {
    return values.get(key) != null;
  }

  /** Whether this key's value is an object. */
  boolean hasObject(String key) {
    return values.get(key) instanceof JsonObject;
  }

  JsonObject object(String key) {
    if (values.get(key) instanceof JsonObject object) {
      return object;
    }
    throw wrong(key, "an object");
  }

  /** Absent and null are false, as in Python. */
  boolean flag(String key) {
    Object value = values.get(key);
    if (value != null && !(value instanceof Boolean)) {
      throw wrong(key, "true or false");
    }
    return Boolean.TRUE.equals(value);
  }

  /** Returns a string, or empty if it is absent, null or blank. */
  Optional<String> text(String key) {
    Object value = values.get(key);
    if (value != null && !(value instanceof String)) {
      throw wrong(key, "a string");
    }
    return Optional.ofNullable((String) value).filter(text -> !text.isBlank());
  }

  /** Returns the strings of a list; an empty list if it is absent or null. */
  List<String> texts(String key) {
    Object value = values.get(key);
    if (value != null && !(value instanceof List<?>)) {
      throw wrong(key, "a list of strings");
    }
    return asList(value).stream().map(String::valueOf).toList();
  }

  /** Returns a string or the strings of a list; an empty list if it is absent or null. */
  List<String> textOrTexts(String key) {
    return values.get(key) instanceof String ? text(key).stream().toList() : texts(key);
  }

  /** Returns the objects of a list; an empty list if it is absent or null. */
  List<JsonObject> objects(String key) {
    Object value = values.get(key);
    if (value != null
        && !(value instanceof List<?> list
            && list.stream().allMatch(JsonObject.class::isInstance))) {
      throw wrong(key, "a list of objects");
    }
    return asList(value).stream().map(JsonObject.class::cast).toList();
  }

  double number(String key) {
    if (values.get(key) instanceof Double number) {
      return number;
    }
    throw wrong(key, "a number");
  }

  /** Returns three numbers, which may be given as a single number. */
  double[] three(String key) {
    Object value = values.get(key);
    List<?> list = value instanceof Double ? List.of(value, value, value) : asList(value);
    if (list.size() != 3 || !list.stream().allMatch(Double.class::isInstance)) {
      throw wrong(key, "three numbers, or one for all channels");
    }
    return list.stream().mapToDouble(Double.class::cast).toArray();
  }

  /** Returns the whole numbers of a list; an empty list if it is absent or null. */
  List<Integer> wholes(String key) {
    Object value = values.get(key);
    if (value != null
        && !(value instanceof List<?> list
            && list.stream().allMatch(n -> n instanceof Double d && d == d.intValue()))) {
      throw wrong(key, "a list of whole numbers");
    }
    return asList(value).stream().map(n -> ((Double) n).intValue()).toList();
  }

  private static List<?> asList(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  /** Returns the length of an image side. */
  int side(String key) {
    return whole(key, 8192);
  }

  /** Returns a whole number of at least 1. */
  int whole(String key, int most) {
    double number = values.get(key) instanceof Double found ? found : 0;
    if (!(number >= 1 && number <= most && number == Math.rint(number))) {
      throw wrong(key, "a whole number from 1 to " + most);
    }
    return (int) number;
  }

  /** Returns the exception for an unexpected value. */
  IllegalArgumentException wrong(String key, String expected) {
    return new IllegalArgumentException(
        "%s%s should be %s, found %s"
            .formatted(path, key, expected, has(key) ? values.get(key) : "no such key"));
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
