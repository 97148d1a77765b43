package io.github.pixelwise.internal.plugin;

import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in plain words why an engine did not start. */
public final class StartFailure {
  /** Java's wording since version 24. */
  private static final Pattern MODULE = Pattern.compile("from module (\\S+)");

  private StartFailure() {}

  /** The root cause. */
  public static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /**
   * Says what went wrong and, if known, what to do.
   *
   * @param failure what an engine threw
   * @param artifact the artifact that contains the engine's classes
   * @param folder where the engine writes to: a path, or a description of it
   * @param setting the setting that makes it write elsewhere
   */
  public static String explain(Throwable failure, String artifact, Object folder, String setting) {
    Throwable root = root(failure);
    String message = root.getMessage() == null ? root.toString() : root.getMessage();
    if (root instanceof ClassNotFoundException || root instanceof NoClassDefFoundError) {
      String type = message.replace('/', '.');
      return type.startsWith("java.util.logging.")
          ? "this Java runtime lacks the module java.logging. Add it with --add-modules of jlink"
          : "there is no class %s. Add %s".formatted(type, artifact);
    }
    if (root instanceof IllegalCallerException) {
      Matcher module = MODULE.matcher(message);
      return "%s. Start Java with --enable-native-access=%s"
          .formatted(message, module.find() ? module.group(1) : "ALL-UNNAMED");
    }
    if (root instanceof IOException e) {
      return "%s. Set %s to a writable folder".formatted(Reason.withPath(folder, e), setting);
    }
    if (root instanceof UnsatisfiedLinkError) {
      // The JVM and the system both name the file.
      String once = message.replaceFirst("^(.+): \\1: ", "$1: ");
      return once.matches("(?s).*(GLIBC|ld-linux|libc\\.so|musl).*")
          ? once + ". On Linux it needs glibc, which Alpine lacks"
          : once;
    }
    return message;
  }
}
