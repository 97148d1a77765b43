package io.github.pixelwise.examples;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.PalettePng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Writes the masks of a folder of photos. Several threads share one segmenter: while one waits for
 * the network, another reads or writes.
 */
public final class ManyPhotographs {
  private ManyPhotographs() {}

  /**
   * Runs the example.
   *
   * @param args the folder of PNG photos, and the folder for the masks
   * @throws Exception if a photo fails
   */
  public static void main(String[] args) throws Exception {
    Path masks = Files.createDirectories(Path.of(args[1]));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Segmenter segmenter = Segmenter.builder().open();
        Stream<Path> photos = Files.list(Path.of(args[0]))) {
      List<Callable<Path>> tasks = new ArrayList<>();
      photos
          .filter(photo -> photo.toString().endsWith(".png"))
          .forEach(
              photo ->
                  tasks.add(() -> writeMask(segmenter, photo, masks.resolve(photo.getFileName()))));
      for (Future<Path> written : threads.invokeAll(tasks)) {
        System.out.println(written.get());
      }
    } finally {
      threads.shutdown();
    }
  }

  private static Path writeMask(Segmenter segmenter, Path photo, Path mask) throws IOException {
    PalettePng.write(segmenter.segment(Images.read(photo)), mask);
    return mask;
  }
}
