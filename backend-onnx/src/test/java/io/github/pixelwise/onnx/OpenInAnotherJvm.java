package io.github.pixelwise.onnx;

import io.github.pixelwise.SegmentationException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What {@link LockedDownTest} runs in JVMs of their own. */
final class OpenInAnotherJvm {
  private OpenInAnotherJvm() {}

  /**
   * Opens a card's model and prints the device, then (on Linux) the files of ONNX Runtime that the
   * process has loaded; or prints the error. With a second argument, the JVM then kills itself.
   */
  public static void main(String[] args) throws IOException {
    ModelCard model = ModelCard.read(URI.create(args[0]).toURL());
    try (Segmenter segmenter = Segmenter.builder().model(model).open()) {
      System.out.println("opened on " + segmenter.runtime().device());
      Path maps = Path.of("/proc/self/maps");
      try (Stream<String> lines = Files.exists(maps) ? Files.lines(maps) : Stream.empty()) {
        lines
            .filter(line -> line.contains("onnxruntime") && line.contains(" r-xp "))
            .forEach(line -> System.out.println(line.substring(line.indexOf('/'))));
      }
      if (args.length > 1) {
        Runtime.getRuntime().halt(0); // as if killed
      }
    } catch (SegmentationException e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
