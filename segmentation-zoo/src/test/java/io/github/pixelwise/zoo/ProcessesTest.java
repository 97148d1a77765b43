package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.zoo.internal.transfer.Download;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Fetching in several processes, and in one that may write little. */
class ProcessesTest {
  private static final byte[] CHECKPOINT = Checkpoints.noise(300_000);

  @TempDir private Path cache;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endAll() {
    processes.forEach(Process::destroyForcibly);
  }

  private BufferedReader start(ProcessBuilder command) throws IOException {
    Process process = command.start();
    processes.add(process);
    return process.inputReader(StandardCharsets.UTF_8);
  }

  @Test
  void anotherProcessWaitsAndFindsItDone() throws IOException {
    try (Server server = Server.http(exchange -> Server.send(exchange, 200, CHECKPOINT))) {
      ZooEntry entry = Checkpoints.entry(server.address("/noise.pth"), CHECKPOINT);
      List<BufferedReader> other = new ArrayList<>();

      new Fetcher(
              new CacheFolders(List.of(cache)),
              Download::standard,
              (checkpoint, of, folder) -> {
                other.add(start(FetchInAnotherJvm.command(entry, cache)));
                assertThat(other.get(0).readLine()).isEqualTo("waiting");
                Checkpoints.copy(checkpoint, of, folder);
              })
          .fetch(entry, null, FetchProgress.NONE);

      assertThat(other.get(0).lines()).containsExactly("fetched");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no ulimit")
  void aDiskThatTakesNoMoreIsTold() throws IOException {
    try (Server server = Server.http(exchange -> Server.send(exchange, 200, CHECKPOINT))) {
      ProcessBuilder command =
          FetchInAnotherJvm.command(
              Checkpoints.entry(server.address("/noise.pth"), CHECKPOINT), cache);
      // A shell that lets no file grow beyond 200 blocks, of 512 or 1024 bytes.
      command.command().addAll(0, List.of("sh", "-c", "ulimit -f 200; exec \"$@\"", "sh"));

      assertThat(start(command).lines())
          .containsExactly(
              "cannot fetch noise: cannot write to the cache: File too large. Converting it needs "
                  + "about 1 MB there; set -Dpixelwise.cache or PIXELWISE_CACHE to use another "
                  + "folder.");
    }
    try (Stream<Path> files = Files.list(cache.resolve("zoo"))) {
      assertThat(files).containsExactly(cache.resolve("zoo/.noise.lock"));
    }
  }

  @Test
  void anotherProcessFetchesFromTheHubInItsEnvironment() throws Exception {
    FakeHub hub = new FakeHub();
    CountDownLatch waiting = new CountDownLatch(1);
    hub.special =
        exchange -> {
          if (exchange.getRequestURI().getPath().endsWith(".onnx")) {
            await(waiting);
          }
          return false;
        };
    try (Server server = Server.http(hub)) {
      BufferedReader first = start(FetchFromHubInAnotherJvm.command(server.address(""), cache));
      while (hub.requests.isEmpty()) {
        Thread.onSpinWait(); // until it has the lock
      }
      BufferedReader second = start(FetchFromHubInAnotherJvm.command(server.address(""), cache));
      assertThat(second.readLine()).isEqualTo("waiting");
      waiting.countDown();

      assertThat(first.lines()).containsExactly("fetched");
      assertThat(second.lines()).containsExactly("fetched");
    }
    assertThat(hub.requests).hasSize(7).allMatch(r -> r.endsWith(" [Bearer hf_secret]"));
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e); // the server ends
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no ulimit")
  void aDiskThatTakesNoMoreIsToldWhileFetchingFromTheHub() throws IOException {
    FakeHub hub = new FakeHub();
    hub.put("onnx/model.onnx", CHECKPOINT);
    try (Server server = Server.http(hub)) {
      ProcessBuilder command = FetchFromHubInAnotherJvm.command(server.address(""), cache);
      // A shell that lets no file grow beyond 200 blocks, of 512 or 1024 bytes.
      command.command().addAll(0, List.of("sh", "-c", "ulimit -f 200; exec \"$@\"", "sh"));

      assertThat(start(command).lines())
          .containsExactly(
              "cannot fetch hf:org/net: cannot write to the cache: File too large. The model needs"
                  + " about 1 MB there. Free some space there, or set -Dpixelwise.cache or"
                  + " PIXELWISE_CACHE to use another folder.");
    }
    try (Stream<Path> files = Files.walk(cache)) {
      assertThat(files.filter(Files::isRegularFile).map(Path::getFileName).map(Path::toString))
          .as("only what is complete is kept for the next fetch")
          .containsExactlyInAnyOrder(
              ".models--org--net.lock", "config.json", "preprocessor_config.json");
    }
  }
}
