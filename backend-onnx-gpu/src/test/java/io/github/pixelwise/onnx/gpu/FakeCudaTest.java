package io.github.pixelwise.onnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * ONNX Runtime's own CUDA provider on libraries of CUDA that only pretend, see {@code
 * src/test/c/fake_cuda.c}: sessions can be made, but nothing is computed.
 */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class FakeCudaTest {
  private static final List<String> LIBRARIES =
      List.of(
          "libcuda.so.1",
          "libcudart.so.12",
          "libcublas.so.12",
          "libcublasLt.so.12",
          "libcurand.so.10",
          "libcudnn.so.9");

  @TempDir private Path folder;
  private Path libraries;

  @BeforeEach
  void compile() throws IOException, InterruptedException {
    libraries = Files.createDirectory(folder.resolve("libraries"));
    Path source = Path.of("src/test/c/fake_cuda.c").toAbsolutePath();
    assumeTrue(run(List.of("cc", "--version")) == 0, "skipped: there is no C compiler cc");
    for (String library : LIBRARIES) {
      assertThat(
              run(
                  List.of(
                      "cc",
                      "-w",
                      "-shared",
                      "-fPIC",
                      "-fno-builtin",
                      "-Wl,-soname," + library,
                      source.toString(),
                      "-o",
                      libraries.resolve(library).toString())))
          .as(library)
          .isZero();
    }
  }

  private static int run(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1; // there is no such command
    }
  }

  /** Opens networks. Arguments come in threes: device, names of input and output, file. */
  private List<String> open(int gpus, String... networks) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + folder,
            "-Dpixelwise.cache=" + System.getProperty("pixelwise.cache"),
            "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), OpenOnFakeGpus.class.getName()));
    command.addAll(List.of(networks));
    Path out = folder.resolve("out");
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err").toFile());
    process.environment().put("LD_LIBRARY_PATH", libraries.toString());
    process.environment().put("FAKE_GPUS", Integer.toString(gpus));
    process.start().waitFor();
    return Files.readAllLines(out);
  }

  private String copy(String from, String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in =
        Objects.requireNonNull(FakeCudaTest.class.getResourceAsStream(from + name), name)) {
      Files.copy(in, file);
    }
    return file.toString();
  }

  @Test
  void usesGpusAndReportsOperatorsOnTheCpu() throws Exception {
    String embedded =
        copy("/META-INF/pixelwise/models/onnx/", "deeplabv3plus-mobilenetv2-voc.onnx");
    String resize = copy("", "resize.onnx");
    String names = "input,scores";

    List<String> lines =
        open(
            2, "cuda:0", names, embedded, "cuda:1", "in,out", resize, "cuda:2", "in,out", resize,
            "cpu", "in,out", resize, "auto", "in,out", resize);

    assertThat(lines).hasSize(6);
    assertThat(lines.subList(0, 5))
        .containsExactly(
            "devices: cuda:0, cuda:1, cpu",
            "cuda:0: asked for",
            "cuda:1: asked for; ONNX Runtime runs some operators on the CPU",
            "model net: device cuda:2 is not available: backend onnx finds only cuda:0, cuda:1. Choose cpu"
                + " or auto.",
            "cpu: asked for");
    // The trial finds that these GPUs compute nothing.
    assertThat(lines.get(5)).startsWith("cpu: cuda:0 fails: ");
  }

  @Test
  void reportsCudasReasonWithoutAGpu() throws Exception {
    String resize = copy("", "resize.onnx");

    assertThat(open(0, "auto", "in,out", resize, "cuda:0", "in,out", resize))
        .containsExactly(
            "devices: cpu",
            "cpu: no CUDA: ONNX Runtime says CUDA failure 100: no CUDA-capable device is detected",
            "model net: device cuda:0 is not available: backend onnx finds no CUDA: ONNX Runtime says CUDA"
                + " failure 100: no CUDA-capable device is detected. Choose cpu or auto.");
  }
}
