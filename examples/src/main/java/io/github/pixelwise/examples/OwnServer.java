package io.github.pixelwise.examples;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.server.SegmentationServer;
import io.github.pixelwise.server.ServerLimits;
import java.io.IOException;
import java.time.Duration;

/** Serves a model over HTTP from within a program. */
public final class OwnServer {
  private OwnServer() {}

  /**
   * Starts a server for clients that know a token.
   *
   * @param segmenter what segments their photos; to be closed after the server
   * @param port the port to listen on, or 0 for any that is free
   * @param token the token
   * @return the server
   * @throws IOException if the port is taken
   */
  public static SegmentationServer start(Segmenter segmenter, int port, String token)
      throws IOException {
    ServerLimits limits =
        ServerLimits.DEFAULT.withPixels(12_000_000).withTime(Duration.ofSeconds(10));
    return SegmentationServer.builder()
        .segmenter(segmenter)
        .port(port)
        .token(token)
        .limits(limits)
        .start();
  }

  /**
   * Serves until Enter is pressed.
   *
   * @param args the port, and the token
   * @throws IOException if the port is taken
   */
  public static void main(String[] args) throws IOException {
    try (Segmenter segmenter = Segmenter.open();
        SegmentationServer server = start(segmenter, Integer.parseInt(args[0]), args[1])) {
      System.out.printf("Serving on %s. Press Enter to stop.%n", server.uri());
      System.in.read();
    }
  }
}
