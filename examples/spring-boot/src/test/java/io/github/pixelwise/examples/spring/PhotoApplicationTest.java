package io.github.pixelwise.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class PhotoApplicationTest {
  private static final String BOUNDARY = "----photo";
  private static final Path CAT = Path.of("../photos/chelsea.png");

  private final HttpClient client = HttpClient.newHttpClient();

  @LocalServerPort private int port;
  @Autowired private MeterRegistry registry;

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  /** Uploads a file as a form does. */
  private HttpResponse<byte[]> upload(String path, byte[] file)
      throws IOException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(
        """
        --%s\r
        Content-Disposition: form-data; name="photo"; filename="photo.png"\r
        \r
        """
            .formatted(BOUNDARY)
            .getBytes(StandardCharsets.US_ASCII));
    body.write(file);
    body.write(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return client.send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private String get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString()).body();
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Test
  void findsTheCat() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = upload("/classes", Files.readAllBytes(CAT));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).contains("{\"name\":\"cat\",\"share\":0.");
  }

  @Test
  void drawsAnOverlay() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = upload("/overlay", Files.readAllBytes(CAT));

    assertThat(response.headers().firstValue("Content-Type")).hasValue("image/png");
    RgbImage overlay = Images.read(response.body());
    assertThat(overlay.width()).isEqualTo(451);
    assertThat(overlay.height()).isEqualTo(300);
    assertThat(overlay).isNotEqualTo(Images.read(CAT));
  }

  @Test
  void saysWhatIsWrongWithADamagedPhoto() throws IOException, InterruptedException {
    byte[] half = Arrays.copyOf(Files.readAllBytes(CAT), 100_000);

    HttpResponse<byte[]> response = upload("/overlay", half);

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(text(response)).contains("\"detail\":\"cannot read the picture: it ends early");
  }

  @Test
  void saysThatATextIsNoPhoto() throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        upload("/classes", "no photo".getBytes(StandardCharsets.US_ASCII));

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(text(response)).contains("which is not a supported format");
  }

  @Test
  void saysThatAFileIsTooLarge() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = upload("/classes", new byte[20 * 1024 * 1024 + 1]);

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void saysThatThePhotoIsMissing() throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        client.send(
            request("/classes")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofString("--" + BOUNDARY + "--\r\n"))
                .build(),
            BodyHandlers.ofByteArray());

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains("\"detail\":\"Required part 'photo' is not present.\"");
  }

  @Test
  void isHealthy() throws IOException, InterruptedException {
    assertThat(get("/actuator/health"))
        .containsPattern(
            "\"pixelwise\":\\{\"details\":\\{\"model\":\"deeplabv3plus-mobilenetv2-voc\","
                + "\"backend\":\"onnx\",[^}]*},\"status\":\"UP\"");
  }

  @Test
  void timesPhotos() throws IOException, InterruptedException {
    upload("/classes", Files.readAllBytes(CAT));

    assertThat(registry.get("pixelwise.segment").tag("stage", "inference").timer().count())
        .isPositive();
    assertThat(get("/actuator/metrics/pixelwise.segment?tag=stage:inference"))
        .contains("\"name\":\"pixelwise.segment\"", "\"statistic\":\"COUNT\"");
  }
}
