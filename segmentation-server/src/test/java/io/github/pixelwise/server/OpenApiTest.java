package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether docs/openapi.json is what the server does. */
class OpenApiTest {
  private static final OpenApiDocument DOCUMENT = OpenApiDocument.read();
  private static final List<PictureFormat> FORMATS =
      List.of(PictureFormat.PNG, PictureFormat.jpeg(90), PictureFormat.webp(90));

  private static Segmenter segmenter;
  private static SegmentationServer server;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    segmenter = Segmenter.builder().backend("onnx").open();
    server = SegmentationServer.builder().segmenter(segmenter).port(0).start();
    client = new Client(server);
  }

  @AfterAll
  static void stop() {
    server.close();
    segmenter.close();
  }

  private static JsonObject segment() {
    return DOCUMENT.operation("POST", "/v1/segment");
  }

  @Test
  void isAnOpenApiDocument() {
    assertThat(DOCUMENT.problems()).as("what the schema of OpenAPI 3.1 finds wrong").isEmpty();
  }

  @Test
  void hasWhatItRefersTo() {
    assertThat(DOCUMENT.references())
        .isNotEmpty()
        .allSatisfy(reference -> DOCUMENT.resolved(new JsonObject().put("$ref", reference)));
  }

  @Test
  void usesAllItsComponents() {
    Set<String> components = new TreeSet<>();
    for (String kind : List.of("schemas", "parameters", "headers", "responses")) {
      DOCUMENT
          .components(kind)
          .forEach(name -> components.add("#/components/%s/%s".formatted(kind, name)));
    }

    assertThat(DOCUMENT.references()).containsAll(components);
  }

  private static boolean isFile(String path) {
    return path.equals("/openapi.json") || path.startsWith("/samples/");
  }

  @Test
  void hasTheServersPathsAndMethods() throws Exception {
    Map<String, Set<String>> documented = new TreeMap<>(DOCUMENT.operations());
    documented.keySet().removeIf(OpenApiTest::isFile);

    assertThat(documented).isEqualTo(new TreeMap<>(Router.PATHS));
  }

  @Test
  void documentsNoFilesThatAreNotThere() {
    Resources resources = new Resources();

    assertThat(DOCUMENT.operations().keySet().stream().filter(OpenApiTest::isFile))
        .hasSize(3)
        .allSatisfy(
            path -> {
              String file = path.replace("{name}", pathExample(DOCUMENT.operation("GET", path)));
              assertThat(resources.find(file)).as(file).isPresent();
            });
  }

  private static String pathExample(JsonObject operation) {
    return DOCUMENT.parameters(operation).stream()
        .map(parameter -> parameter.getString("example"))
        .findFirst()
        .orElse("");
  }

  private static List<String> parameterNames(JsonObject operation) {
    return DOCUMENT.parameters(operation).stream().map(p -> p.getString("name")).toList();
  }

  @Test
  void hasTheParametersOfSegment() {
    assertThat(parameterNames(segment())).isEqualTo(SegmentParameters.names());
  }

  @Test
  void hasTheKeysOfRecipes() {
    assertThat(DOCUMENT.component("schemas", "Recipe").getJsonObject("properties").fieldNames())
        .containsExactlyElementsOf(SegmentParameters.names());
  }

  @Test
  void hasTheParametersOfRemove() throws Exception {
    HttpResponse<byte[]> response = Client.send(client.post("/api/remove?x=1", Client.cat()));

    assertThat(Client.problem(response).getString("detail"))
        .endsWith(
            "; parameters are "
                + String.join(", ", parameterNames(DOCUMENT.operation("POST", "/api/remove"))));
  }

  static Stream<JsonObject> parameters() {
    return DOCUMENT.operations().entrySet().stream()
        .flatMap(path -> path.getValue().stream().map(m -> DOCUMENT.operation(m, path.getKey())))
        .flatMap(operation -> DOCUMENT.parameters(operation).stream());
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void hasParametersWhoseDefaultsAndExamplesAreValid(JsonObject parameter) {
    JsonObject schema = parameter.getJsonObject("schema");
    List<Object> values = new ArrayList<>();
    schema.getJsonArray("examples", new JsonArray()).forEach(values::add);
    Optional.ofNullable(schema.getValue("default")).ifPresent(values::add);
    Optional.ofNullable(parameter.getValue("example")).ifPresent(values::add);

    assertThat(values)
        .as("a default or an example of " + parameter.getString("name"))
        .isNotEmpty()
        .allSatisfy(value -> assertThat(DOCUMENT.problems(schema, value)).isEmpty());
  }

  @Test
  void hasEveryProduct() {
    assertThat(DOCUMENT.component("schemas", "Product").getJsonArray("enum"))
        .containsExactlyElementsOf(
            Arrays.stream(Product.values()).map(ProductFiles::word).toList());
  }

  @Test
  void hasTheContentTypesOfAllProducts() {
    Set<String> types = new TreeSet<>(Set.of("application/zip", "multipart/form-data"));
    for (Product product : Product.values()) {
      FORMATS.forEach(format -> types.add(ProductFiles.contentType(product, format)));
    }

    assertThat(DOCUMENT.response(segment(), 200).getJsonObject("content").fieldNames())
        .containsExactlyInAnyOrderElementsOf(types);
  }

  private static void requireDocumented(HttpResponse<byte[]> answer, JsonObject operation) {
    JsonObject response = DOCUMENT.response(operation, answer.statusCode());
    String type = answer.headers().firstValue("Content-Type").orElse("none");
    JsonObject content = response.getJsonObject("content").getJsonObject(type);
    assertThat(content).as("%d as %s, documented", answer.statusCode(), type).isNotNull();
    if (type.endsWith("json")) {
      JsonObject body = new JsonObject(new String(answer.body(), StandardCharsets.UTF_8));
      assertThat(DOCUMENT.problems(content.getJsonObject("schema"), body)).isEmpty();
    }
    assertThat(answer.headers().map().keySet())
        .map(name -> name.toLowerCase(Locale.ROOT))
        .containsAll(
            response.getJsonObject("headers", new JsonObject()).fieldNames().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models",
        "/v1/backends",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/openapi.json"
      })
  void describesTheAnswersToGet(String path) throws Exception {
    requireDocumented(client.get(path), DOCUMENT.operation("GET", path));
  }

  @ParameterizedTest
  @EnumSource
  void describesTheAnswerWithAProduct(Product product) throws Exception {
    String path = "/v1/segment?write=" + ProductFiles.word(product);

    requireDocumented(Client.send(client.post(path, Client.cat())), segment());
  }

  @Test
  void describesTheAnswerWithSeveralProducts() throws Exception {
    requireDocumented(
        Client.send(client.post("/v1/segment?write=mask,json", Client.cat())), segment());
  }

  @Test
  void describesTheAnswerToRembgsClients() throws Exception {
    requireDocumented(
        Client.send(client.post("/api/remove", Client.cat())),
        DOCUMENT.operation("POST", "/api/remove"));
  }

  /** The examples of all errors, as names of responses and examples. */
  static Stream<String> errors() {
    return DOCUMENT.components("responses").stream()
        .flatMap(
            response -> examples(response).fieldNames().stream().map(key -> response + "." + key));
  }

  private static JsonObject examples(String response) {
    return DOCUMENT
        .component("responses", response)
        .getJsonObject("content")
        .getJsonObject("application/problem+json")
        .getJsonObject("examples");
  }

  @ParameterizedTest
  @MethodSource("errors")
  void quotesWhatTheServerSays(String error) throws Exception {
    JsonObject said = Provocations.of(client).problem(error);

    assertThat(withoutNumbers(example(error))).isEqualTo(withoutNumbers(said));
  }

  private static JsonObject example(String error) {
    String[] names = error.split("\\.", 2);
    return examples(names[0]).getJsonObject(names[1]).getJsonObject("value");
  }

  /** What is said does not depend on the limits, times, and ImageIO plug-ins of this test. */
  private static String withoutNumbers(JsonObject problem) {
    String numbers = problem.getInteger("status") >= 408 ? "[0-9]+" : "$^";
    return problem.getInteger("status")
        + " "
        + problem.getString("title")
        + ": "
        + problem
            .getString("detail")
            .replaceAll(numbers, "N")
            .replaceAll("supported: [a-z, -]+", "supported: ...");
  }

  @ParameterizedTest
  @MethodSource("errors")
  void hasErrorsThatAreProblems(String error) {
    JsonObject problem = DOCUMENT.component("schemas", "Problem");

    assertThat(DOCUMENT.problems(problem, example(error))).isEmpty();
  }

  @Test
  void hasErrorsUnderTheirStatus() {
    assertThat(DOCUMENT.operations())
        .allSatisfy(
            (path, methods) ->
                assertThat(methods)
                    .allSatisfy(method -> requireStatuses(DOCUMENT.operation(method, path))));
  }

  private static void requireStatuses(JsonObject operation) {
    for (String status : operation.getJsonObject("responses").fieldNames()) {
      JsonObject content =
          DOCUMENT.response(operation, Integer.parseInt(status)).getJsonObject("content");
      JsonObject problem = content.getJsonObject("application/problem+json");
      if (problem != null) {
        JsonObject examples = problem.getJsonObject("examples");
        assertThat(examples.fieldNames())
            .as(operation.getString("operationId"))
            .map(key -> examples.getJsonObject(key).getJsonObject("value").getInteger("status"))
            .containsOnly(Integer.valueOf(status));
      }
    }
  }
}
