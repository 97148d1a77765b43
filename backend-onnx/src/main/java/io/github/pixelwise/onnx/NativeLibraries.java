package io.github.pixelwise.onnx;

import ai.onnxruntime.OrtEnvironment;
import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.plugin.NativeFolders;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/**
 * ONNX Runtime's native libraries, unpacked once into the cache. By default, ONNX Runtime unpacks
 * them into the temporary folder at every start, and leaves them there if the JVM is killed.
 */
final class NativeLibraries {
  private static final String SETTINGS = "onnxruntime.native.";
  private static final String FOLDER = SETTINGS + "path";

  /** The system property with the folder from which this JVM has loaded them. */
  private static final String LOADED = "io.github.pixelwise.onnx.libraries";

  /** The libraries of all platforms; each platform has some of them. */
  private static final List<String> NAMES =
      List.of(
          "onnxruntime",
          "onnxruntime4j_jni",
          "onnxruntime_providers_shared",
          "webgpu_dawn",
          "dxil",
          "dxcompiler");

  /** The libraries for CUDA, 650 MB. */
  private static final List<String> CUDA =
      List.of("onnxruntime_providers_cuda", "onnxruntime_providers_tensorrt");

  private record Library(String file, URL resource, long checksum) {}

  /** Starts ONNX Runtime. It looks for its libraries only once. */
  @FunctionalInterface
  interface Start {
    OrtEnvironment environment();
  }

  private NativeLibraries() {}

  /**
   * Starts ONNX Runtime with its libraries in the cache, unless a setting of ONNX Runtime says
   * where they are.
   *
   * @throws IOException if they cannot be unpacked, or if other users may have created the
   *     configured folder; the message says what to do
   */
  static OrtEnvironment with(Start start) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    if (!Files.isDirectory(temporary)) {
      throw new IOException(
          temporary
              + (Files.exists(temporary) ? " is not a folder" : " does not exist")
              + ". Set -Djava.io.tmpdir to a writable folder");
    }
    List<String> settings =
        System.getProperties().stringPropertyNames().stream()
            .filter(name -> name.startsWith(SETTINGS))
            .toList();
    for (String setting : settings) {
      if (setting.endsWith("path")) {
        NativeFolders.requireLoadable(Path.of(System.getProperty(setting)), "-D" + setting);
      }
    }
    List<Library> libraries = settings.isEmpty() ? inJar() : List.of();
    if (libraries.isEmpty()) {
      return start.environment();
    }
    Path folder = unpack(libraries);
    // A JVM loads a native library for one class loader only. For a second one, such as that of
    // another web application, ONNX Runtime unpacks its own copy.
    if (System.getProperties().putIfAbsent(LOADED, folder.toString()) != null) {
      return start.environment();
    }
    System.setProperty(FOLDER, folder.toString());
    try {
      return start.environment();
    } finally {
      System.clearProperty(FOLDER);
    }
  }

  private static List<Library> inJar() throws IOException {
    List<String> names = new ArrayList<>(NAMES);
    if (CudaLibraries.here().missing().isEmpty()) {
      names.addAll(CUDA);
    }
    List<Library> libraries = new ArrayList<>();
    for (String name : names) {
      String file = System.mapLibraryName(name);
      URL resource = OrtEnvironment.class.getResource("native/" + platform() + "/" + file);
      if (resource != null) {
        libraries.add(new Library(file, resource, checksum(resource)));
      }
    }
    return libraries;
  }

  /** ONNX Runtime's name for this platform. */
  static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return (os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux")
        + "-"
        + (architecture.matches("amd64|x86_64") ? "x64" : architecture);
  }

  private static Path unpack(List<Library> libraries) throws IOException {
    int contents = libraries.stream().map(Library::checksum).toList().hashCode();
    return NativeFolders.unpack(
        CacheFolders.configuredOrTemporary(),
        "onnxruntime/%s-%08x".formatted(platform(), contents),
        folder -> {
          for (Library library : libraries) {
            unpack(library, folder.resolve(library.file()));
          }
        });
  }

  /** Unpacks a library, unless it is already there and undamaged. */
  private static void unpack(Library library, Path file) throws IOException {
    if (Files.isRegularFile(file) && checksum(file) == library.checksum()) {
      return;
    }
    try (InputStream in = library.resource().openStream()) {
      AtomicFile.write(file, in::transferTo);
    }
    if (checksum(file) != library.checksum()) {
      throw new IOException(library.file() + " was damaged while it was written");
    }
  }

  /** The checksum of a resource, for one in a jar from the jar's directory. */
  private static long checksum(URL resource) throws IOException {
    URLConnection connection = resource.openConnection();
    connection.setUseCaches(false); // so that the jar is closed
    if (connection instanceof JarURLConnection entry) {
      try (JarFile jar = entry.getJarFile()) {
        return Objects.requireNonNull(jar.getJarEntry(entry.getEntryName())).getCrc();
      }
    }
    try (InputStream content = connection.getInputStream()) {
      return checksum(content);
    }
  }

  private static long checksum(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return checksum(content);
    }
  }

  private static long checksum(InputStream content) throws IOException {
    CRC32 checksum = new CRC32();
    byte[] buffer = new byte[1 << 16];
    for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
      checksum.update(buffer, 0, length);
    }
    return checksum.getValue();
  }
}
