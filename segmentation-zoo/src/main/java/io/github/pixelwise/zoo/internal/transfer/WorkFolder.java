package io.github.pixelwise.zoo.internal.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary folder for one fetch, which is deleted when closed.
 *
 * @param path the folder
 */
public record WorkFolder(Path path) implements Closeable {
  /** Creates an empty folder. Leftovers of a killed process are deleted first. */
  public static WorkFolder create(Path path) throws IOException {
    WorkFolder folder = new WorkFolder(path);
    folder.close();
    Files.createDirectory(path);
    return folder;
  }

  /** Deletes it. */
  @Override
  public void close() throws IOException {
    if (Files.exists(path)) {
      List<Path> all;
      try (Stream<Path> walk = Files.walk(path)) {
        all = walk.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path each : all) {
        Files.delete(each);
      }
    }
  }
}
