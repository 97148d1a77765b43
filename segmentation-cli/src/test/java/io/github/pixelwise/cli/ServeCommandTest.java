package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code segment serve}. */
class ServeCommandTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");
  private static final Pattern ADDRESS = Pattern.compile("serving on (http://[^ ]+)");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--host 0.0.0.0 | host 0.0.0.0 can be reached by other machines. Set a token that clients"
            + " must know (--token), or let everyone in (--insecure)",
        "--port 70000 | the port must be 0 to 65535, found 70000",
        "--queue 0 | the queue must have room for at least 1 request, found 0",
        "--max-pixels 0 | the most pixels of a photo must be 1 to 200000000, found 0",
        "--timeout 0 | the time of a request must be at least 1 ms, found PT0S",
        "--batch 300 | --batch must be 1 to 256, found 300",
        "--threads 2000 | threads must lie in 0..1024, found 2000"
      })
  void refusesWrongOptions(String options, String message) {
    Run run = Run.of((Object[]) ("serve " + options).split(" "));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + message);
  }

  @Test
  void saysThatThereIsNoSuchModel() {
    Run run = Run.of("serve", "--port", "0", "-m", "unet");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("unet");
  }

  @Test
  void saysThatThePortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Run run = Run.of("serve", "--port", taken.getLocalPort());

      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err())
          .contains(
              "segment: cannot listen on 127.0.0.1, port %d: Address already in use. Choose another"
                      .formatted(taken.getLocalPort())
                  + " one with --port and --host");
    }
  }

  /** Starts the command in a JVM of its own. */
  private Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // short runs need no more
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.github.pixelwise.cli.Main", "serve", "--port", "0"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectError(folder.resolve("err").toFile())
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private String address(Process server) throws IOException, InterruptedException {
    while (server.isAlive()) {
      Matcher address = ADDRESS.matcher(err());
      if (address.find()) {
        return address.group(1);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("the server ended: " + err());
  }

  @Test
  void servesUntilItIsTerminated() throws Exception {
    Process server = start("-b", "onnx", "-b", "opencv-dnn", "--token", "secret");
    try {
      String address = address(server);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(address + "v1/segment?write=json&backend=opencv-dnn"))
              .POST(BodyPublishers.ofFile(CAT));
      HttpClient client = HttpClient.newHttpClient();
      HttpResponse<String> refused = client.send(request.build(), BodyHandlers.ofString());
      HttpResponse<String> answer =
          client.send(
              request.header("Authorization", "Bearer secret").build(), BodyHandlers.ofString());
      server.destroy(); // SIGTERM

      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"backend\" : \"opencv-dnn\"", "\"name\" : \"cat\"");
      assertThat(server.waitFor()).isEqualTo(143);
      assertThat(err())
          .contains("segment: stopping; waiting for the requests that have begun")
          .doesNotContain("\tat ");
    } finally {
      server.destroyForcibly();
    }
  }
}
