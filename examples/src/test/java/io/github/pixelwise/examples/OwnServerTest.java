package io.github.pixelwise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.server.SegmentationServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OwnServerTest {
  private static HttpResponse<String> post(SegmentationServer server, String token)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri().resolve("/v1/segment?write=json"))
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofFile(Path.of("photos/chelsea.png")))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Test
  void segmentsThePhotosOfThoseWhoKnowTheToken() throws IOException, InterruptedException {
    try (Segmenter segmenter = Segmenter.open();
        SegmentationServer server = OwnServer.start(segmenter, 0, "secret")) {
      HttpResponse<String> response = post(server, "secret");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("\"name\" : \"cat\"");
    }
  }

  @Test
  void refusesOthers() throws IOException, InterruptedException {
    try (Segmenter segmenter = Segmenter.open();
        SegmentationServer server = OwnServer.start(segmenter, 0, "secret")) {
      assertThat(post(server, "guessed").statusCode()).isEqualTo(401);
    }
  }
}
