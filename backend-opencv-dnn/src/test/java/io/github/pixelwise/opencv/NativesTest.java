package io.github.pixelwise.opencv;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Device;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_dnn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native libraries: where they come from, and their shared number of threads. */
class NativesTest {
  private static final String LIBRARY =
      "org/bytedeco/opencv/%s/%sjniopencv_dnn%s"
          .formatted(
              Loader.getPlatform(),
              Loader.loadProperties().getProperty("platform.library.prefix"),
              Loader.loadProperties().getProperty("platform.library.suffix"));

  @TempDir private Path folder;

  /** The availability on a class path of the backend, OpenCV's classes, and these jars. */
  private static Object availability(URL... natives) throws Exception {
    return availability(List.of(Loader.class, openblas_nolapack.class, opencv_dnn.class), natives);
  }

  private static Object availability(List<Class<?>> bindings, URL... natives) throws Exception {
    List<URL> jars = new ArrayList<>(Arrays.asList(natives));
    List<Class<?>> types = new ArrayList<>(List.of(OpenCvBackend.class, BackendProvider.class));
    types.addAll(bindings);
    for (Class<?> type : types) {
      jars.add(type.getProtectionDomain().getCodeSource().getLocation());
    }
    try (URLClassLoader alone =
        new URLClassLoader(jars.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      Class<?> backend = alone.loadClass(OpenCvBackend.class.getName());
      Object availability =
          backend.getMethod("availability").invoke(backend.getDeclaredConstructor().newInstance());
      return availability.getClass().getMethod("reason").invoke(availability);
    }
  }

  @Test
  void reportsTheVersionOfTheEngine() {
    assertThat(new OpenCvBackend().availability())
        .isEqualTo(new Availability(true, "OpenCV 4.13.0", "cpu", ""));
  }

  @Test
  void namesMissingOpenCv() throws Exception {
    assertThat(availability(List.of()))
        .isEqualTo(
            "OpenCV's Java classes are not on the class path: "
                + "org/bytedeco/javacpp/Loader is missing. Add org.bytedeco:opencv-platform.");
    assertThat(availability(List.of(Loader.class)))
        .isEqualTo(
            "OpenCV's Java classes are not on the class path: "
                + "org/bytedeco/opencv/global/opencv_dnn is missing. Add org.bytedeco:opencv-platform.");
  }

  @Test
  void namesMissingNativeLibraries() throws Exception {
    assertThat(availability())
        .isEqualTo(
            ("OpenCV's native libraries for %1$s are not on the class path. Add"
                    + " org.bytedeco:opencv-platform:4.13.0-1.5.13, or opencv, openblas, and javacpp"
                    + " of org.bytedeco with the classifier %1$s.")
                .formatted(Loader.getPlatform()));
  }

  @Test
  void namesBothJarsOfTwoVersions() throws Exception {
    URL library = Objects.requireNonNull(getClass().getClassLoader().getResource(LIBRARY));
    URL known = ((JarURLConnection) library.openConnection()).getJarFileURL();
    Path other = folder.resolve("opencv-4.11.0-1.5.12-%s.jar".formatted(Loader.getPlatform()));
    writeJar(other);

    assertThat(availability(known, other.toUri().toURL()))
        .isEqualTo(
            "OpenCV's native libraries are on the class path more than once: %s and %s. Keep only those of version"
                    .formatted(known.getPath(), other)
                + " 4.13.0-1.5.13.");
  }

  @Test
  void reportsNativeLibrariesThatDoNotLoad() throws Exception {
    Path broken = folder.resolve("broken.jar");
    writeJar(broken);

    assertThat(availability(broken.toUri().toURL()).toString())
        .startsWith("OpenCV does not start: ")
        .endsWith(
            ". Use all the libraries that org.bytedeco:opencv-platform:4.13.0-1.5.13 brings, in those"
                + " versions.");
  }

  private static void writeJar(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out)) {
      jar.putNextEntry(new JarEntry(LIBRARY));
      jar.write(new byte[100]);
      jar.closeEntry();
    }
  }

  @Test
  void usesTheFirstModelsNumberOfThreads() throws IOException {
    Path file = folder.resolve("relu.onnx");
    Files.write(file, Networks.of(Networks.node("Relu", "in", "out")).toByteArray());
    // Another test may have set it first.
    open(file, 1).close();
    int threads = opencv_core.getNumThreads();
    try (InferenceSession any = open(file, 0);
        InferenceSession same = open(file, threads);
        InferenceSession more = open(file, threads + 1)) {
      assertThat(any.runtime().reason()).isEqualTo("the only device of this backend");
      assertThat(same.runtime().reason()).isEqualTo("the only device of this backend");
      assertThat(more.runtime().reason())
          .isEqualTo(
              "the only device of this backend; %d threads instead of %d, because OpenCV has one number for the whole JVM, set by the first model",
              threads, threads + 1);
      assertThat(opencv_core.getNumThreads()).isEqualTo(threads);
    }
  }

  private static InferenceSession open(Path file, int threads) {
    return Networks.open(Networks.context(file, "in", "out").device(Device.CPU).threads(threads));
  }
}
