package io.github.pixelwise.server;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may use the server, and what browsers are told about it. */
final class Access {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
  private static final String SCHEME = "Bearer ";

  /** Header fields of every answer; answers with pages replace some of them. */
  private static final Map<String, String> SECURITY =
      Map.of(
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cache-Control", "no-store");

  private final @Nullable String token;
  private final Set<String> origins;
  private final boolean loopback;

  /**
   * @param token what clients must know; null if all may use the server
   * @param origins the origins whose pages may use the server, besides its own
   * @param loopback whether only programs on this machine reach the server
   */
  Access(@Nullable String token, Set<String> origins, boolean loopback) {
    this.token = token;
    this.origins = Set.copyOf(origins);
    this.loopback = loopback;
  }

  static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
    return LOOPBACK.contains(name) || name.matches("127(\\.[0-9]{1,3}){3}");
  }

  /**
   * Checks a token.
   *
   * @throws IllegalArgumentException if it cannot be sent in a header
   */
  static String requireToken(String token) {
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "a token must be ASCII characters without blanks, found "
              + (token.isBlank() ? "none" : "others"));
    }
    return token;
  }

  /**
   * Checks an origin.
   *
   * @throws IllegalArgumentException if browsers send none like it
   */
  static String requireOrigin(String origin) {
    if (!origin.matches("https?://[^/?#\\s*@]+")) {
      throw new IllegalArgumentException(
          "an origin must be SCHEME://HOST or SCHEME://HOST:PORT, such as https://example.org,"
              + " found \"%s\"".formatted(origin));
    }
    return origin;
  }

  /** The header fields of every answer to a request. */
  Map<String, String> headers(HttpServerRequest request) {
    Map<String, String> headers = new HashMap<>(SECURITY);
    allowedOrigin(request)
        .ifPresentOrElse(
            origin -> {
              headers.put("Access-Control-Allow-Origin", origin);
              headers.put(
                  "Access-Control-Expose-Headers",
                  "Content-Disposition, Pixelwise-Backend, Pixelwise-Model, Retry-After,"
                      + " Server-Timing");
              headers.put("Vary", "Origin");
            },
            () -> headers.put("Cross-Origin-Resource-Policy", "same-origin"));
    return headers;
  }

  private Optional<String> allowedOrigin(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader("Origin")).filter(origins::contains);
  }

  /**
   * Checks the caller's address and origin.
   *
   * @throws Problem if the request comes from a page of another origin, or was sent to another
   *     host's name, as a page does whose name changes its address (DNS rebinding)
   */
  void requireOwnPages(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    boolean needsHost = request.version() == HttpVersion.HTTP_1_1;
    if (request.headers().getAll("Host").size() > 1 || (needsHost && authority == null)) {
      throw new Problem(400, "the request needs one header Host, with the name of this server");
    }
    String host = authority == null ? "" : authority.host();
    if (loopback && !host.isEmpty() && !isLoopback(host)) {
      throw new Problem(
          421,
          "this server is for this machine alone, and the request is for host %s. Call localhost, or"
                  .formatted(host)
              + " start the server with --host");
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !origins.contains(origin) && !isOwn(origin, request)) {
      throw new Problem(
          403,
          "pages of %s may not use this server".formatted(origin)
              + (origin.equals("null")
                  ? ", because they have no origin"
                  : "; start it with --cors %s to allow them".formatted(origin)));
    }
  }

  private static boolean isOwn(String origin, HttpServerRequest request) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority != null && authority.equalsIgnoreCase(request.getHeader("Host"));
    } catch (IllegalArgumentException e) {
      return false; // such as null, of a page without an origin
    }
  }

  /**
   * Checks that the caller knows the token.
   *
   * @throws Problem if not
   */
  void requireToken(HttpServerRequest request) {
    if (token == null) {
      return;
    }
    String given = request.getHeader("Authorization");
    if (given == null
        || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || !MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8),
            given.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8))) {
      throw new Problem(
          401,
          "this server needs its token: send the header Authorization: Bearer TOKEN",
          Map.of("WWW-Authenticate", "Bearer"));
    }
  }

  /** The answer to what a browser asks before it sends a request of another origin. */
  Answer preflight(HttpServerRequest request) {
    Answer answer = new Answer(204, "text/plain", new byte[0], Map.of());
    return allowedOrigin(request).isEmpty()
        ? answer
        : answer
            .with("Access-Control-Allow-Methods", "GET, POST")
            .with("Access-Control-Allow-Headers", "Authorization, Content-Type")
            .with("Access-Control-Max-Age", "600");
  }
}
