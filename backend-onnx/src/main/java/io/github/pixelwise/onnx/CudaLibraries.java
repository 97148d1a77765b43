package io.github.pixelwise.onnx;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shared libraries that CUDA needs, and those that this machine has. Nothing is loaded to find
 * out: ONNX Runtime itself would unpack 622 MB first, and then print the name of the missing
 * library only to the native error stream.
 *
 * @param needed what CUDA needs
 * @param found the files that the system's loader finds, among others
 * @param unsearched files where CUDA is often installed but the loader does not look
 * @param searchPath the environment variable that makes the loader look there
 */
record CudaLibraries(
    List<Product> needed, List<File> found, List<File> unsearched, String searchPath) {
  /** Something to install, and the libraries that it brings. */
  record Product(String name, List<String> libraries) {}

  /**
   * What the CUDA provider of onnxruntime_gpu 1.28.0 is linked with ({@code readelf -d} of {@code
   * libonnxruntime_providers_cuda.so}), and cuDNN, which it loads when it first meets a convolution
   * (microsoft/onnxruntime#29252).
   */
  private static final List<Product> LINUX =
      List.of(
          new Product("the NVIDIA driver", List.of("libcuda.so.1")),
          new Product(
              "CUDA 12",
              List.of(
                  "libcudart.so.12", "libcublas.so.12", "libcublasLt.so.12", "libcurand.so.10")),
          new Product("cuDNN 9", List.of("libcudnn.so.9")));

  /** The same for Windows ({@code objdump -p} of {@code onnxruntime_providers_cuda.dll}). */
  private static final List<Product> WINDOWS =
      List.of(
          new Product("the NVIDIA driver", List.of("nvcuda.dll")),
          new Product(
              "CUDA 12", List.of("cudart64_12.dll", "cublas64_12.dll", "cublasLt64_12.dll")),
          new Product("cuDNN 9", List.of("cudnn64_9.dll")));

  /** Where the loader always looks: see ld.so(8), plus what distributions build into it. */
  private static final List<String> TRUSTED =
      List.of(
          "lib64",
          "usr/lib64",
          "lib",
          "usr/lib",
          "lib/x86_64-linux-gnu",
          "usr/lib/x86_64-linux-gnu");

  /** The libraries of this machine. */
  static CudaLibraries here() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows")
        ? windows(System::getenv)
        : linux(new File("/"), System::getenv);
  }

  /**
   * The libraries of a Linux machine: those this process has loaded, and those that {@code ld.so}
   * finds through its variable, through its cache, and in its trusted folders.
   *
   * @param root the root of its file system
   * @param variables its environment
   */
  static CudaLibraries linux(File root, Function<String, @Nullable String> variables) {
    List<File> found = new ArrayList<>();
    for (String line : content(new File(root, "proc/self/maps")).split("\n", -1)) {
      found.add(new File(root, line.substring(line.indexOf('/') + 1)));
    }
    found.addAll(filesOfAll(variables.apply("LD_LIBRARY_PATH"), "[:;]"));
    // After its tables, the cache holds the paths, separated by zero bytes.
    for (String path : content(new File(root, "etc/ld.so.cache")).split("\0", -1)) {
      if (path.startsWith("/")) {
        found.add(new File(root, path));
      }
    }
    TRUSTED.forEach(folder -> found.addAll(files(new File(root, folder))));
    List<File> unsearched = new ArrayList<>();
    for (File folder : files(new File(root, "usr/local"))) {
      if (folder.getName().startsWith("cuda")) {
        unsearched.addAll(files(new File(folder, "lib64")));
        unsearched.addAll(files(new File(folder, "lib")));
      }
    }
    return new CudaLibraries(LINUX, found, unsearched, "LD_LIBRARY_PATH");
  }

  /**
   * The libraries of a Windows machine.
   *
   * @param variables its environment
   */
  static CudaLibraries windows(Function<String, @Nullable String> variables) {
    List<File> found = new ArrayList<>();
    found.addAll(files(new File(String.valueOf(variables.apply("SystemRoot")), "System32")));
    found.addAll(filesOfAll(variables.apply("PATH"), ";"));
    List<File> unsearched = files(new File(String.valueOf(variables.apply("CUDA_PATH")), "bin"));
    return new CudaLibraries(WINDOWS, found, unsearched, "PATH");
  }

  /** The content of a file, one character per byte; empty if there is no such file. */
  private static String content(File file) {
    try {
      return Files.readString(file.toPath(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // The loader ignores this, too: some systems have no cache.
    }
  }

  private static List<File> filesOfAll(@Nullable String folders, String separator) {
    return folders == null
        ? List.of()
        : Arrays.stream(folders.split(separator, -1))
            .filter(folder -> !folder.isEmpty())
            .flatMap(folder -> files(new File(folder)).stream())
            .toList();
  }

  /**
   * The files in a folder whose names contain "cu", as those of all CUDA libraries do. Empty if
   * there is no such folder.
   */
  private static List<File> files(File folder) {
    File[] files = folder.listFiles((parent, name) -> name.contains("cu"));
    return files == null ? List.of() : Arrays.stream(files).sorted().toList();
  }

  /** What is missing, and which product contains it; empty if nothing is missing. */
  Optional<String> missing() {
    List<String> products = new ArrayList<>();
    Set<File> folders = new TreeSet<>();
    for (Product product : needed) {
      List<String> libraries =
          product.libraries().stream().filter(library -> lacks(found, library)).toList();
      if (!libraries.isEmpty()) {
        products.add(
            libraries.stream().map(this::describe).collect(Collectors.joining(", "))
                + " of "
                + product.name());
      }
      unsearched.stream()
          .filter(file -> libraries.contains(file.getName()) && file.isFile())
          .forEach(file -> folders.add(file.getParentFile()));
    }
    if (products.isEmpty()) {
      return Optional.empty();
    }
    String advice =
        folders.isEmpty()
            ? ""
            : "; some are in %s, which is not on %s"
                .formatted(
                    folders.stream().map(File::toString).collect(Collectors.joining(", ")),
                    searchPath);
    return Optional.of(String.join("; ", products) + advice);
  }

  /** Whether the machine has a GPU driver. */
  boolean hasDriver() {
    return needed.get(0).libraries().stream().noneMatch(library -> lacks(found, library));
  }

  private static boolean lacks(List<File> files, String library) {
    return files.stream().noneMatch(file -> file.getName().equals(library) && file.isFile());
  }

  /** A missing library, with the other versions of it that were found. */
  private String describe(String library) {
    Pattern anyVersion =
        Pattern.compile(library.replaceFirst("[0-9]+(\\.dll)?$", "[0-9]+$1").replace(".", "\\."));
    String others =
        Stream.concat(found.stream(), unsearched.stream())
            .map(File::getName)
            .filter(name -> anyVersion.matcher(name).matches() && !name.equals(library))
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? library : library + " (found " + others + ")";
  }
}
