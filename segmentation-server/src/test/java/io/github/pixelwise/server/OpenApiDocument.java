package io.github.pixelwise.server;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The server's OpenAPI document, and how to look things up in it. */
final class OpenApiDocument {
  private static final String OPENAPI = "https://spec.openapis.org/oas/3.1/";

  private final JsonObject json;

  private OpenApiDocument(JsonObject json) {
    this.json = json;
  }

  static OpenApiDocument read() {
    return new OpenApiDocument(new JsonObject(text("docs/openapi.json")));
  }

  private static String text(String name) {
    try (InputStream in = OpenApiDocument.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the official schema of OpenAPI 3.1 documents finds wrong. */
  List<String> problems() {
    SchemaRegistry schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(OpenApiDocument::schema));
    return problems(schemas.getSchema(SchemaLocation.of(OPENAPI + "schema-base/2022-10-07")), json);
  }

  /** A schema of OpenAPI by its address, as the jar of vertx-openapi has it; null for others. */
  private static @Nullable String schema(String address) {
    return address.startsWith(OPENAPI) ? text("/" + address.substring("https://".length())) : null;
  }

  /** What a schema of this document finds wrong with a value. */
  List<String> problems(JsonObject schema, Object value) {
    // References begin at the root.
    JsonObject root =
        new JsonObject()
            .put("allOf", new JsonArray().add(schema))
            .put("components", json.getJsonObject("components"));
    return problems(
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(root.encode()),
        value);
  }

  private static List<String> problems(Schema schema, Object value) {
    return schema.validate(Json.encode(value), InputFormat.JSON).stream()
        .map(problem -> problem.getInstanceLocation() + ": " + problem.getMessage())
        .toList();
  }

  /** The methods of each path. */
  Map<String, Set<String>> operations() {
    Map<String, Set<String>> operations = new TreeMap<>();
    paths()
        .forEach(
            path ->
                operations.put(
                    path.getKey(),
                    paths().getJsonObject(path.getKey()).fieldNames().stream()
                        .map(method -> method.toUpperCase(Locale.ROOT))
                        .collect(Collectors.toCollection(TreeSet::new))));
    return operations;
  }

  private JsonObject paths() {
    return json.getJsonObject("paths");
  }

  JsonObject operation(String method, String path) {
    return paths().getJsonObject(path).getJsonObject(method.toLowerCase(Locale.ROOT));
  }

  List<JsonObject> parameters(JsonObject operation) {
    return objects(operation.getJsonArray("parameters", new JsonArray()));
  }

  private List<JsonObject> objects(JsonArray array) {
    List<JsonObject> objects = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      objects.add(resolved(array.getJsonObject(i)));
    }
    return objects;
  }

  /** A response of an operation. Fails if there is none. */
  JsonObject response(JsonObject operation, int status) {
    JsonObject response = operation.getJsonObject("responses").getJsonObject("" + status);
    if (response == null) {
      throw new AssertionError(operation.getString("operationId") + " has no status " + status);
    }
    return resolved(response);
  }

  /** What a reference refers to, or the object itself. */
  JsonObject resolved(JsonObject object) {
    String reference = object.getString("$ref");
    return reference == null ? object : resolve(reference);
  }

  private JsonObject resolve(String reference) {
    JsonObject target = json;
    for (String step : reference.substring("#/".length()).split("/", -1)) {
      target = target.getJsonObject(step);
      if (target == null) {
        throw new AssertionError("nothing is at " + reference);
      }
    }
    return target;
  }

  JsonObject component(String kind, String name) {
    return resolve("#/components/%s/%s".formatted(kind, name));
  }

  Set<String> components(String kind) {
    return json.getJsonObject("components").getJsonObject(kind).fieldNames();
  }

  /** Every reference in the document. */
  Set<String> references() {
    Set<String> references = new TreeSet<>();
    collect(json, references);
    return references;
  }

  private static void collect(Object node, Set<String> references) {
    if (node instanceof JsonObject object) {
      for (String key : object.fieldNames()) {
        if (key.equals("$ref")) {
          references.add(object.getString(key));
        } else {
          collect(object.getValue(key), references);
        }
      }
    } else if (node instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        collect(array.getValue(i), references);
      }
    }
  }
}
