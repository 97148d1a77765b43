package io.github.pixelwise.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The files that the server has on its class path: its pages, and the sample photos. */
final class Resources {
  private static final String PLAYGROUND = "/playground/";
  private static final String SAMPLES = "/samples/";
  private static final String DOCS = "/docs/";
  private static final String WEBJARS = "/META-INF/resources/webjars/swagger-ui/";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml",
          "png", "image/png");

  /** What pages may load: only what this server has. */
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
          + " connect-src 'self'; worker-src 'self'; media-src 'self' blob:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  /** Swagger UI sets styles in its elements. */
  private static final String DOCS_POLICY =
      PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

  private final String swagger = WEBJARS + swaggerVersion() + "/";

  private static String swaggerVersion() {
    String file = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
    Properties properties = new Properties();
    try (InputStream in = Resources.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("org.webjars:swagger-ui is not on the class path");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  /** The file of a path. Empty if there is none. */
  Optional<Answer> find(String path) {
    return switch (path) {
      case "/" -> page("playground/playground.html", PAGE_POLICY);
      case "/docs", "/docs/" -> page("docs/docs.html", DOCS_POLICY);
      case "/openapi.json" -> page("docs/openapi.json", PAGE_POLICY);
      case "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js" ->
          file(swagger + path.substring(DOCS.length()), DOCS_POLICY);
      default -> {
        // A name has no dots but one, and no folders but the samples' backgrounds.
        if (path.matches("/playground/[a-z-]+\\.[a-z]+")) {
          yield page("playground/" + path.substring(PLAYGROUND.length()), PAGE_POLICY);
        }
        if (path.matches("/docs/[a-z-]+\\.[a-z]+")) {
          yield page("docs/" + path.substring(DOCS.length()), DOCS_POLICY);
        }
        yield path.matches("/samples/(backgrounds/)?[a-z-]+\\.png")
            ? page("samples/" + path.substring(SAMPLES.length()), PAGE_POLICY)
            : Optional.empty();
      }
    };
  }

  private static Optional<Answer> page(String name, String policy) {
    return file("/io/github/pixelwise/server/" + name, policy);
  }

  private static Optional<Answer> file(String name, String policy) {
    try (InputStream in = Resources.class.getResourceAsStream(name)) {
      if (in == null) {
        return Optional.empty();
      }
      String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
      return Optional.of(
          Answer.of(TYPES.getOrDefault(suffix, "application/octet-stream"), in.readAllBytes())
              .with("Content-Security-Policy", policy)
              .with("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
              .with("Cache-Control", "no-cache"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
