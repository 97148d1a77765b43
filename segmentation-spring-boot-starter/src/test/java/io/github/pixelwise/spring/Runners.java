package io.github.pixelwise.spring;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** What the tests of this package share. */
final class Runners {
  private static final String MODEL = "pixelwise.model=";

  /** Where this starter's classes are. */
  private static final String HERE =
      PixelwiseAutoConfiguration.class
          .getProtectionDomain()
          .getCodeSource()
          .getLocation()
          .toString();

  private Runners() {}

  /** An application with this starter, and the embedded model. */
  static ApplicationContextRunner embedded() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                PixelwiseAutoConfiguration.class,
                PixelwiseMetricsAutoConfiguration.class,
                PixelwiseHealthAutoConfiguration.class));
  }

  /** An application with a tiny model in a folder, which a recording backend runs. */
  static ApplicationContextRunner tiny(Path folder) throws IOException {
    return embedded().withPropertyValues(MODEL + tinyModel(folder), "pixelwise.backend=recording");
  }

  /** As {@link #tiny}, by the file that lists what is auto-configured. */
  static ApplicationContextRunner application(Path folder) throws IOException {
    return new ApplicationContextRunner()
        .withUserConfiguration(Application.class)
        .withPropertyValues(MODEL + tinyModel(folder), "pixelwise.backend=recording");
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  /**
   * A class path without a package and all below it, as if its jar were missing. Of what is
   * auto-configured, there is only this starter.
   */
  static ClassLoader without(String packageName) {
    return new FilteredClassLoader(packageName) {
      @Override
      public Enumeration<URL> getResources(String name) throws IOException {
        return name.endsWith("AutoConfiguration.imports")
            ? Collections.enumeration(
                Collections.list(super.getResources(name)).stream()
                    .filter(file -> file.toString().startsWith(HERE))
                    .toList())
            : super.getResources(name);
      }
    };
  }

  /** Writes a tiny model to a folder, and returns its card. */
  static Path tinyModel(Path folder) throws IOException {
    for (String name : List.of("affine.onnx", "affine.pt", "affine.reference")) {
      copy(name, folder);
    }
    return copy("affine.properties", folder);
  }

  private static Path copy(String name, Path folder) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(MicroModel.class.getResourceAsStream("models/" + name), name)) {
      Path file = folder.resolve(name);
      Files.write(file, in.readAllBytes());
      return file;
    }
  }

  static RgbImage photo() {
    return RgbImage.of(16, 12, new byte[16 * 12 * 3]);
  }
}
