package io.github.pixelwise.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads recipes in JSON: an object whose values are strings, numbers, or booleans; lists may be
 * arrays, and thresholds by class an object.
 */
final class JsonRecipe {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonRecipe() {}

  /**
   * Reads an object.
   *
   * @return the values, by their keys, as a recipe file has them
   * @throws Problem if it is none, or a value has another form
   */
  static Map<String, String> values(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new Problem(
            400, "the recipe must be a JSON object, found " + words(json.currentToken()));
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        json.nextToken();
        values.put(key, value(json, key));
      }
      if (json.nextToken() != null) {
        throw new Problem(400, "the recipe goes on after its JSON object");
      }
    } catch (JsonProcessingException e) {
      throw new Problem(400, "the recipe is not valid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not from a string
    }
    return values;
  }

  private static String value(JsonParser json, String key) throws IOException {
    List<String> parts = new ArrayList<>();
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        parts.add(escaped(scalar(json, key)));
      }
    } else if (json.currentToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        json.nextToken();
        parts.add(escaped(name) + "=" + scalar(json, key));
      }
    } else {
      return scalar(json, key);
    }
    return String.join(",", parts);
  }

  /** A name with its commas escaped, as recipes have it. */
  private static String escaped(String name) {
    return name.replace(",", "\\,");
  }

  private static String scalar(JsonParser json, String key) throws IOException {
    if (!json.currentToken().isScalarValue() || json.currentToken() == JsonToken.VALUE_NULL) {
      throw new Problem(
          400,
          "key %s of the recipe: expected text, a number, true, or false, found %s"
              .formatted(key, words(json.currentToken())));
    }
    return json.getText();
  }

  private static String words(@Nullable JsonToken token) {
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_ARRAY -> "a list";
      case START_OBJECT -> "an object";
      case VALUE_NULL -> "null";
      default -> "a value";
    };
  }
}
