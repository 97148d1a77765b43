package io.github.pixelwise.zoo;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.github.pixelwise.internal.file.Sha256;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The repository {@code org/net} on a Hub that answers as the interface is documented and as
 * Hugging Face's own library expects: {@code /api/models} with JSON, and {@code /resolve} with the
 * content, or with a redirect to a storage for files in Git LFS.
 */
final class FakeHub implements Server.Answer {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String LATER = "76543210fedcba9876543210fedcba9876543210";

  /** The files, by commit and path. */
  final Map<String, Map<String, byte[]>> commits = new TreeMap<>();

  /** The commits of branches and tags. */
  final Map<String, String> revisions = new HashMap<>(Map.of("main", COMMIT));

  /** More of the description, in JSON, beginning with a comma. */
  String more = ", \"cardData\": {\"license\": \"apache-2.0\"}";

  /** The address of the storage; empty if there is none. */
  String storage = "";

  /** Answers instead, and returns true, where a test wants something else. */
  Special special = exchange -> false;

  /** What was asked: the method, the path, and which of the interesting headers were sent. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  /** Answers some requests. */
  @FunctionalInterface
  interface Special {
    boolean answers(HttpExchange exchange) throws IOException;
  }

  FakeHub() {
    put("config.json", "{\"id2label\": {\"0\": \"sky\", \"1\": \"sea\"}}");
    put(
        "preprocessor_config.json",
        "{\"image_processor_type\": \"SegformerImageProcessor\", \"size\": 64}");
    put("onnx/model.onnx", network("weights"));
    put("README.md", "not to be fetched");
  }

  /** A network with some weights, which make it long enough for Git LFS. */
  static byte[] network(String name) {
    GraphProto.Builder graph = GraphProto.newBuilder();
    graph.addInitializerBuilder().setName(name).addAllFloatData(Collections.nCopies(5000, 1f));
    return network(graph);
  }

  /** A network with its weights in another file. */
  static byte[] networkWithData(String location) {
    GraphProto.Builder graph = GraphProto.newBuilder();
    graph
        .addInitializerBuilder()
        .setName("weights")
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalDataBuilder()
        .setKey("location")
        .setValue(location);
    return network(graph);
  }

  private static byte[] network(GraphProto.Builder graph) {
    graph.addInputBuilder().setName("pixel_values");
    graph.addOutputBuilder().setName("logits");
    return ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray();
  }

  void put(String path, String content) {
    put(path, content.getBytes(UTF_8));
  }

  void put(String path, byte[] content) {
    put(COMMIT, path, content);
  }

  void put(String commit, String path, byte[] content) {
    commits.computeIfAbsent(commit, id -> new TreeMap<>()).put(path, content);
  }

  /** Adds a commit with the files of another. */
  void copyTo(String commit) {
    commits.put(commit, new TreeMap<>(files(COMMIT)));
  }

  void remove(String path) {
    files(COMMIT).remove(path);
  }

  private Map<String, byte[]> files(String commit) {
    return commits.getOrDefault(commit, Map.of());
  }

  byte[] content(String path) {
    return content(COMMIT, path);
  }

  private byte[] content(String commit, String path) {
    return Objects.requireNonNull(files(commit).get(path), path);
  }

  static boolean isInLfs(String path) {
    return path.endsWith(".onnx") || path.matches(".*(data|\\.safetensors|\\.bin)");
  }

  /** Git's own hash. */
  static String gitHash(byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update("blob %d\0".formatted(content.length).getBytes(UTF_8));
      return HexFormat.of().formatHex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pointer(byte[] content) {
    return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
        .formatted(sha256(content), content.length);
  }

  static String sha256(byte[] content) {
    return HexFormat.of().formatHex(Sha256.digest().digest(content));
  }

  @Override
  public void to(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(
        "%s %s%s%s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                header(exchange, "Authorization"),
                header(exchange, "Range")));
    if (special.answers(exchange)) {
      return;
    }
    String[] parts = path.split("/", 6);
    if (path.startsWith("/api/models/org/net/revision/")) {
      describe(exchange, path.substring("/api/models/org/net/revision/".length()));
    } else if (path.startsWith("/storage/")) {
      send(exchange, content(parts[2], path.split("/", 4)[3]));
    } else if (path.startsWith("/org/net/resolve/")) {
      resolve(exchange, parts[4], parts[5]);
    } else {
      refuse(exchange, 401, "RepoNotFound");
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : " [" + value + "]";
  }

  private void describe(HttpExchange exchange, String revision) throws IOException {
    String commit = revisions.getOrDefault(revision, revision);
    if (!commits.containsKey(commit)) {
      refuse(exchange, 404, "RevisionNotFound");
      return;
    }
    String siblings =
        files(commit).keySet().stream()
            .map("{\"rfilename\": \"%s\"}"::formatted)
            .collect(Collectors.joining(", "));
    String json =
        "{\"_id\": \"6\", \"id\": \"org/net\", \"sha\": \"%s\", \"gated\": false, \"siblings\": [%s]%s}"
            .formatted(commit, siblings, more);
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=utf-8");
    Server.send(exchange, 200, json.getBytes(UTF_8));
  }

  private void resolve(HttpExchange exchange, String commit, String path) throws IOException {
    byte @Nullable [] content = files(commit).get(path);
    if (content == null) {
      refuse(exchange, 404, "EntryNotFound");
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    headers.add("X-Repo-Commit", commit);
    if (isInLfs(path)) {
      headers.add("X-Linked-Size", Integer.toString(content.length));
      headers.add("X-Linked-Etag", "\"" + sha256(content) + "\"");
      headers.add("ETag", "\"of this answer\"");
      if (storage.isEmpty()) {
        send(exchange, content);
      } else {
        String raw = exchange.getRequestURI().getRawPath();
        Server.redirect(exchange, storage + raw.replaceFirst("^/org/net/resolve/", "/storage/"));
      }
    } else {
      headers.add("ETag", "W/\"" + gitHash(content) + "\"");
      send(exchange, content);
    }
  }

  static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().add("X-Error-Code", code);
    exchange.sendResponseHeaders(status, -1);
  }

  /** Answers with a content or the part of it that is asked for. */
  static void send(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
      exchange.sendResponseHeaders(200, -1);
    } else if (range == null) {
      Server.send(exchange, 200, content);
    } else {
      int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      exchange
          .getResponseHeaders()
          .add(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
      Server.send(exchange, 206, Arrays.copyOfRange(content, from, content.length));
    }
  }
}
