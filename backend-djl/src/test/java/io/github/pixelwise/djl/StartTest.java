package io.github.pixelwise.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.BackendNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How PyTorch starts, once per JVM: with native libraries that fit or a reason why not, and with
 * what settings. Cases that need a start of their own run {@link StartProbe} in another JVM.
 */
class StartTest {
  private static final String NATIVES = "native/lib/pytorch.properties";
  private static final String BRIDGE = "jnilib/pytorch.properties";

  @TempDir private Path folder;

  /** A jar with one file. */
  private String jar(String name, String entry, String... lines) throws IOException {
    Path jar = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
    return jar.toString();
  }

  private String natives(String name, String version, String flavor, String platform)
      throws IOException {
    return jar(name, NATIVES, "version=" + version, "flavor=" + flavor, "classifier=" + platform);
  }

  private String bridge(String name, String version) throws IOException {
    return jar(name, BRIDGE, "jni_version=" + version);
  }

  private static boolean require(String... jars) throws IOException {
    URL[] urls = new URL[jars.length];
    for (int i = 0; i < jars.length; i++) {
      urls[i] = Path.of(jars[i]).toUri().toURL();
    }
    try (URLClassLoader classes = new URLClassLoader(urls, null)) {
      return Natives.require(classes, "2.7.1", "0.35.1", "linux-x86_64");
    }
  }

  @Test
  void acceptsNativeLibrariesThatFit() throws IOException {
    String cpu = natives("cpu.jar", "2.7.1-20250812", "cpu", "linux-x86_64");
    String bridge = bridge("jni.jar", "2.7.1-0.35.1");
    // Those for another platform are ignored.
    String other = natives("win.jar", "1.13.1", "cpu", "win-x86_64");

    assertThat(require(cpu, bridge, other)).as("for CUDA").isFalse();
    String cuda = natives("cuda.jar", "2.7.1", "cu128", "linux-x86_64");
    assertThat(require(cpu, cuda, bridge)).as("for CUDA").isTrue();
  }

  @Test
  void namesMissingNativeLibraries() throws IOException {
    assertThatThrownBy(() -> require(natives("win.jar", "2.7.1", "cpu", "win-x86_64")))
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessage(
            "PyTorch's native libraries for linux-x86_64 are not on the class path, and nothing is"
                + " downloaded. Add ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64 and"
                + " ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1");
    String cpu = natives("cpu.jar", "2.7.1", "cpu", "linux-x86_64");
    assertThatThrownBy(() -> require(cpu))
        .hasMessageEndingWith("Add ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1");
    assertThatThrownBy(() -> require(bridge("jni.jar", "2.7.1-0.35.1")))
        .hasMessageEndingWith("Add ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64");
  }

  @Test
  void namesNativeLibrariesOfAnotherVersion() throws IOException {
    String cpu = natives("cpu.jar", "2.7.1-20250812", "cpu", "linux-x86_64");
    String old = natives("old.jar", "2.5.1-20241231", "cpu", "linux-x86_64");
    String bridge = bridge("jni.jar", "2.7.1-0.35.1");

    assertThatThrownBy(() -> require(cpu, old, bridge))
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessage(
            "native libraries of another version are on the class path: found jar:%s (2.7.1-20250812) and"
                + " jar:%s (2.5.1-20241231), expected only ai.djl.pytorch:pytorch-native-*:2.7.1."
                + " Remove the others.",
            Path.of(cpu).toUri().toURL(), Path.of(old).toUri().toURL());
    String oldBridge = bridge("old-jni.jar", "2.5.1-0.33.0");
    assertThatThrownBy(() -> require(cpu, oldBridge))
        .hasMessage(
            "native libraries of another version are on the class path: found jar:%s (2.5.1-0.33.0), expected"
                + " only ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1. Remove the others.",
            Path.of(oldBridge).toUri().toURL());
  }

  // The following tests run in separate JVMs.

  private static List<String> probe(List<String> classPath, String... options) throws Exception {
    return OtherJvm.run(StartProbe.class, classPath, options);
  }

  private static String cache() {
    return "-Dpixelwise.cache=" + System.getProperty("pixelwise.cache");
  }

