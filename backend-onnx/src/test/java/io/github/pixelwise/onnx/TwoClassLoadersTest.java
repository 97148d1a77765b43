package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.spi.Availability;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A JVM with the backend twice, like a server with two applications or a redeployed one. */
class TwoClassLoadersTest {
  @Test
  void loadsTheLibrariesInEach() throws Exception {
    Availability first = new OnnxBackend().availability();
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      classPath.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader other =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> backend = other.loadClass(OnnxBackend.class.getName());
      Object second =
          backend.getMethod("availability").invoke(backend.getDeclaredConstructor().newInstance());

      assertThat(second).hasToString(first.toString());
      assertThat(first.available()).isTrue();
    }
  }
}
