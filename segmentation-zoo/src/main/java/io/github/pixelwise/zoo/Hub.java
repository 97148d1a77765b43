package io.github.pixelwise.zoo;

import io.github.pixelwise.zoo.internal.transfer.Download;
import io.github.pixelwise.zoo.internal.transfer.Expected;
import io.github.pixelwise.zoo.internal.transfer.Http;
import io.github.pixelwise.zoo.internal.transfer.RetryAfter;
import io.github.pixelwise.zoo.internal.transfer.Verification;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The Hugging Face Hub, or another server with its interface: {@code /api/models} describes a
 * repository, and {@code /resolve/COMMIT/FILE} has its files.
 *
 * @see <a href="https://huggingface.co/docs/hub/api">the interface</a>
 */
final class Hub {
  private static final String PROPERTY = "pixelwise.hub.endpoint";
  private static final String VARIABLE = "HF_ENDPOINT";
  private static final String PUBLIC = "https://huggingface.co";

  private final String endpoint;
  private final Map<String, String> secrets;
  private final Http http;

  /**
   * A file in a repository.
   *
   * @param path its path there
   * @param address where it is downloaded from
   * @param expected its size and hash
   */
  record File(String path, URI address, Expected expected) {}

  /**
   * Creates a client.
   *
   * @param endpoint the server's address; empty for the public one
   * @param token a token to log in with; empty for none
   * @throws IOException if one of them is not valid
   */
  Hub(String endpoint, String token, Http http) throws IOException {
    this.endpoint = requireSecure(endpoint.isBlank() ? PUBLIC : endpoint.strip());
    this.secrets =
        token.isBlank() ? Map.of() : Map.of("Authorization", "Bearer " + requireToken(token));
    this.http = http;
  }

  /** Creates a client for the server and with the token that are configured for this JVM. */
  static Hub configured() throws IOException {
    return new Hub(
        Stream.of(System.getProperty(PROPERTY), System.getenv(VARIABLE))
            .filter(address -> address != null && !address.isBlank())
            .findFirst()
            .orElse(""),
        Optional.ofNullable(System.getenv("HF_TOKEN")).orElse(""),
        Http.standard());
  }

  private static String requireSecure(String address) throws IOException {
    try {
      URI uri = new URI(address);
      if (Mirror.isSecure(uri) && uri.getQuery() == null && uri.getFragment() == null) {
        return address.replaceFirst("/+$", "");
      }
    } catch (URISyntaxException e) {
      // Reported below, like any other address that is not valid.
    }
    throw new IOException(
        "the Hub's address is \"%s\", set by -D%s or %s; expected https://HOST or https://HOST/PATH (http only for localhost)"
            .formatted(address, PROPERTY, VARIABLE));
  }

  /** The message does not show the token. */
  private static String requireToken(String token) throws IOException {
    if (!token.strip().matches("[!-~]+")) {
      throw new IOException(
          "HF_TOKEN is not a token: it has spaces, line breaks or characters that are not ASCII. Copy the token again from "
              + PUBLIC
              + "/settings/tokens");
    }
    return token.strip();
  }

  /** The address of a model's page. */
  URI page(HubName name) {
    return URI.create(endpoint + "/" + name.repository());
  }

  /** The address of a model's files at a commit. */
  URI page(HubName name, String commit) {
    return URI.create(page(name) + "/tree/" + commit);
  }

  /** Describes a repository at the commit that a revision is now. */
  HubRepository repository(HubName name, FetchProgress progress)
      throws IOException, InterruptedException {
    String revision = name.revision().replace("/", "%2F");
    URI address =
        URI.create("%s/api/models/%s/revision/%s".formatted(endpoint, name.repository(), revision));
    Http.Failure failure = failure(name, address);
    HttpResponse<InputStream> response = send("GET", address, progress, failure);
    try (Http.Body body = http.body(response, 0, failure)) {
      if (response.statusCode() != 200) {
        throw failure.of(refusal(name, "", response), null);
      }
      byte[] answer = whole(body, failure);
      if (isWebPage(answer)) {
        throw failure.of(
            "it is a web page, probably a login or error page. Check %s and your proxy"
                .formatted(VARIABLE),
            null);
      }
      return JsonObject.read(
          "cannot fetch %s from %s".formatted(name, address),
          new ByteArrayInputStream(answer),
          HubRepository::of);
    }
  }

  private static boolean isWebPage(byte[] answer) {
    int start = 0;
    while (start < answer.length && answer[start] <= ' ') { // also a byte order mark
      start++;
    }
    return start < answer.length && answer[start] == '<';
  }