  @Test
  void downloadsNothingWithoutNativeLibraries() throws Exception {
    List<String> classPath = OtherJvm.classPath(jar -> !jar.startsWith("pytorch-native"));

    assertThat(probe(classPath, cache()))
        .anyMatch(
            line ->
                line.matches(
                    "unavailable: PyTorch's native libraries for \\S+ are not on the class path, and nothing is"
                        + " downloaded\\. Add ai\\.djl\\.pytorch:pytorch-native-cpu:2\\.7\\.1:\\S+"))
        .contains("connections: 0");
  }

  @Test
  void loadsNoClassOfDjlToFindTheBackend() throws Exception {
    List<String> printed = probe(OtherJvm.classPath(jar -> true), cache(), "-Xlog:class+load");

    int found = printed.indexOf("found: djl 200 [torchscript]");
    assertThat(printed.subList(0, found)).noneMatch(line -> line.contains("ai.djl."));
    assertThat(printed.subList(found, printed.size())).anyMatch(line -> line.contains("ai.djl."));
  }

  @Test
  void namesTheArtifactOfMissingDjl() throws Exception {
    List<String> classPath =
        OtherJvm.classPath(jar -> !jar.startsWith("pytorch-") && !jar.startsWith("api-"));

    assertThat(probe(classPath, cache()))
        .anyMatch(
            line ->
                line.startsWith("unavailable: PyTorch does not start: ")
                    && line.contains("there is no class ai.djl.")
                    && line.endsWith("Add ai.djl.pytorch:pytorch-engine and what it depends on"));
  }

  @Test
  void rejectsASecondNativeLibrary() throws Exception {
    List<String> probed = new ArrayList<>(OtherJvm.classPath(jar -> true));
    List<String> platforms = List.of("linux-x86_64", "linux-aarch64", "osx-aarch64", "win-x86_64");
    for (String platform : platforms) {
      probed.add(natives(platform + ".jar", "2.5.1", "cpu", platform));
    }

    assertThat(probe(probed, cache()))
        .anyMatch(
            line ->
                line.startsWith(
                        "unavailable: native libraries of another version are on the class path:")
                    && line.contains("pytorch-native-cpu-2.7.1")
                    && line.contains("(2.5.1)"));
  }

  @Test
  void sharesSettingsAndTheFirstNumberOfThreads() throws Exception {
    assertThat(probe(OtherJvm.classPath(jar -> true), cache()))
        .contains(
            "ai.djl.offline=true",
            "OPT_OUT_TRACKING=true",
            "ai.djl.pytorch.graph_optimizer=false",
            "ENGINE_CACHE_DIR=" + Path.of(System.getProperty("pixelwise.cache"), "djl"),
            "asked for 1 thread: PyTorch's native libraries on the class path are for the CPU only",
            "asked for 3 threads: PyTorch's native libraries on the class path are for the CPU only; 1"
                + " threads instead of 3, because PyTorch has one number for the whole JVM, set by the"
                + " first session",
            "connections: 0");
  }

  @Test
  void keepsTheApplicationsSettings() throws Exception {
    assertThat(
            probe(
                OtherJvm.classPath(jar -> true),
                cache(),
                "-Dai.djl.offline=false",
                "-DOPT_OUT_TRACKING=yes",
                "-Dai.djl.pytorch.graph_optimizer=true",
                "-Dai.djl.pytorch.num_threads=2",
                "-DENGINE_CACHE_DIR=" + Path.of(System.getProperty("pixelwise.cache"), "djl")))
        .contains(
            "ai.djl.offline=false", "OPT_OUT_TRACKING=yes", "ai.djl.pytorch.graph_optimizer=true")
        .anyMatch(line -> line.startsWith("asked for 1 thread: ") && line.contains("2 threads"))
        // Only settings of the application make DJL try this.
        .doesNotContain("connections: 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pixelwise.cache", "ENGINE_CACHE_DIR"})
  void namesAFolderThatCannotBeWritten(String property) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    List<String> printed =
        probe(
            OtherJvm.classPath(jar -> true), "-D%s=%s".formatted(property, file.resolve("cache")));

    assertThat(printed)
        .anyMatch(
            line ->
                line.startsWith("unavailable: PyTorch does not start: ")
                    && line.contains(file.toString())
                    && line.contains("Set ")
                    && line.contains(property));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
