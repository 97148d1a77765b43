package io.github.pixelwise.server;

import io.github.pixelwise.InferenceException;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Why a request gets no result, as a problem document says it (RFC 9457). Its message is one
 * sentence for people.
 */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final String CONTENT_TYPE = "application/problem+json";
  private static final int LONGEST = 4000;
  private static final System.Logger LOG = System.getLogger(Problem.class.getName());

  private final int status;

  /** Header fields of the answer. */
  private final transient Map<String, String> headers;

  Problem(int status, String detail) {
    this(status, detail, Map.of());
  }

  Problem(int status, String detail, Map<String, String> headers) {
    super(shortened(detail));
    this.status = status;
    this.headers = headers;
  }

  /** Without most of what a client sent, if that is long. */
  private static String shortened(String detail) {
    return detail.length() <= LONGEST
        ? detail
        : detail.substring(0, LONGEST / 2)
            + " ... "
            + detail.substring(detail.length() - LONGEST / 2);
  }

  int status() {
    return status;
  }

  Answer answer() {
    JsonObject document =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
            .put("status", status)
            .put("detail", getMessage());
    return new Answer(
        status, CONTENT_TYPE, document.encode().getBytes(StandardCharsets.UTF_8), headers);
  }

  /** The problem that an exception is to the client. */
  static Problem of(Throwable e) {
    if (e instanceof Problem problem) {
      return problem;
    }
    if (isOutOfMemory(e)) {
      return new Problem(
          413,
          "the photo does not fit in the heap. Send a smaller one, or start the server with a"
              + " larger heap, for example JAVA_OPTS=-Xmx4g");
    }
    String message = String.valueOf(e.getMessage());
    if (e instanceof UnreadablePictureException unreadable) {
      return new Problem(
          switch (unreadable.reason()) {
            case EMPTY -> 400;
            case TOO_LARGE -> 413;
            case UNSUPPORTED -> 415;
            case DAMAGED, MISSING, INACCESSIBLE -> 422;
          },
          message.replace("(maxPixels)", "(--max-pixels)"));
    }
    if (e instanceof IOException) {
      return new Problem(422, message);
    }
    if (e instanceof IllegalArgumentException) {
      return new Problem(400, parameters(message));
    }
    if (e instanceof InferenceException) {
      LOG.log(System.Logger.Level.WARNING, "the engine failed", e);
      return new Problem(500, message);
    }
    LOG.log(System.Logger.Level.ERROR, "a request failed unexpectedly", e);
    return new Problem(500, "the server failed unexpectedly; its log says why");
  }

  /** Says parameter where recipes say key. */
  private static String parameters(String message) {
    return message
        .replaceAll("\\bunknown key\\b", "unknown parameter")
        .replace("; keys are ", "; parameters are ")
        .replaceAll("\\bkey (?=[a-z-]+)", "parameter ");
  }

  static boolean isOutOfMemory(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return true;
      }
    }
    return false;
  }

  /** Without a stack trace: it is an answer, not a bug. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
