package io.github.pixelwise.zoo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * Fetches {@code hf:org/net} in a JVM of its own, and prints what it waits for and how it ends. The
 * Hub and the token are in its environment.
 */
final class FetchFromHubInAnotherJvm {
  private FetchFromHubInAnotherJvm() {}

  static ProcessBuilder command(URI endpoint, Path cache) {
    ProcessBuilder command =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // short runs need no more
                "-XX:-UsePerfData", // a file, too
                "-Dpixelwise.cache=" + cache,
                "-cp",
                System.getProperty("java.class.path"),
                FetchFromHubInAnotherJvm.class.getName())
            .redirectErrorStream(true);
    command.environment().put("HF_ENDPOINT", endpoint.toString());
    command.environment().put("HF_TOKEN", "hf_secret");
    return command;
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    try {
      Zoo.fetch(
          "hf:org/net",
          (phase, done, total) -> {
            if (phase == FetchProgress.Phase.WAITING) {
              System.out.println("waiting");
            }
          });
      System.out.println("fetched");
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }
}
