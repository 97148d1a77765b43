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
 * OpenCV in this JVM: its native libraries, loaded once, and the number of threads that all its
 * users share.
 *
 * @param version the engine and its version; empty if it did not start
 * @param problem why it did not start and what to do; empty if it did
 */
record OpenCv(String version, String problem) {
  private static final String CACHE_FOLDER = "org.bytedeco.javacpp.cachedir";

  private static @Nullable OpenCv started;

  /** The number of threads that was asked for first; 0 if none was. */
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
                "OpenCV's Java classes are not on the class path: there is no %s. Add org.bytedeco:opencv-platform."
                    .formatted(e.getMessage()));
      }
    }
    return started;
  }

  private static OpenCv tryStart() {
    try {
      configure();
      // JavaCPP takes another folder, and tells nobody, if it cannot write to this one.
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
            "the class path has OpenCV's native libraries more than once: %s. Keep those of %s."
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
                      + " org.bytedeco:opencv-platform:%s, or opencv, openblas and javacpp of"
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
        ? "%s. Keep all that %s brings, in its versions.".formatted(reason, platform)
        : reason;
  }

  /** Settings of JavaCPP, which binds OpenCV to Java; read when its first class is loaded. */
  private static void configure() throws IOException {
    // Else the native memory it may use is bound by the size of the heap.
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

  /** Where the class path has OpenCV's native libraries for this machine. */
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

  /** The version of OpenCV's Java classes, which that of its native libraries must be equal to. */
  private static String artifactVersion() {
    Package bindings = opencv_dnn.class.getPackage();
    String version = bindings == null ? null : bindings.getImplementationVersion();
    return version == null ? "VERSION" : version;
  }

  /**
   * Sets OpenCV's number of threads, if this is the first call that asks for one.
   *
   * @param asked the number, 0 for any
   * @return a remark if another number is in use, else an empty string
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
    return "; %d threads in place of %d, because OpenCV has one number for the JVM, set by its first model"
        .formatted(threads, asked);
  }
}
