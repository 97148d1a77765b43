package io.github.pixelwise.zoo.internal.transfer;

import io.github.pixelwise.zoo.FetchProgress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** Downloads files and verifies them. */
public final class Download {
  private static final OpenOption[] NEW = {
    StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING
  };
  private static final OpenOption[] MORE = {StandardOpenOption.APPEND};

  private final Http http;

  /** Creates a downloader. */
  public Download(Http http) {
    this.http = http;
  }

  /** Creates a downloader with the JVM's proxy and certificates. */
  public static Download standard() {
    return new Download(Http.standard());
  }

  /**
   * Downloads a file and verifies it. If the connection breaks, the file keeps what was received.
   *
   * @param file if it exists, the beginning of an earlier download, which is continued
   * @param unwritable makes the exception if it cannot be written; it is then deleted
   */
  public void to(
      Path file,
      Http.Request request,
      Verification verification,
      UnaryOperator<IOException> unwritable,
      FetchProgress progress)
      throws IOException, InterruptedException {
    if (Files.exists(file) && resumes(file, request, verification, unwritable, progress)) {
      return;
    }
    verification.restart();
    HttpResponse<InputStream> response = http.send(request, progress, verification);
    requireFile(response, verification);
    receive(response, file, NEW, verification, unwritable, progress);
    verification.finish();
  }

  /** Continues a download. Returns false if it has to start again. */
  private boolean resumes(
      Path file,
      Http.Request request,
      Verification verification,
      UnaryOperator<IOException> unwritable,
      FetchProgress progress)
      throws IOException, InterruptedException {
    long kept = Files.size(file);
    long size = verification.expected().size();
    if (kept == 0 || kept > size) {
      return false;
    }
    verification.addAll(file, progress);
    if (kept < size) {
      HttpResponse<InputStream> response =
          http.send(request.with("Range", "bytes=" + kept + "-"), progress, verification);
      String range = response.headers().firstValue("Content-Range").orElse("");
      if (response.statusCode() != 206 || !range.startsWith("bytes " + kept + "-")) {
        response.body().close();
        return false;
      }
      receive(response, file, MORE, verification, unwritable, progress);
    }
    // What was kept may be damaged, or of another version of the file.
    return verification.done() == size && verification.otherHash().isEmpty();
  }

  private static void requireFile(HttpResponse<InputStream> response, Verification verification)
      throws IOException {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (response.statusCode() == 200 && !type.startsWith("text/html")) {
      return;
    }
    response.body().close();
    throw verification.of(
        response.statusCode() == 200
            ? "it is a web page (text/html), probably a login or error page"
            : "the server responded with status " + response.statusCode(),
        null);
  }

  private void receive(
      HttpResponse<InputStream> response,
      Path file,
      OpenOption[] options,
      Verification verification,
      UnaryOperator<IOException> unwritable,
      FetchProgress progress)
      throws IOException, InterruptedException {
    long before = verification.done();
    try (Http.Body body = http.body(response, before, verification);
        OutputStream out = Files.newOutputStream(file, options)) {
      OptionalLong total = OptionalLong.empty();
      OptionalLong announced = response.headers().firstValueAsLong("Content-Length");
      if (announced.isPresent()) {
        total = OptionalLong.of(before + announced.getAsLong());
        verification.requireSize(total.getAsLong());
      }
      byte[] buffer = new byte[1 << 16];
      for (int length; (length = body.read(buffer)) >= 0; ) {
        verification.add(buffer, length);
        write(out, buffer, length, file, unwritable);
        progress.at(FetchProgress.Phase.DOWNLOADING, verification.done(), total);
        if (Thread.interrupted()) { // reading what has arrived already does not notice
          throw new InterruptedException();
        }
      }
    }
  }

  private static void write(
      OutputStream out, byte[] buffer, int length, Path file, UnaryOperator<IOException> unwritable)
      throws IOException {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      Files.deleteIfExists(file); // the disk may be full
      throw unwritable.apply(e);
    }
  }
}
