package io.github.pixelwise.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.server.Client.Part;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes of clients lead to a problem document that says what is wrong, and to nothing else. */
class BadRequestTest {
  private static final String SEGMENT = "/v1/segment";

  private static Segmenter segmenter;
  private static SegmentationServer server;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    segmenter = Segmenter.open();
    server =
        SegmentationServer.builder()
            .segmenter(segmenter)
            .limits(ServerLimits.DEFAULT.withBytes(2_000_000).withPixels(1_000_000))
            .port(0)
            .start();
    client = new Client(server);
  }

  @AfterAll
  static void stop() {
    server.close();
    segmenter.close();
  }

  private static void requireProblem(HttpRequest.Builder request, int status, String detail)
      throws Exception {
    HttpResponse<byte[]> response = Client.send(request);

    assertThat(Client.problem(response).getString("detail")).isEqualTo(detail);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(Client.problem(response).getString("title")).isNotBlank();
    assertThat(Client.problem(response).getString("type")).isEqualTo("about:blank");
  }

  /** What the library, and so the command, says of a photo. */
  private static String sentence(byte[] photo) {
    try {
      Images.readPicture(photo, 1_000_000);
    } catch (UnreadablePictureException e) {
      return String.valueOf(e.getMessage()).replace("(maxPixels)", "(--max-pixels)");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("the photo can be read");
  }

  private static byte[] random() {
    byte[] bytes = new byte[5000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("photo.png"));
      zip.write(new byte[50_000_000]);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  /** A small file of a photo with many pixels. */
  private static byte[] bomb() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(9000, 9000, BufferedImage.TYPE_BYTE_BINARY), "png", bytes);
    return bytes.toByteArray();
  }

  private static byte[] photo(String kind) throws IOException {
    return switch (kind) {
      case "empty" -> new byte[0];
      case "random" -> random();
      case "text" -> "This is no photograph.".getBytes(UTF_8);
      case "html" -> "<!DOCTYPE html><title>404</title>".getBytes(UTF_8);
      case "cut" -> Arrays.copyOf(Client.cat(), Client.cat().length / 2);
      case "head" -> Arrays.copyOf(Client.cat(), 40);
      case "zip" -> zip();
      case "bomb" -> bomb();
      case "heic" -> "\0\0\0\u0018ftypheic\0\0\0\0heicmif1".getBytes(US_ASCII);
      case "pdf" -> "%PDF-1.7\n".getBytes(US_ASCII);
      case "svg" -> "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(UTF_8);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "empty, 400",
    "random, 415",
    "text, 415",
    "html, 415",
    "heic, 415",
    "pdf, 415",
    "svg, 415",
    "zip, 415",
    "cut, 422",
    "head, 422",
    "bomb, 413"
  })
  void saysWhatIsWrongWithAPhotoAsTheCommandDoes(String kind, int status) throws Exception {
    byte[] photo = photo(kind);

    requireProblem(client.post(SEGMENT, photo), status, sentence(photo));
  }

  @Test
  void saysWhatIsWrongWithABackground() throws Exception {
    requireProblem(
        client.form(
            SEGMENT + "?write=cutout",
            Part.file("photo", "cat.png", Client.cat()),
            Part.file("background", "text.png", photo("text"))),
        415,
        "background: " + sentence(photo("text")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wirte=mask | unknown parameter wirte (did you mean \"write\"?); parameters are model,"
            + " backend, write, threshold, sharpen, tiles, overlap, min-region, outline, legend,"
            + " format, quality, class, background, feather, soft, refine, simplify, smooth",
        "write=msak | parameter write: expected mask, color, overlay, cutout, json, confidence,"
            + " geojson, yolo, labelme, svg, coco, cvat, summary, found \"msak\"",
        "write= | parameter write is empty: name some of mask, color, overlay, cutout, json,"
            + " confidence, geojson, yolo, labelme, svg, coco, cvat, summary",
        "outline=yes | parameter outline: expected true or false, found \"yes\"",
        "outline=true&outline=true | parameter outline occurs 2 times",
        "min-region=0 | parameter min-region must be at least 1 pixel, found 0",
        "feather=many | parameter feather: expected a whole number, found \"many\"",
        "feather=5000 | parameter feather must be 0 to 1000 pixels, found 5000",
        "threshold=2 | the threshold of all classes must lie in 0..1, found 2.0",
        "overlap=4 | parameter overlap is for parameter tiles: choose their size",
        "format=jpg&write=cutout | parameter format: a jpg cannot be transparent. For the cutout,"
            + " set a background or webp; or leave the cutout out of what parameter write names",
        "background=/etc/passwd | parameter background: expected transparent, a color as #rrggbb,"
            + " blur, or blur:PX, found \"/etc/passwd\". Send a picture as the file part"
            + " background",
        "background=http://example.org/a.png | parameter background: expected transparent, a"
            + " color as #rrggbb, blur, or blur:PX, found \"http://example.org/a.png\". Send a"
            + " picture as the file part background",
        "model=u2net | model u2net is not served here; models are deeplabv3plus-mobilenetv2-voc",
        "model=../secret | model ../secret is not served here; models are"
            + " deeplabv3plus-mobilenetv2-voc",
        "backend=djl | model deeplabv3plus-mobilenetv2-voc is not served by backend djl; its"
            + " backends are onnx",
        "tiles=512&soft=true&write=cutout | soft cutouts need the scores of the whole photo, which"
            + " tiles do not keep; use hard edges, or leave out tiles"
      })
  void saysWhatIsWrongWithAParameter(String query, String detail) throws Exception {
    requireProblem(
        client.post(SEGMENT + "?" + query.replace("#", "%23"), Client.cat()), 400, detail);
  }

  @Test
  void saysThatThereIsNoSuchClass() throws Exception {
    HttpResponse<byte[]> response =
        Client.send(client.post(SEGMENT + "?class=catt&write=cutout", Client.cat()));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.problem(response).getString("detail"))
        .startsWith("no class is named \"catt\" (did you mean \"cat\"?). Classes: background,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"write\": [\"mask\"] | the recipe is not valid JSON: Unexpected end-of-input: expected"
            + " close marker for Object",
        "{\"write\": null} | key write of the recipe: expected text, a number, true, or false,"
            + " found null",
        "{\"write\": [[\"mask\"]]} | key write of the recipe: expected text, a number, true, or"
            + " false, found a list",
        "{\"write\": \"mask\", \"write\": \"json\"} | the recipe is not valid JSON: Duplicate field"
            + " 'write'",
        "{\"write\": \"mask\"} {} | the recipe goes on after its JSON object",
        "write mask | expected lines KEY = VALUE, found \"write mask\"",
        "{\"wirte\": \"mask\"} | unknown parameter wirte (did you mean \"write\"?); parameters"
      })
  void saysWhatIsWrongWithARecipe(String recipe, String detail) throws Exception {
    HttpResponse<byte[]> response =
        Client.send(
            client.form(
                SEGMENT,
                Part.file("photo", "cat.png", Client.cat()),
                Part.field("recipe", recipe)));

    assertThat(Client.problem(response).getString("detail")).startsWith(detail);
    assertThat(response.statusCode()).isEqualTo(400);
  }

  @Test
  void refusesARecipeThatIsTooLong() throws Exception {
    requireProblem(
        client.form(
            SEGMENT,
            Part.file("photo", "cat.png", Client.cat()),
            Part.file("recipe", "r.json", " ".repeat(70_000).getBytes(UTF_8))),
        413,
        "the recipe has more than 65536 characters");
  }

  @Test
  void refusesAFieldThatIsTooLong() throws Exception {
    requireProblem(
        client.form(
            SEGMENT,
            Part.file("photo", "cat.png", Client.cat()),
            Part.field("recipe", " ".repeat(70_000))),
        413,
        "the recipe has more than 65536 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"class", "threshold", "write"})
  void isNotKeptBusyByLongLists(String name) throws Exception {
    String part = name.equals("threshold") ? "c%d=.5," : "c%d,";
    StringBuilder list = new StringBuilder();
    for (int i = 0; list.length() < 60_000; i++) {
      list.append(part.formatted(i));
    }

    HttpResponse<byte[]> response =
        Client.send(
            client.form(
                SEGMENT,
                Part.file("photo", "cat.png", Client.cat()),
                Part.field(name, list.substring(0, list.length() - 1))));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Client.problem(response).getString("detail").length()).isLessThan(5000);
  }

  @Test
  void saysThatASizeIsImpossible() throws Exception {
    byte[] photo = Client.cat();
    Arrays.fill(photo, 16, 24, (byte) 0x7f);

    HttpResponse<byte[]> response = Client.send(client.post(SEGMENT, photo));

    assertThat(response.statusCode()).isBetween(413, 422);
    assertThat(Client.problem(response).getString("detail"))
        .startsWith("cannot read the picture: ");
  }

  @Test
  void refusesTwoBackgrounds() throws Exception {
    requireProblem(
        client.form(
            SEGMENT + "?background=blur",
            Part.file("photo", "cat.png", Client.cat()),
            Part.file("background", "b.png", Client.cat())),
        400,
        "there are two backgrounds, a file and a parameter; send one");
  }

  @Test
  void refusesAFormWithoutAPhoto() throws Exception {
    requireProblem(
        client.form(SEGMENT, Part.field("write", "mask")),
        400,
        "there is no photo; send it as the file part photo");
  }

  @Test
  void refusesAPhotoThatIsNoFile() throws Exception {
    requireProblem(
        client.form(SEGMENT, Part.field("photo", "cat.png")),
        400,
        "part photo must be a file, with a file name; found text");
  }

  @Test
  void refusesTwoPhotos() throws Exception {
    requireProblem(
        client.form(
            SEGMENT,
            Part.file("photo", "a.png", Client.cat()),
            Part.file("file", "b.png", Client.cat())),
        400,
        "file part photo occurs twice");
  }

  @Test
  void refusesUnknownFiles() throws Exception {
    requireProblem(
        client.form(SEGMENT, Part.file("image", "a.png", Client.cat())),
        400,
        "unknown file part image; file parts are photo, background, and recipe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "text/html", "video/mp4", "multipart/mixed; boundary=x"})
  void refusesOtherContentTypes(String type) throws Exception {
    requireProblem(
        client.post(SEGMENT, Client.cat()).header("Content-Type", type),
        415,
        ("content type %s is not supported; send the bytes of a photo as image/* or"
                + " application/octet-stream, or parts as multipart/form-data")
            .formatted(type.split(";", 2)[0]));
  }

  @Test
  void refusesAFormWithoutABoundary() throws Exception {
    requireProblem(
        client.post(SEGMENT, Client.cat()).header("Content-Type", "multipart/form-data"),
        400,
        "content type multipart/form-data needs a boundary");
  }

  @Test
  void refusesCompressedBodies() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new byte[50_000_000]);
    }

    requireProblem(
        client.post(SEGMENT, bytes.toByteArray()).header("Content-Encoding", "gzip"),
        415,
        "content encoding gzip is not supported; send the body as it is");
  }

  @Test
  void refusesBodiesThatAreTooLongByTheirHeader() throws Exception {
    requireProblem(
        client.post(SEGMENT, new byte[2_000_001]),
        413,
        "the body has 2000001 bytes; at most 2000000 are allowed (--max-bytes)");
  }

  @Test
  void refusesBodiesThatTurnOutTooLong() throws Exception {
    requireProblem(
        client.chunked(SEGMENT, new byte[2_500_000]),
        413,
        "the body has more than 2000000 bytes; at most 2000000 are allowed (--max-bytes)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../../etc/cron.d/evil.png | evil",
        "/etc/passwd | passwd",
        "über katze (1).JPG | über katze (1)",
        ".hidden | hidden"
      })
  void takesOnlyTheSafePartOfAFileName(String name, String stem) throws Exception {
    HttpResponse<byte[]> response =
        Client.send(client.form(SEGMENT + "?write=json", Part.file("photo", name, Client.cat())));

    assertThat(response.headers().firstValue("Content-Disposition").orElseThrow())
        .isEqualTo(ProductFiles.inline(stem + ".json"));
  }

  @Test
  void refusesWhatIsNotThere() throws Exception {
    requireProblem(
        client.request("/v1/segmen"),
        404,
        "there is nothing at /v1/segmen; see /docs for what this server does");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/playground/../SegmentationServer.class",
        "/playground/..%2f..%2fSegmentationServer.class",
        "/samples/backgrounds/../../openapi.json",
        "/docs/pom.properties",
        "//etc/passwd",
        "/samples/"
      })
  void servesNoOtherFiles(String path) throws Exception {
    String answer =
        client.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 404 Not Found\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /v1/segment | POST | /v1/segment takes POST, found GET",
        "POST | /v1/models | GET | /v1/models takes GET, found POST",
        "DELETE | / | GET | / takes GET, found DELETE",
        "GET | /api/remove | POST | /api/remove takes POST, found GET. This server fetches no URLs;"
            + " send the photo itself"
      })
  void refusesOtherMethods(String method, String path, String allowed, String detail)
      throws Exception {
    HttpRequest.Builder request = client.request(path).method(method, BodyPublishers.noBody());

    requireProblem(request, 405, detail);
    assertThat(Client.send(request).headers().firstValue("Allow")).hasValue(allowed);
  }
}
