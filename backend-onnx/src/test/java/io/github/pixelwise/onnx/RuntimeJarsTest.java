package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.Catalog;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.spi.Availability;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Simulates ONNX Runtime by jars whose entries are empty. */
class RuntimeJarsTest {
  private static final String CLASS = "ai/onnxruntime/OrtEnvironment.class";

  @TempDir private Path folder;
  private URL cpu;
  private URL linuxGpu;
  private URL windowsGpu;

  @BeforeEach
  void write() throws IOException {
    cpu = jar("onnxruntime-9.jar", CLASS);
    linuxGpu =
        jar(
            "onnxruntime_gpu-9.jar",
            CLASS,
            "ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so");
    windowsGpu =
        jar(
            "windows-gpu-9.jar",
            CLASS,
            "ai/onnxruntime/native/win-x64/onnxruntime_providers_cuda.dll");
  }

  private URL jar(String name, String... entries) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out)) {
      for (String entry : entries) {
        jar.putNextEntry(new JarEntry(entry));
      }
    }
    return file.toUri().toURL();
  }

  private static String message(URL gpu, Object cpu) {
    return ("two ONNX Runtimes are on the class path, %s with CUDA and %s without. To use CUDA,"
            + " remove the second (depend only on io.github.pixelwise:pixelwise-onnx-gpu); otherwise,"
            + " remove the first (depend only on pixelwise-onnx)")
        .formatted(gpu, cpu);
  }

  private static void requireConflict(String message, URL... jars) throws IOException {
    try (URLClassLoader loader = new URLClassLoader(jars, null)) {
      assertThat(RuntimeJars.conflict(loader).orElse("")).isEqualTo(message);
    }
  }

  @Test
  void reportsAConflictInAnyOrder() throws IOException {
    requireConflict(message(linuxGpu, cpu), cpu, linuxGpu);
    requireConflict(message(linuxGpu, cpu), linuxGpu, cpu);
    requireConflict(message(windowsGpu, cpu), windowsGpu, cpu);
  }

  @Test
  void acceptsASingleJar() throws IOException {
    requireConflict("", cpu);
    requireConflict("", linuxGpu);
    requireConflict("");
  }

  /** The backend on a class path with a CUDA jar next to the real one without CUDA. */
  private ClassLoader bothRuntimes() {
    URL backend = OnnxBackend.class.getProtectionDomain().getCodeSource().getLocation();
    return new URLClassLoader(
        new URL[] {backend, linuxGpu}, RuntimeJarsTest.class.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OnnxBackend.class.getPackageName() + ".")) {
          return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : findClass(name);
      }
    };
  }

  @Test
  void makesTheBackendUnavailableAndNamesBothJars() {
    ClassLoader loader = bothRuntimes();
    SegmenterBuilder builder = Segmenter.builder().classLoader(loader);

    Availability availability = Catalog.availability(Catalog.load(loader).backends().get(0));

    assertThat(availability.available()).isFalse();
    assertThatThrownBy(builder::open)
        .isInstanceOf(BackendNotFoundException.class)
        .hasMessageContaining(linuxGpu + " with CUDA and file:")
        .hasMessageContaining("/onnxruntime-1.28.0.jar without. ")
        .hasMessageContaining(availability.reason())
        .hasMessageEndingWith(". Fix the problem above, or add another backend that reads onnx.");
  }
}
