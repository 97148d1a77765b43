package io.github.pixelwise.opencv;

import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.plugin.NativeFolders;
import io.github.pixelwise.internal.plugin.StartFailure;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_dnn;
import org.jspecify.annotations.Nullable;

/**
 * OpenCV in this JVM: its native libraries, which are loaded once, and its number of threads, which
 * all users share.
 *
 * @param version the engine and its version; empty if it did not start
 * @param problem why it did not start and what to do; empty if it did
 */
record OpenCv(String version, String problem) {
  private static final String CACHE_FOLDER = "org.bytedeco.javacpp.cachedir";

  private static @Nullable OpenCv started;

  /** The first number of threads asked for; 0 if there is none yet. */
  private static int threads;

  /** Loads the native libraries, if this is the first call. */
  static synchronized OpenCv start() {
    if (started == null) {
      try {
        started = tryStart();
      } catch (NoClassDefFoundError e) {
        started =
            new OpenCv(
                "",
                "OpenCV's Java classes are not on the class path: %s is missing. Add org.bytedeco:opencv-platform."
                    .formatted(e.getMessage()));
      }
    }
    return started;
  }

  private static OpenCv tryStart() {
    try {
      configure();
      // If JavaCPP cannot write to this folder, it silently uses another one.
      NativeFolders.requireLoadable(Loader.getCacheDir().toPath(), "-D" + CACHE_FOLDER);
    } catch (IOException e) {
      return new OpenCv("", "OpenCV does not start: " + e.getMessage());
    }
    List<String> natives = List.of();
    try {
      natives = natives();
      if (natives.size() > 1) {
        return new OpenCv(
            "",
            "OpenCV's native libraries are on the class path more than once: %s. Keep only those of version %s."
                .formatted(String.join(" and ", natives), artifactVersion()));
      }
      Loader.load(opencv_dnn.class);
      return new OpenCv(
          "OpenCV %d.%d.%d"
              .formatted(
                  opencv_core.getVersionMajor(),
                  opencv_core.getVersionMinor(),
                  opencv_core.getVersionRevision()),
          "");
    } catch (IOException | RuntimeException | LinkageError e) {
      String platform = Loader.getPlatform();
      return new OpenCv(
          "",
          natives.isEmpty()
              ? ("OpenCV's native libraries for %s are not on the class path. Add"
                      + " org.bytedeco:opencv-platform:%s, or opencv, openblas, and javacpp of"
                      + " org.bytedeco with the classifier %s.")
                  .formatted(platform, artifactVersion(), platform)
              : "OpenCV does not start: " + explain(e));
    }
  }

  private static String explain(Throwable failure) {
    String platform = "org.bytedeco:opencv-platform:" + artifactVersion();
    String reason =
        StartFailure.explain(
            failure,
            platform,
            System.getProperty(CACHE_FOLDER, "the folder for native libraries"),
            "-D" + CACHE_FOLDER);
    return StartFailure.root(failure) instanceof UnsatisfiedLinkError
        ? "%s. Use all the libraries that %s brings, in those versions.".formatted(reason, platform)
        : reason;
  }

  /** Configures JavaCPP, which binds OpenCV to Java and reads this when its first class loads. */
  private static void configure() throws IOException {
    // By default, JavaCPP limits native memory to the heap size.
    setUnlessSet("org.bytedeco.javacpp.maxbytes", "0");
    if (System.getProperty(CACHE_FOLDER) == null
        && System.getProperty("org.bytedeco.javacpp.cacheDir") == null) {
      Path folder = NativeFolders.unpack(CacheFolders.configured(), "natives", there -> {});
      System.setProperty(CACHE_FOLDER, folder.toString());
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** The jars on the class path that hold OpenCV's native libraries for this machine. */
  private static List<String> natives() throws IOException {
    Properties platform = Loader.loadProperties();
    String library =
        "org/bytedeco/opencv/%s/%sjniopencv_dnn%s"
            .formatted(
                Loader.getPlatform(),
                platform.getProperty("platform.library.prefix", ""),
                platform.getProperty("platform.library.suffix", ""));
    List<String> jars = new ArrayList<>();
    for (URL url : Collections.list(OpenCv.class.getClassLoader().getResources(library))) {
      String jar = url.toString().replaceFirst("^jar:", "").replaceFirst("^file:", "");
      jars.add(jar.replaceFirst("!?/" + library + "$", ""));
    }
    return jars;
  }

  /** The version of OpenCV's Java classes. The native libraries must have the same version. */
  private static String artifactVersion() {
    Package bindings = opencv_dnn.class.getPackage();
    String version = bindings == null ? null : bindings.getImplementationVersion();
    return version == null ? "VERSION" : version;
  }

  /**
   * Sets OpenCV's number of threads if this is the first call to ask for one.
   *
   * @param asked the number, 0 for any
   * @return a note if another number is in use, otherwise an empty string
   */
  static synchronized String useThreads(int asked) {
    if (asked == 0 || asked == threads) {
      return "";
    }
    if (threads == 0) {
      threads = asked;
      opencv_core.setNumThreads(asked);
      return "";
    }
    return "; %d threads instead of %d, because OpenCV has one number for the whole JVM, set by the first model"
        .formatted(threads, asked);
  }
}
