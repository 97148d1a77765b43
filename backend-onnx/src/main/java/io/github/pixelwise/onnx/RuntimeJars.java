package io.github.pixelwise.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The jars that hold ONNX Runtime. {@code onnxruntime} and {@code onnxruntime_gpu} have the same
 * classes. If both were accepted, the order of the class path would decide whether CUDA works.
 */
final class RuntimeJars {
  private static final String CLASS = "ai/onnxruntime/OrtEnvironment.class";

  /** What only the jar with CUDA has, by platform. */
  private static final List<String> CUDA =
      List.of(
          "ai/onnxruntime/native/linux-x64/libonnxruntime_providers_cuda.so",
          "ai/onnxruntime/native/win-x64/onnxruntime_providers_cuda.dll");

  private RuntimeJars() {}

  /** What is wrong if a class loader finds ONNX Runtime both with and without CUDA. */
  static Optional<String> conflict(ClassLoader loader) {
    try {
      Set<String> without = roots(loader, CLASS);
      Set<String> with = new TreeSet<>();
      for (String library : CUDA) {
        with.addAll(roots(loader, library));
      }
      without.removeAll(with);
      return with.isEmpty() || without.isEmpty()
          ? Optional.empty()
          : Optional.of(
              ("two ONNX Runtimes are on the class path, %s with CUDA and %s without. To use CUDA, remove"
                      + " the second (depend only on io.github.pixelwise:pixelwise-onnx-gpu); otherwise,"
                      + " remove the first (depend only on pixelwise-onnx)")
                  .formatted(String.join(", ", with), String.join(", ", without)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jars and folders that have a resource, without the {@code jar:} and {@code !/} of URLs. */
  private static Set<String> roots(ClassLoader loader, String resource) throws IOException {
    Set<String> roots = new LinkedHashSet<>();
    loader
        .getResources(resource)
        .asIterator()
        .forEachRemaining(
            url ->
                roots.add(
                    url.toString()
                        .replace("!/" + resource, "")
                        .replace("/" + resource, "")
                        .replaceFirst("^jar:", "")));
    return roots;
  }
}
