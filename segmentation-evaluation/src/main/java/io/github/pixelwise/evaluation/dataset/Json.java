package io.github.pixelwise.evaluation.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small JSON values: maps, lists, strings, doubles, longs, booleans and null. */
final class Json {
  /** Leaves streams open. */
  static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamReadFeature.AUTO_CLOSE_SOURCE).build();

  private Json() {}

  /** The value that the parser is at, without the fields named. */
  static @Nullable Object read(JsonParser parser, String skipped) throws IOException {
    JsonToken token = parser.currentToken();
    switch (token) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          if (name.equals(skipped)) {
            parser.skipChildren();
          } else {
            map.put(name, read(parser, skipped));
          }
        }
        return map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser, skipped));
        }
        return list;
      }
      case VALUE_STRING -> {
        return parser.getText();
      }
      case VALUE_NUMBER_INT -> {
        return parser.getLongValue();
      }
      case VALUE_NUMBER_FLOAT -> {
        return parser.getDoubleValue();
      }
      case VALUE_TRUE, VALUE_FALSE -> {
        return parser.getBooleanValue();
      }
      default -> {
        return null;
      }
    }
  }

  /** The object that a file holds, without the fields named; empty if it holds none. */
  static Map<?, ?> object(Path file, String skipped) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        JsonParser parser = FACTORY.createParser(in)) {
      return parser.nextToken() == null ? Map.of() : map(read(parser, skipped));
    } catch (JsonProcessingException e) {
      throw new IOException("%s is no valid JSON file: %s".formatted(file, Reason.firstLine(e)), e);
    } catch (IOException e) {
      throw new IOException("cannot read " + Reason.withPath(file, e), e);
    }
  }

  /** The value as a map; empty if it is none. */
  static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Collections.emptyMap();
  }

  /**
   * The numbers of a list.
   *
   * @throws IllegalArgumentException if it is no list of numbers; the message completes "it"
   */
  static double[] numbers(@Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      throw new IllegalArgumentException("is no list of numbers");
    }
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        throw new IllegalArgumentException("has the coordinate " + list.get(i));
      }
      numbers[i] = number.doubleValue();
    }
    return numbers;
  }
}
