package io.github.pixelwise.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One program, built and run on class paths that differ only in the backend. */
class BackendSwapTest {
  private static final Path WARNINGS_ALONE = Path.of("src/test/resources/logging.properties");

  private static final Path PHOTO = Path.of("../examples/photos/chelsea.png");
  private static final Path PROGRAM =
      Path.of("../examples/src/main/java/io/github/pixelwise/examples/ColorMap.java");

  /** Parts of the paths that only one backend's dependencies bring. */
  private static final List<String> ONNX = List.of("backend-onnx", "onnxruntime");

  private static final List<String> DJL = List.of("backend-djl", "/ai/djl/");
  private static final List<String> OPENCV = List.of("backend-opencv-dnn", "/org/bytedeco/");

  @TempDir private Path folder;

  private record Outcome(int exit, String output) {}

  @BeforeEach
  void requireSeparableClassPaths() {
    for (List<String> backend : List.of(ONNX, DJL, OPENCV)) {
      assertThat(classPath(List.of(ONNX, DJL, OPENCV))).isNotEqualTo(classPath(without(backend)));
    }
  }

  private static List<List<String>> without(List<String> backend) {
    return Stream.of(ONNX, DJL, OPENCV).filter(other -> !other.equals(backend)).toList();
  }

  /** This JVM's class path with only the given backends. */
  private static String classPath(List<List<String>> backends) {
    List<String> others =
        Stream.of(ONNX, DJL, OPENCV)
            .filter(backend -> !backends.contains(backend))
            .flatMap(List::stream)
            .toList();
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> others.stream().noneMatch(entry.replace('\\', '/')::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Builds and runs the program with JVM options. */
  private Outcome run(List<List<String>> backends, Path indices, String... options)
      throws IOException, InterruptedException {
    String classPath = classPath(backends);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                classPath,
                "-d",
                classes.toString(),
                PROGRAM.toString());
    assertThat(compiled).isZero();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // short runs need no more
                "-Djava.util.logging.config.file=" + WARNINGS_ALONE.toAbsolutePath()));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            classes + File.pathSeparator + classPath,
            "io.github.pixelwise.examples.ColorMap",
            PHOTO.toString(),
            folder.resolve("colors.png").toString(),
            indices.toString()));
    Path log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    // On processors that NNPACK does not know, PyTorch prints this for small convolutions.
    String output =
        Files.readAllLines(log, StandardCharsets.UTF_8).stream()
            .filter(line -> !line.contains("Could not initialize NNPACK!"))
            .collect(Collectors.joining("\n"));
    return new Outcome(process.exitValue(), output);
  }

  @Test
  void printsTheSameOnEachBackend() throws Exception {
    List<byte[]> masks = new ArrayList<>();
    for (List<String> backend : List.of(ONNX, DJL, OPENCV)) {
      Path indices = folder.resolve("indices.png");
      assertThat(run(List.of(backend), indices)).isEqualTo(new Outcome(0, ""));
      masks.add(Files.readAllBytes(indices));
    }

    assertThat(masks.get(1)).isEqualTo(masks.get(0));
    assertThat(masks.get(2)).isEqualTo(masks.get(0));
  }

  @Test
  void usesTheHigherPriorityAndDoesNotLoadTheOther() throws Exception {
    Path classes = folder.resolve("classes.txt");

    Outcome outcome =
        run(
            List.of(OPENCV, ONNX),
            folder.resolve("indices.png"),
            "-Xlog:class+load:file=" + classes);

    assertThat(outcome).isEqualTo(new Outcome(0, ""));
    assertThat(Files.readString(classes, StandardCharsets.UTF_8))
        .contains(" ai.onnxruntime.")
        .doesNotContain(" org.bytedeco.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"djl", "opencv-dnn"})
  void usesTheNamedBackendOfTwo(String named) throws Exception {
    // ONNX Runtime cannot start with this setting, so success shows that it was not started.
    String broken = "-Donnxruntime.native.path=" + folder.resolve("nothing");
    String chosen = "-Dpixelwise.backend=" + named;

    Outcome outcome =
        run(List.of(ONNX, DJL, OPENCV), folder.resolve("indices.png"), broken, chosen);

    assertThat(outcome.exit()).isZero();
  }

  @Test
  void namesTheBackendsToAddIfThereIsNone() throws Exception {
    Outcome outcome = run(List.of(), folder.resolve("indices.png"));

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.output())
        .contains("BackendNotFoundException")
        .contains("io.github.pixelwise:pixelwise-onnx");
  }
}
