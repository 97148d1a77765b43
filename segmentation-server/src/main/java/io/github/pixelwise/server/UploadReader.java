package io.github.pixelwise.server;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Receives the body of one request, within the server's limits. Used on the event loop only. */
final class UploadReader {
  private static final String RECIPE = "recipe";
  private static final String BACKGROUND = "background";
  private static final Set<String> PHOTO = Set.of("photo", "file");
  private static final int LONGEST_RECIPE = 1 << 16;

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final ServerLimits limits;
  private final Map<String, Part> files = new HashMap<>();
  private long received;

  /** A file that is being received. */
  private static final class Part {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final String fileName;
    private boolean complete;

    Part(@Nullable String fileName) {
      this.fileName = fileName == null ? PhotoName.UNNAMED : fileName;
    }
  }

  UploadReader(Exchange exchange, ServerLimits limits) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.limits = limits;
  }

  /**
   * Receives the body.
   *
   * @param then gets it, unless it is refused or never arrives
   * @throws Problem if its header says that it is refused
   */
  void read(Vertx vertx, Consumer<Upload> then) {
    requireLength();
    boolean parts = isMultipart();
    TransferTimer timer =
        new TransferTimer(vertx, limits.transfer(), () -> exchange.fail(tooSlow()));
    exchange.whenOver(timer::stop);
    // If the connection has failed, nobody reads this.
    request.exceptionHandler(
        e ->
            exchange.fail(
                new Problem(
                    400,
                    "the body is damaged: "
                        + Objects.requireNonNullElse(e.getMessage(), "it has too many parts"))));
    if (parts) {
      request
          .setExpectMultipart(true)
          .uploadHandler(this::receive)
          .handler(bytes -> count(bytes, timer));
    } else {
      Part photo = new Part(null);
      photo.complete = true; // if the body is, which the length or the chunks tell
      files.put("photo", photo);
      request.handler(
          bytes -> {
            count(bytes, timer);
            receive(photo, bytes);
          });
    }
    request.endHandler(
        end -> {
          timer.stop();
          attempt(() -> then.accept(upload()));
        });
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
  }

  private void requireLength() {
    String length = exchange.header("Content-Length");
    if (length != null && Long.parseLong(length) > limits.bytes()) {
      throw tooLarge("the body has %s bytes".formatted(length));
    }
  }

  private Problem tooLarge(String found) {
    return new Problem(
        413, "%s; at most %d are allowed (--max-bytes)".formatted(found, limits.bytes()));
  }

  private Problem tooSlow() {
    return new Problem(
        408,
        "the request arrives too slowly: it is not there after %d s"
            .formatted(limits.transfer().toSeconds()));
  }

  /** Whether the body has parts. Fails if it is none that is known. */
  private boolean isMultipart() {
    String encoding = exchange.header("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Problem(
          415, "content encoding %s is not supported; send the body as it is".formatted(encoding));
    }
    String header = Objects.requireNonNullElse(exchange.header("Content-Type"), "");
    String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (type.equals("multipart/form-data")) {
      if (!header.toLowerCase(Locale.ROOT).contains("boundary=")) {
        throw new Problem(400, "content type multipart/form-data needs a boundary");
      }
      return true;
    }
    // curl calls everything that it is given with --data-binary a form.
    if (type.isEmpty()
        || type.startsWith("image/")
        || type.equals("application/octet-stream")
        || type.equals("application/x-www-form-urlencoded")) {
      return false;
    }
    throw new Problem(
        415,
        ("content type %s is not supported; send the bytes of a photo as image/* or"
                + " application/octet-stream, or parts as multipart/form-data")
            .formatted(type));
  }

  private void receive(HttpServerFileUpload upload) {
    attempt(
        () -> {
          String name = PHOTO.contains(upload.name()) ? "photo" : upload.name();
          if (!name.equals("photo") && !name.equals(BACKGROUND) && !name.equals(RECIPE)) {
            throw new Problem(
                400,
                "unknown file part %s; file parts are photo, background, and recipe"
                    .formatted(upload.name()));
          }
          Part part = new Part(upload.filename());
          if (files.putIfAbsent(name, part) != null) {
            throw new Problem(400, "file part %s occurs twice".formatted(name));
          }
          upload.handler(bytes -> receive(part, bytes)).endHandler(end -> part.complete = true);
        });
  }

  private static void receive(Part part, Buffer bytes) {
    part.bytes.writeBytes(bytes.getBytes());
  }

  /** Counts all bytes of the body, before they are kept. */
  private void count(Buffer bytes, TransferTimer timer) {
    timer.add(bytes.length());
    attempt(
        () -> {
          received += bytes.length();
          if (received > limits.bytes()) {
            throw tooLarge("the body has more than %d bytes".formatted(limits.bytes()));
          }
          exchange.received().take(bytes.length());
        });
  }

  private Upload upload() {
    Map<String, List<String>> fields = new HashMap<>();
    if (request.isExpectMultipart()) {
      request
          .formAttributes()
          .forEach(
              (name, value) -> fields.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    for (String name : PHOTO) {
      if (fields.containsKey(name)) {
        throw new Problem(
            400, "part %s must be a file, with a file name; found text".formatted(name));
      }
    }
    files.forEach(
        (name, part) -> {
          if (!part.complete) {
            throw new Problem(400, "the form ends within part %s".formatted(name));
          }
        });
    Part photo = files.get("photo");
    if (photo == null) {
      throw new Problem(400, "there is no photo; send it as the file part photo");
    }
    Part background = files.get(BACKGROUND);
    requireShort(fields);
    // A form in a browser sends an empty part where no file was chosen.
    return new Upload(
        photo.bytes.toByteArray(),
        PhotoName.of(photo.fileName),
        background == null || background.bytes.size() == 0 ? null : background.bytes.toByteArray(),
        recipe(fields),
        fields);
  }

  private static void requireShort(Map<String, List<String>> fields) {
    long length = 0;
    for (Map.Entry<String, List<String>> field : fields.entrySet()) {
      length += field.getKey().length();
      length += field.getValue().stream().mapToLong(String::length).sum();
    }
    if (length > LONGEST_RECIPE) {
      throw new Problem(413, "the recipe has more than %d characters".formatted(LONGEST_RECIPE));
    }
  }

  private @Nullable String recipe(Map<String, List<String>> fields) {
    Part file = files.get(RECIPE);
    List<String> texts = new ArrayList<>();
    if (file != null && file.bytes.size() > 0) {
      texts.add(file.bytes.toString(StandardCharsets.UTF_8));
    }
    List<String> field = fields.remove(RECIPE);
    if (field != null) {
      texts.addAll(field);
    }
    if (texts.size() > 1) {
      throw new Problem(400, "part recipe occurs twice");
    }
    String text = texts.isEmpty() ? null : texts.get(0);
    if (text != null && text.length() > LONGEST_RECIPE) {
      throw new Problem(413, "the recipe has more than %d characters".formatted(LONGEST_RECIPE));
    }
    return text;
  }

  /** Goes on with the request; refuses it if that fails. */
  private void attempt(Runnable step) {
    if (exchange.isOpen()) {
      try {
        step.run();
      } catch (Throwable e) { // a request without an answer would wait forever
        exchange.fail(e);
      }
    }
  }
}
