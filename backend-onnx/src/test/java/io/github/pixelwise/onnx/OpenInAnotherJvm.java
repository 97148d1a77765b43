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
   * Opens the model of a card, and prints the device, then the files of ONNX Runtime that the
   * process holds (on Linux); or prints the error. A second argument kills the JVM then.
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
