package io.github.pixelwise.djl;

import io.github.pixelwise.BackendNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The jars with LibTorch and with DJL's bridge to it. They are checked before DJL looks for them:
 * if one were missing or of the wrong version, DJL would download another or pick any of several.
 */
final class Natives {
  private static final String ARTIFACTS = "ai.djl.pytorch:pytorch-";

  /** A jar with a properties file that describes its native libraries. */
  private record Jar(String location, Properties properties) {
    String get(String key) {
      return properties.getProperty(key, "");
    }

    String describe(String version) {
      return "%s (%s)".formatted(location, get(version));
    }
  }

  private Natives() {}

  /**
   * Requires native libraries of the version that fits this DJL.
   *
   * @param libTorch the version that DJL is made for, for example {@code 2.7.1}
   * @param djl DJL's version
   * @param platform for example {@code linux-x86_64}
   * @return whether any of them are for CUDA
   * @throws BackendNotFoundException if they are missing or of another version
   */
  static boolean require(ClassLoader classes, String libTorch, String djl, String platform) {
    List<Jar> natives =
        jars(classes, "native/lib/pytorch.properties").stream()
            .filter(jar -> jar.get("classifier").endsWith(platform))
            .toList();
    List<Jar> bridges = jars(classes, "jnilib/pytorch.properties");
    String missing =
        (natives.isEmpty() ? ARTIFACTS + "native-cpu:" + libTorch + ":" + platform : "")
            + (natives.isEmpty() && bridges.isEmpty() ? " and " : "")
            + (bridges.isEmpty() ? ARTIFACTS + "jni:" + libTorch + "-" + djl : "");
    if (!missing.isEmpty()) {
      throw new BackendNotFoundException(
          "PyTorch's native libraries for %s are not on the class path, and nothing is downloaded. Add %s"
              .formatted(platform, missing));
    }
    // "2.7.1-20250812" is a build of 2.7.1.
    requireVersion(natives, "version", libTorch + "(-\\d+)?", ARTIFACTS + "native-*:" + libTorch);
    String bridge = libTorch + "-" + djl;
    requireVersion(bridges, "jni_version", bridge + ".*", ARTIFACTS + "jni:" + bridge);
    return natives.stream().anyMatch(jar -> jar.get("flavor").startsWith("cu"));
  }

  private static void requireVersion(List<Jar> jars, String key, String expected, String artifact) {
    if (!jars.stream().allMatch(jar -> jar.get(key).matches(expected))) {
      throw new BackendNotFoundException(
          "native libraries of another version are on the class path: found %s, expected only %s. Remove the others."
              .formatted(
                  jars.stream().map(jar -> jar.describe(key)).collect(Collectors.joining(" and ")),
                  artifact));
    }
  }

  private static List<Jar> jars(ClassLoader classes, String properties) {
    try {
      return Collections.list(classes.getResources(properties)).stream()
          .map(url -> new Jar(url.toString().replaceFirst("!/.*", ""), read(url)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Properties read(URL url) {
    Properties properties = new Properties();
    try (InputStream in = url.openStream()) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
