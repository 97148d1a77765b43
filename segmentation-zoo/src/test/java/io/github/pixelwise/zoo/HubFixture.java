package io.github.pixelwise.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A Hub on this host, which stores large files on another server, and a cache. */
abstract class HubFixture {
  static final String TOKEN = "hf_secret";
  static final String MODEL = "models--org--net/";
  static final String SNAPSHOT = MODEL + "snapshots/" + FakeHub.COMMIT + "/";
  static final HubName NAME = HubName.parse("hf:org/net");
  static SSLContext certificate;

  @TempDir Path cache;
  final FakeHub hub = new FakeHub();
  final FakeHub storage = new FakeHub();
  final List<Long> pauses = new ArrayList<>();
  String token = "";
  Server server;
  Server storageServer;

  @BeforeAll
  static void makeACertificate(@TempDir Path keys) throws Exception {
    certificate = Server.certificate(keys);
  }

  @BeforeEach
  void serve() throws IOException {
    storage.commits.clear();
    storage.commits.putAll(hub.commits);
    server = Server.https(certificate, hub);
    storageServer = Server.https(certificate, storage);
    hub.storage = storageServer.address("").toString();
  }

  @AfterEach
  void end() {
    server.close();
    storageServer.close();
  }

  HubFetcher fetcher() {
    return new HubFetcher(new CacheFolders(List.of(cache)), this::client);
  }

  Hub client() throws IOException {
    Duration patience = Duration.ofMinutes(1);
    return new Hub(
        server.address("/").toString(),
        token,
        Server.http(certificate, patience, patience, pauses::add));
  }

  HubStore store() {
    return new HubStore(new CacheFolders(List.of(cache)));
  }

  ModelCard fetch(String name) throws IOException {
    return fetcher().fetch(HubName.parse(name), FetchProgress.NONE);
  }

  Optional<ModelCard> find(String name) throws IOException {
    return store().find(HubName.parse(name), true);
  }

  Path hubFolder() {
    return cache.resolve("hub");
  }

  List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(hubFolder())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> hubFolder().relativize(file).toString().replace('\\', '/'))
          .filter(file -> !file.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  void requireFailure(String name, String message) throws IOException {
    assertThatThrownBy(() -> fetch(name))
        .isInstanceOf(IOException.class)
        .hasMessage(message.replace("HUB", server.address("").toString()));
    assertThat(files()).as("nothing is kept").isEmpty();
  }

  byte[] network() {
    return hub.content("onnx/model.onnx");
  }
}
