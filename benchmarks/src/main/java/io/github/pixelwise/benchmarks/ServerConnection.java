package io.github.pixelwise.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A kept-alive connection to a server on this machine, with next to no work of its own. */
final class ServerConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 150_000;

  private final Socket socket;
  private final InputStream in;
  private int retryAfter;

  ServerConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static byte[] header(String method, String path, String type, long length) {
    return "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(method, path, type, length)
        .getBytes(StandardCharsets.US_ASCII);
  }

  OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  /** Sends a photo, and returns the status of the answer. */
  int post(String path, String type, byte[] body) throws IOException {
    out().write(header("POST", path, type, body.length));
    out().write(body);
    return status();
  }

  /** Reads an answer, and returns its status. */
  int status() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    retryAfter = 1;
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      } else if (lower.startsWith("retry-after:")) {
        retryAfter = Integer.parseInt(lower.substring(12).strip());
      }
    }
    in.skipNBytes(length);
    return status;
  }

  /** When the last answer said to try again, in seconds. */
  int retryAfter() {
    return retryAfter;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
