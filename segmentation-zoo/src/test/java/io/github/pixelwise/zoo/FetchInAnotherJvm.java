package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.zoo.internal.transfer.Download;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Fetches in a JVM of its own, and prints what it waits for and how it ends. */
final class FetchInAnotherJvm {
  private FetchInAnotherJvm() {}

  /** Starts one; its arguments are of the program below. */
  static ProcessBuilder command(ZooEntry entry, Path cache) {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", // short runs need no more
            "-XX:-UsePerfData", // a file, too
            "-cp",
            System.getProperty("java.class.path"),
            FetchInAnotherJvm.class.getName(),
            entry.source().toString(),
            Long.toString(entry.size()),
            entry.sha256(),
            cache.toString())
        .redirectErrorStream(true);
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    ZooEntry entry = Checkpoints.entry(URI.create(args[0]), Long.parseLong(args[1]), args[2]);
    try {
      new Fetcher(
              new CacheFolders(List.of(Path.of(args[3]))), Download::standard, Checkpoints::copy)
          .fetch(
              entry,
              null,
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
