package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtEnvironment;
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
  private static final Path WARNINGS_ALONE = Path.of("src/test/resources/logging.properties");

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
        copy(LockedDownTest.class, "/META-INF/pixelwise/models/onnx/" + entry, content);
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

  /** Opens the model with JVM options and environment variables. */
  private List<String> open(List<String> options, String... variables)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    start(log, List.of(card), options, variables).waitFor();
    return Files.readAllLines(log, StandardCharsets.UTF_8);
  }

  private Process start(Path log, List<String> arguments, List<String> options, String... variables)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // short runs need no more
    command.add("-Duser.home=" + file);
    command.add("-Djava.io.tmpdir=" + tmp);
    command.add("-Djava.util.logging.config.file=" + WARNINGS_ALONE.toAbsolutePath());
    command.addAll(options);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), OpenInAnotherJvm.class.getName()));
    command.addAll(arguments);
    ProcessBuilder process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    process.environment().keySet().removeAll(List.of("XDG_CACHE_HOME", "PIXELWISE_CACHE"));
    for (String variable : variables) {
      String[] parts = variable.split("=", 2);
      process.environment().put(parts[0], parts[1]);
    }
    return process.start();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void usesATemporaryCacheWithoutAHome() throws Exception {
    assertThat(open(List.of())).first().isEqualTo("opened on cpu");

    Path cache = tmp.resolve("pixelwise-" + System.getProperty("user.name"));
    assertThat(tmp.toFile().list()).containsExactly(cache.getFileName().toString());
    assertThat(files(cache))
        .hasSize(3)
        .anyMatch(path -> path.endsWith(MODEL + ".onnx"))
        .anyMatch(path -> path.endsWith("libonnxruntime.so"));
  }

  @Test
  void usesXdgCacheHome() throws Exception {
    Path xdg = folder.resolve("xdg");

    assertThat(open(List.of(), "XDG_CACHE_HOME=" + xdg)).first().isEqualTo("opened on cpu");

    assertThat(files(xdg.resolve("pixelwise"))).hasSize(3);
    assertThat(tmp).isEmptyDirectory();
  }

  @Test
  void usesTheConfiguredCache() throws Exception {
    Path property = folder.resolve("by-property");
    Path variable = folder.resolve("by-variable");

    open(List.of(), "PIXELWISE_CACHE=" + variable);
    open(List.of("-Dpixelwise.cache=" + property), "PIXELWISE_CACHE=" + file);

    assertThat(files(variable)).hasSize(3);
    assertThat(files(property)).hasSize(3);
    assertThat(tmp).isEmptyDirectory();
  }

  @Test
  void onlyReadsACacheThatHoldsTheModel() throws Exception {
    Path cache = folder.resolve("cache");
    open(List.of("-Dpixelwise.cache=" + cache));
    List<Path> files = files(cache);
    Path model =
        files.stream().filter(path -> path.endsWith(MODEL + ".onnx")).findFirst().orElseThrow();
    FileTime written = FileTime.fromMillis(1000);
    for (Path path : files) {
      Files.setLastModifiedTime(path, written);
    }
    Path models = Objects.requireNonNull(model.getParent());
    Files.setPosixFilePermissions(models, PosixFilePermissions.fromString("r-xr-xr-x"));

    assertThat(open(List.of("-Dpixelwise.cache=" + cache))).first().isEqualTo("opened on cpu");

    assertThat(files(cache)).containsExactlyElementsOf(files);
    for (Path path : files) {
      assertThat(Files.getLastModifiedTime(path)).isEqualTo(written);
    }
    Files.setPosixFilePermissions(models, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void saysWhatToSetIfTheCacheCannotBeWritten() throws Exception {
    Path cache = file.resolve("cache");

    assertThat(open(List.of("-Dpixelwise.cache=" + cache)))
        .containsExactly(
            "ModelLoadException: model "
                + MODEL
                + ": it must be copied out of its jar, but no cache folder is writable: "
                + cache.resolve("models")
                + ": Not a directory. Set -Dpixelwise.cache or PIXELWISE_CACHE to a writable "
                + "folder of your own, or to one that already holds the model.");
  }

  private static void assertDoesNotStart(List<String> printed, String reason) {
    assertThat(printed)
        .containsExactly(
            "BackendNotFoundException: no backend on the class path can run model %s (onnx)."
                    .formatted(MODEL)
                + " Found onnx: ONNX Runtime does not start: %s. Fix the problem above, or"
                    .formatted(reason)
                + " add another backend that reads onnx.");
  }

  @Test
  void saysWhatToSetWithoutATemporaryFolder() throws Exception {
    Path gone = folder.resolve("gone");

    assertDoesNotStart(
        open(List.of("-Djava.io.tmpdir=" + gone)),
        gone + " does not exist. Set -Djava.io.tmpdir to a writable folder");
    assertDoesNotStart(
        open(List.of("-Djava.io.tmpdir=" + file)),
        file + " is not a folder. Set -Djava.io.tmpdir to a writable folder");
  }

  /**
   * What is printed if the cache and the temporary folder are on a file system with these options.
   */
  private List<String> openOn(String mountOptions) throws IOException, InterruptedException {
    Path mount = Files.createDirectory(folder.resolve("mount"));
    ProcessBuilder mounting =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", mountOptions, "tmpfs", mount.toString());
    assumeTrue(
        mounting.start().waitFor() == 0, "skipped: this user may not mount file systems here");
    try {
      Path temporary = Files.createDirectory(mount.resolve("tmp"));
      return open(
          List.of("-Dpixelwise.cache=" + mount.resolve("cache"), "-Djava.io.tmpdir=" + temporary));
    } finally {
      new ProcessBuilder("umount", mount.toString()).start().waitFor();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void reportsAFullDiskInOneLine() throws Exception {
    Path mount = folder.resolve("mount");

    assertDoesNotStart(
        openOn("size=64k"),
        "no space left on %1$s/cache; no space left on %1$s/tmp/pixelwise-%2$s. Set"
                .formatted(mount, System.getProperty("user.name"))
            + " -Dpixelwise.cache or PIXELWISE_CACHE to a writable folder of your own that allows "
            + "execution");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void reportsAFileSystemMountedNoexec() throws Exception {
    assertDoesNotStart(
        openOn("size=100m,noexec"),
        folder.resolve("mount")
            + " is mounted noexec. Set -Dpixelwise.cache or PIXELWISE_CACHE to a writable folder "
            + "of your own that allows execution");
  }

  @Test
  void namesTheMissingLoggingModule() throws Exception {
    assertDoesNotStart(
        open(List.of("--limit-modules=java.desktop")),
        "this Java runtime lacks the module java.logging. Add it with --add-modules of jlink");
  }

  @Test
  void leavesNothingInTheTemporaryFolderWhenKilled() throws Exception {
    Path log = folder.resolve("log");
    start(log, List.of(card, "kill"), List.of("-Dpixelwise.cache=" + folder.resolve("cache")))
        .waitFor();

    assertThat(log).content().startsWith("opened on cpu");
    assertThat(tmp).isEmptyDirectory();
  }

  @Test
  void unpacksInSeveralJvmsAtOnce() throws Exception {
    Path cache = folder.resolve("cache");
    List<Path> logs = List.of(folder.resolve("1"), folder.resolve("2"), folder.resolve("3"));
    List<Process> processes = new ArrayList<>();
    for (Path log : logs) {
      processes.add(start(log, List.of(card), List.of("-Dpixelwise.cache=" + cache)));
    }
    for (Process process : processes) {
      process.waitFor();
    }

    assertThat(logs).allSatisfy(log -> assertThat(log).content().startsWith("opened on cpu"));
    assertThat(files(cache)).hasSize(3);
  }

  @Test
  void unpacksATruncatedLibraryAgain() throws Exception {
    Path cache = folder.resolve("cache");
    open(List.of("-Dpixelwise.cache=" + cache));
    Path library =
        files(cache).stream()
            .filter(path -> path.endsWith("libonnxruntime.so"))
            .findFirst()
            .orElseThrow();
    long size = Files.size(library);
    Files.write(library, new byte[1000]);

    assertThat(open(List.of("-Dpixelwise.cache=" + cache))).first().isEqualTo("opened on cpu");
    assertThat(library).hasSize(size);
  }

  /** The folder in ONNX Runtime's jar with the libraries for this platform. */
  private static String platform() {
    String arch = System.getProperty("os.arch");
    return "native/linux-" + (Arrays.asList("amd64", "x86_64").contains(arch) ? "x64" : arch) + "/";
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where a process can tell which files it holds
  void loadsLibrariesFromTheConfiguredFolder() throws Exception {
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
  void namesAFolderWithoutTheLibraries() throws Exception {
    assertThat(open(List.of("-Donnxruntime.native.path=" + tmp)))
        .singleElement()
        .asString()
        .contains(
            "ONNX Runtime does not start: ", "Native library 'onnxruntime' not found at " + tmp);
  }
}
