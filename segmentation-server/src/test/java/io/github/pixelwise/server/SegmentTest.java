package io.github.pixelwise.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.PictureFormat;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.server.Client.Part;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Photos become the same files as with the command. */
class SegmentTest {
  private static final String SEGMENT = "/v1/segment";

  private static Segmenter segmenter;
  private static SegmentationServer server;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    segmenter = Segmenter.open();
    server = SegmentationServer.builder().segmenter(segmenter).port(0).start();
    client = new Client(server);
  }

  @AfterAll
  static void stop() {
    server.close();
    segmenter.close();
  }

  private static Products applied(Recipe recipe) throws IOException {
    return recipe.apply(segmenter, Images.readPicture(Client.CAT, Images.MAX_PIXELS));
  }

  private static byte[] bytes(Products made, Product product) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    made.write(product, out);
    return out.toByteArray();
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("none");
  }

  @ParameterizedTest
  @CsvSource({
    "MASK, image/png",
    "COLOR, image/png",
    "OVERLAY, image/png",
    "CUTOUT, image/png",
    "CONFIDENCE, image/png",
    "GEOJSON, application/geo+json",
    "YOLO, text/plain; charset=utf-8",
    "LABELME, application/json",
    "SVG, image/svg+xml",
    "COCO, application/json",
    "CVAT, application/xml",
    "SUMMARY, text/csv; charset=utf-8"
  })
  void answersWithTheProductThatTheRecipeMakes(Product product, String type) throws Exception {
    byte[] expected = bytes(applied(Recipe.builder().products(Set.of(product)).build()), product);

    HttpResponse<byte[]> response =
        Client.send(client.post(SEGMENT + "?write=" + ProductFiles.word(product), Client.cat()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Content-Type")).isEqualTo(type);
    assertThat(response.body()).isEqualTo(expected);
  }

  @Test
  void reportsTheClassesAsJson() throws Exception {
    HttpResponse<byte[]> response = Client.send(client.post(SEGMENT + "?write=json", Client.cat()));

    JsonObject report = new JsonObject(new String(response.body(), UTF_8));
    assertThat(report.getJsonArray("classes").toString()).contains("\"name\":\"cat\"");
    assertThat(header(response, "Content-Type")).isEqualTo("application/json");
  }

  @Test
  void saysWhatRanTheModelAndHowLongItTook() throws Exception {
    HttpResponse<byte[]> response = Client.send(client.post(SEGMENT + "?write=mask", Client.cat()));

    assertThat(header(response, "Pixelwise-Model")).isEqualTo("deeplabv3plus-mobilenetv2-voc");
    assertThat(header(response, "Pixelwise-Backend")).isEqualTo("onnx");
    assertThat(header(response, "Server-Timing"))
        .matches(
            "queue;dur=[0-9.]+, decode;dur=[0-9.]+, prepare;dur=[0-9.]+, network;dur=[0-9.]+,"
                + " mask;dur=[0-9.]+, write;dur=[0-9.]+");
  }

  private static Map<String, byte[]> unzipped(byte[] zip) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), in.readAllBytes());
      }
    }
    return files;
  }

  @Test
  void putsSeveralProductsIntoAZipFile() throws Exception {
    Products made = applied(Recipe.builder().build());

    HttpResponse<byte[]> response =
        Client.send(client.form(SEGMENT, Part.file("photo", "a cat.png", Client.cat())));

    assertThat(header(response, "Content-Type")).isEqualTo("application/zip");
    Map<String, byte[]> files = unzipped(response.body());
    assertThat(files.keySet())
        .containsExactly(
            "a cat.mask.png",
            "a cat.color.png",
            "a cat.overlay.png",
            "a cat.cutout.png",
            "a cat.json");
    assertThat(files.get("a cat.overlay.png")).isEqualTo(bytes(made, Product.OVERLAY));
    assertThat(files.get("a cat.cutout.png")).isEqualTo(bytes(made, Product.CUTOUT));
  }

  @Test
  void answersWithAFormIfTheClientAcceptsIt() throws Exception {
    Products made = applied(Recipe.builder().build());

    HttpResponse<byte[]> response =
        Client.send(
            client
                .post(SEGMENT + "?write=mask,summary", Client.cat())
                .header("Accept", "multipart/form-data"));

    String type = header(response, "Content-Type");
    assertThat(type).startsWith("multipart/form-data; boundary=");
    String body = new String(response.body(), ISO_8859_1);
    String mask = new String(bytes(made, Product.MASK), ISO_8859_1);
    assertThat(body)
        .startsWith("--" + type.substring(type.indexOf('=') + 1) + "\r\n")
        .contains(
            "Content-Disposition: form-data; name=\"mask\"; filename=\"photo.mask.png\";"
                + " filename*=UTF-8''photo.mask.png\r\nContent-Type: image/png\r\n\r\n"
                + mask
                + "\r\n--")
        .endsWith("--\r\n");
  }

  @Test
  void followsARecipeInJson() throws Exception {
    Recipe recipe =
        Recipe.builder()
            .products(Set.of(Product.CUTOUT))
            .classes("cat")
            .minRegion(50)
            .feather(0)
            .background(Background.ofColor(0x336699))
            .build();

    HttpResponse<byte[]> response =
        Client.send(
            client.form(
                SEGMENT,
                Part.file("file", "cat.png", Client.cat()),
                Part.field(
                    "recipe",
                    """
                    {"write": ["cutout"], "class": ["cat"], "min-region": 50, "feather": 0,
                     "background": "#336699", "outline": false}
                    """)));

    assertThat(response.body()).isEqualTo(bytes(applied(recipe), Product.CUTOUT));
  }

  @Test
  void followsThresholdsByClassInJson() throws Exception {
    HttpResponse<byte[]> json =
        Client.send(
            client.form(
                SEGMENT + "?write=mask",
                Part.file("photo", "cat.png", Client.cat()),
                Part.field("recipe", "{\"threshold\": {\"cat\": 0.95}}")));
    HttpResponse<byte[]> query =
        Client.send(client.post(SEGMENT + "?write=mask&threshold=cat=0.95", Client.cat()));
    HttpResponse<byte[]> none = Client.send(client.post(SEGMENT + "?write=mask", Client.cat()));

    assertThat(json.body()).isEqualTo(query.body()).isNotEqualTo(none.body());
  }

  @Test
  void followsARecipeFileAndFieldsAndLetsTheQueryOverrideThem() throws Exception {
    HttpResponse<byte[]> response =
        Client.send(
            client.form(
                SEGMENT + "?write=overlay",
                Part.file("photo", "cat.png", Client.cat()),
                Part.file(
                    "recipe",
                    "cats.recipe",
                    "# cats\nwrite = mask\noutline = true\n".getBytes(UTF_8)),
                Part.field("format", "jpg"),
                Part.field("quality", "50")));

    Recipe recipe =
        Recipe.builder()
            .outline()
            .format(PictureFormat.jpeg(50))
            .products(Set.of(Product.OVERLAY))
            .build();
    assertThat(header(response, "Content-Type")).isEqualTo("image/jpeg");
    assertThat(response.body()).isEqualTo(bytes(applied(recipe), Product.OVERLAY));
  }

  @Test
  void putsAPictureBehindTheCutout() throws Exception {
    RgbImage blue = RgbImage.of(1, 1, new byte[] {0, 0, (byte) 255});
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Images.writePng(blue, file);

    HttpResponse<byte[]> response =
        Client.send(
            client.form(
                SEGMENT + "?write=cutout",
                Part.file("photo", "cat.png", Client.cat()),
                Part.file("background", "blue.png", file.toByteArray())));

    Recipe recipe = Recipe.builder().background(Background.ofColor(0x0000ff)).build();
    assertThat(response.body()).isEqualTo(bytes(applied(recipe), Product.CUTOUT));
  }

  @Test
  void takesBodiesWithoutALength() throws Exception {
    HttpResponse<byte[]> response =
        Client.send(client.chunked(SEGMENT + "?write=json", Client.cat()));

    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void listsModelsWithTheirClassesAndColors() throws Exception {
    JsonObject document = new JsonObject(new String(client.get("/v1/models").body(), UTF_8));

    JsonObject model = document.getJsonArray("models").getJsonObject(0);
    assertThat(model.getString("name")).isEqualTo("deeplabv3plus-mobilenetv2-voc");
    assertThat(model.getInteger("void")).isEqualTo(255);
    assertThat(model.getJsonArray("classes").getJsonObject(8))
        .isEqualTo(new JsonObject().put("id", 8).put("name", "cat").put("color", "#400000"));
    assertThat(document.getJsonObject("limits").getInteger("bytes")).isEqualTo(50 << 20);
  }

  @Test
  void listsBackendsAndWhatTheyServe() throws Exception {
    String document = new String(client.get("/v1/backends").body(), UTF_8);

    assertThat(document)
        .contains("\"name\":\"onnx\"", "\"serves\":[\"deeplabv3plus-mobilenetv2-voc\"]");
  }

  @Test
  void countsRequestsAndTimesTheSteps() throws Exception {
    Client.send(client.post(SEGMENT + "?write=mask", Client.cat()));
    Client.send(client.post(SEGMENT + "?wirte=mask", Client.cat()));

    String meters = new String(client.get("/metrics").body(), UTF_8);

    assertThat(meters)
        .contains("pixelwise_server_requests_seconds_count{route=\"/v1/segment\",status=\"200\"}")
        .contains("pixelwise_server_requests_seconds_count{route=\"/v1/segment\",status=\"400\"}")
        .contains(
            "pixelwise_server_steps_seconds_count{backend=\"onnx\",model=\"deeplabv3plus-mobilenetv2-voc\",step=\"network\"}")
        .contains("pixelwise_server_waiting 0.0", "jvm_memory_used_bytes");
  }
}
