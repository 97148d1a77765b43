package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import io.github.pixelwise.models.EmbeddedModels;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docs/configuration.md} says of hosts where little can be written, each in a JVM of
 * its own. The superuser may write to folders that are read-only, so what cannot be written is a
 * path below a file here.
 */
class LockedDownTest {
  private static final String MODEL = "deeplabv3plus-mobilenetv2-voc";

  @TempDir private Path folder;
  private Path file;
  private Path tmp;
  private String card;

  @BeforeEach
  void start() throws IOException {
    file = Files.createFile(folder.resolve("file"));
    tmp = Files.createDirectory(folder.resolve("tmp"));
    Path jar = folder.resolve("model.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream content = new JarOutputStream(out)) {
      for (String entry : List.of(MODEL + ".properties", MODEL + ".onnx")) {
        content.putNextEntry(new JarEntry("a/" + entry));
        copy(EmbeddedModels.class, entry, content);
      }
    }
    card = "jar:" + jar.toUri() + "!/a/" + MODEL + ".properties";
  }

  private static void copy(Class<?> neighbour, String resource, OutputStream out)
      throws IOException {
    try (InputStream in =
        Objects.requireNonNull(neighbour.getResourceAsStream(resource), resource)) {
      in.transferTo(out);
    }
  }

  /** Opens the model with options of the JVM and, after them, variables of its environment. */
  private List<String> open(List<String> options, String... variables)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Duser.home=" + file);
    command.add("-Djava.io.tmpdir=" + tmp);
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp", System.getProperty("java.class.path"), OpenInAnotherJvm.class.getName(), card));
    Path log = folder.resolve("log");
    ProcessBuilder process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    process.environment().keySet().removeAll(List.of("XDG_CACHE_HOME", "PIXELWISE_CACHE"));
    for (String variable : variables) {
      String[] parts = variable.split("=", 2);
      process.environment().put(parts[0], parts[1]);
    }
    process.start().waitFor();
    return Files.readAllLines(log, StandardCharsets.UTF_8);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void withoutAHomeTheCacheIsInTheFolderForTemporaryFiles() throws Exception {
    assertThat(open(List.of())).first().isEqualTo("opened on cpu");

    assertThat(files(tmp))
        .singleElement()
        .matches(path -> path.endsWith(MODEL + ".onnx"))
        .matches(
            path -> path.startsWith(tmp.resolve("pixelwise-" + System.getProperty("user.name"))));
  }

  @Test
  void aUsersCacheIsWhereTheDesktopSays() throws Exception {
    Path xdg = folder.resolve("xdg");

    assertThat(open(List.of(), "XDG_CACHE_HOME=" + xdg)).first().isEqualTo("opened on cpu");

    assertThat(files(xdg.resolve("pixelwise"))).hasSize(1);
    assertThat(files(tmp)).isEmpty();
  }

  @Test
  void theCacheIsWhereItIsSaidToBe() throws Exception {
    Path property = folder.resolve("by-property");
    Path variable = folder.resolve("by-variable");

    open(List.of(), "PIXELWISE_CACHE=" + variable);
    open(List.of("-Dpixelwise.cache=" + property), "PIXELWISE_CACHE=" + file);

    assertThat(files(variable)).hasSize(1);
    assertThat(files(property)).hasSize(1);
    assertThat(files(tmp)).isEmpty();
  }

  @Test
  void aCacheThatHoldsTheModelIsOnlyRead() throws Exception {
    Path cache = folder.resolve("cache");
    open(List.of("-Dpixelwise.cache=" + cache));
    Path model = files(cache).get(0);
    FileTime written = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(model, written);
    Path models = Objects.requireNonNull(model.getParent());
    Files.setPosixFilePermissions(models, PosixFilePermissions.fromString("r-xr-xr-x"));

    assertThat(open(List.of("-Dpixelwise.cache=" + cache))).first().isEqualTo("opened on cpu");

    assertThat(files(cache)).containsExactly(model);
    assertThat(Files.getLastModifiedTime(model)).isEqualTo(written);
    Files.setPosixFilePermissions(models, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void aCacheThatCannotBeWrittenIsAnErrorThatSaysWhatToSet() throws Exception {
    Path cache = file.resolve("cache");

    assertThat(open(List.of("-Dpixelwise.cache=" + cache)))
        .containsExactly(
            "ModelLoadException: model "
                + MODEL
                + ": it has to be copied out of its jar, and no cache folder can be written: "
                + cache
                + ". Set -Dpixelwise.cache or PIXELWISE_CACHE to one that can, or to one that holds"
                + " the model already.");
  }

  @Test
  void withoutAFolderForTemporaryFilesTheErrorSaysWhatToSet() throws Exception {
    assertThat(open(List.of("-Djava.io.tmpdir=" + file)))
        .singleElement()
        .asString()
        .startsWith(
            "BackendNotFoundException: no backend on the class path can run model "
                + MODEL
                + " (onnx, torchscript). Found onnx: ONNX Runtime does not start: ")
        .contains(
            file + "/onnxruntime-java",
            "It unpacks its libraries into java.io.tmpdir, which must be writable, and loads them"
                + " from there, unless onnxruntime.native.path names a folder that has them");
  }

  /** The folder in ONNX Runtime's jar with the libraries of this platform. */
  private static String platform() {
    String arch = System.getProperty("os.arch");
    return "native/linux-" + (Arrays.asList("amd64", "x86_64").contains(arch) ? "x64" : arch) + "/";
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where a process can tell which files it holds
  void librariesAreLoadedFromTheFolderThatTheyWereUnpackedTo() throws Exception {
    Path natives = Files.createDirectory(folder.resolve("natives"));
    for (String name : List.of("libonnxruntime.so", "libonnxruntime4j_jni.so")) {
      try (OutputStream out = Files.newOutputStream(natives.resolve(name))) {
        copy(OrtEnvironment.class, platform() + name, out);
      }
    }

    List<String> unpacked = open(List.of());
    List<String> there = open(List.of("-Donnxruntime.native.path=" + natives));

    assertThat(unpacked).hasSize(3).contains("opened on cpu");
    assertThat(unpacked.subList(1, 3)).allMatch(library -> library.startsWith(tmp.toString()));
    assertThat(there)
        .containsExactlyInAnyOrder(
            "opened on cpu",
            natives.resolve("libonnxruntime.so").toString(),
            natives.resolve("libonnxruntime4j_jni.so").toString());
  }

  @Test
  void aFolderWithoutTheLibrariesIsNamed() throws Exception {
    assertThat(open(List.of("-Donnxruntime.native.path=" + tmp)))
        .singleElement()
        .asString()
        .contains(
            "ONNX Runtime does not start: ", "Native library 'onnxruntime' not found at " + tmp);
  }
}