  private static byte[] whole(Http.Body body, Http.Failure failure)
      throws IOException, InterruptedException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    for (int length; (length = body.read(buffer)) >= 0; ) {
      whole.write(buffer, 0, length);
      if (whole.size() > JsonObject.LONGEST) {
        throw failure.of(
            "its answer has more than " + Verification.count(JsonObject.LONGEST), null);
      }
    }
    return whole.toByteArray();
  }

  /** Asks for the size and hash of a file. */
  File file(HubName name, HubRepository repository, String path, FetchProgress progress)
      throws IOException, InterruptedException {
    URI address =
        URI.create(
            "%s/%s/resolve/%s/%s"
                .formatted(endpoint, name.repository(), repository.commit(), encoded(path)));
    Http.Failure failure = failure(name, address);
    HttpResponse<InputStream> response = send("HEAD", address, progress, failure);
    response.body().close();
    if (response.statusCode() != 200 && response.statusCode() / 100 != 3) {
      throw failure.of(refusal(name, path, response), null);
    }
    String commit = response.headers().firstValue("X-Repo-Commit").orElse(repository.commit());
    if (!commit.equals(repository.commit())) {
      throw failure.of(
          "the file is of commit %s, not %s: the repository is changing. Fetch it again"
              .formatted(commit, repository.commit()),
          null);
    }
    Optional<Expected> expected = expected(response);
    return new File(
        path,
        address,
        expected.orElseThrow(
            () ->
                failure.of(
                    "the server does not report the file's size and hash. Check that %s is the address of a Hub"
                        .formatted(VARIABLE),
                    null)));
  }

  /** The hash of a file in Git LFS is its SHA-256; that of any other file is Git's. */
  private static Optional<Expected> expected(HttpResponse<?> response) {
    HttpHeaders headers = response.headers();
    boolean direct = response.statusCode() == 200;
    String size =
        headers
            .firstValue("X-Linked-Size")
            .or(() -> direct ? headers.firstValue("Content-Length") : Optional.empty())
            .orElse("");
    String hash =
        headers
            .firstValue("X-Linked-Etag")
            .or(() -> direct ? headers.firstValue("ETag") : Optional.empty())
            .orElse("")
            .replaceFirst("^W/", "")
            .replace("\"", "");
    if (!size.matches("\\d{1,18}") || !hash.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
      return Optional.empty();
    }
    Expected.Kind kind = hash.length() == 64 ? Expected.Kind.SHA256 : Expected.Kind.GIT;
    return Optional.of(Expected.exactly(Long.parseLong(size), kind, hash));
  }

  /** Downloads a file, or the rest of it. */
  void download(
      HubName name,
      File file,
      Path target,
      UnaryOperator<IOException> unwritable,
      FetchProgress progress)
      throws IOException, InterruptedException {
    new Download(http)
        .to(
            target,
            request("GET", file.address),
            new Verification(
                name.toString(),
                file.expected,
                file.address,
                "Fetch it again later. If that does not help, check %s and your proxy."
                    .formatted(VARIABLE),
                "Fetch it again; the download continues where it ended."),
            unwritable,
            progress);
  }

  private Http.Request request(String method, URI address) {
    return new Http.Request(method, address, Map.of("Accept-Encoding", "identity"), secrets);
  }

  private HttpResponse<InputStream> send(
      String method, URI address, FetchProgress progress, Http.Failure failure)
      throws IOException, InterruptedException {
    return http.send(request(method, address), progress, failure);
  }

  private static Http.Failure failure(HubName name, URI address) {
    return (found, cause) ->
        new IOException("cannot fetch %s from %s: %s.".formatted(name, address, found), cause);
  }

  /** Encodes a path of a repository for an address. */
  private static String encoded(String path) {
    try {
      return new URI(null, null, "/" + path, null).toASCIIString().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  /** Explains a status by the codes in Hugging Face's own library, {@code hf_raise_for_status}. */
  private String refusal(HubName name, String path, HttpResponse<?> response) {
    boolean loggedIn = !secrets.isEmpty();
    int status = response.statusCode();
    return switch (response.headers().firstValue("X-Error-Code").orElse("")) {
      case "GatedRepo" ->
          "you must accept its license or conditions first. Accept them at %s, and set HF_TOKEN to a token of the account that did"
              .formatted(page(name));
      case "RevisionNotFound" -> "there is no revision \"%s\"".formatted(name.revision());
      case "EntryNotFound" -> "there is no file \"%s\"".formatted(path);
      default ->
          switch (status) {
            case 401, 403, 404 ->
                loggedIn
                    ? "status %d: there is no such repository, or the token in HF_TOKEN is not valid or may not read it. Check the name and the token"
                        .formatted(status)
                    : "status %d: there is no such repository, or it needs a login. Check the name, or set HF_TOKEN to a token that may read it"
                        .formatted(status);
            case 429 ->
                "rate limit reached%s%s"
                    .formatted(
                        RetryAfter.description(response),
                        loggedIn
                            ? ". Try again later"
                            : ". Try again later, or set HF_TOKEN, with which more are allowed");
            default -> "the server responded with status %d. Try again later".formatted(status);
          };
    };
  }
}
