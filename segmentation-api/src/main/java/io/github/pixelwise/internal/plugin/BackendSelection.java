package io.github.pixelwise.internal.plugin;

import io.github.pixelwise.AmbiguousNameException;
import io.github.pixelwise.BackendNotFoundException;
import io.github.pixelwise.Catalog;
import io.github.pixelwise.RuntimeInfo;
import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backend for a model: the one asked for, or the first available one, by priority and
 * name, that reads one of the model's formats.
 *
 * @param backend the backend
 * @param file the model's file in the backend's preferred format
 * @param passedOver one sentence for each better backend that cannot be used, see {@link
 *     RuntimeInfo}
 */
public record BackendSelection(BackendProvider backend, ModelFile file, List<String> passedOver) {
  /** Our own artifacts by backend name, to say which to add. */
  static final Map<String, String> ARTIFACTS =
      Map.of(
          "onnx", "io.github.pixelwise:pixelwise-onnx",
          "djl", "io.github.pixelwise:pixelwise-djl",
          "opencv-dnn", "io.github.pixelwise:pixelwise-opencv-dnn");

  /** The preferred one of our own backends for a format. */
  private static final Map<ModelFormat, String> BACKENDS =
      Map.of(ModelFormat.ONNX, "onnx", ModelFormat.TORCHSCRIPT, "djl");

  public static BackendSelection choose(
      Catalog catalog, ModelCard model, @Nullable String askedFor) {
    List<BackendProvider> backends = catalog.backends();
    requireDistinctNames(backends);
    String property = System.getProperty("pixelwise.backend");
    if (askedFor != null || property != null) {
      String name = askedFor != null ? askedFor : property;
      String by = askedFor != null ? "" : " (asked for by the system property pixelwise.backend)";
      return named(catalog, model, name, by);
    }
    List<String> found = new ArrayList<>();
    Map<String, String> unavailable = new LinkedHashMap<>();
    for (BackendProvider backend : backends) {
      Optional<ModelFile> file = fileFor(backend, model);
      if (file.isEmpty()) {
        found.add(backend.name() + ": reads " + join(backend.formats()));
        continue;
      }
      Availability availability = Catalog.availability(backend);
      if (availability.available()) {
        return new BackendSelection(
            backend,
            file.get(),
            unavailable.entrySet().stream()
                .map(
                    other ->
                        PassedOver.sentence(
                            "backend " + other.getKey(), backend.name(), other.getValue()))
                .toList());
      }
      String reason = availability.reason().replaceFirst("\\.$", ""); // a sentence follows
      unavailable.put(backend.name(), reason);
      found.add(backend.name() + ": " + reason);
    }
    throw new BackendNotFoundException(
        "no backend on the class path can run model %s (%s). Found %s. %s.%s"
            .formatted(
                model.name(),
                formats(model),
                found.isEmpty() ? "none" : String.join("; ", found),
                advice(model, backends),
                Discovery.describe(catalog.problems())));
  }

  private static String advice(ModelCard model, List<BackendProvider> backends) {
    Optional<String> ours =
        model.files().stream()
            .map(file -> BACKENDS.get(file.format()))
            .filter(Objects::nonNull)
            .findFirst();
    if (ours.isPresent() && backends.stream().noneMatch(b -> b.name().equals(ours.get()))) {
      return "Add a dependency on " + ARTIFACTS.get(ours.get()) + Discovery.IN_A_SHADED_JAR;
    }
    boolean unavailable =
        backends.stream().anyMatch(backend -> fileFor(backend, model).isPresent());
    return (unavailable ? "Fix the problem above, or add another backend" : "Add a backend")
        + " that reads "
        + formats(model);
  }

  private static BackendSelection named(Catalog catalog, ModelCard model, String name, String by) {
    List<BackendProvider> backends = catalog.backends();
    Optional<BackendProvider> named =
        backends.stream().filter(b -> b.name().equals(name)).findFirst();
    if (named.isEmpty()) {
      List<String> names = backends.stream().map(BackendProvider::name).toList();
      String suggestion = Names.suggestion(name, names);
      throw new BackendNotFoundException(
          "there is no backend \"%s\"%s on the class path%s; found %s. Add %s%s.%s"
              .formatted(
                  name,
                  by,
                  suggestion,
                  names.isEmpty() ? "none" : String.join(", ", names),
                  ARTIFACTS.getOrDefault(name, "its jar"),
                  suggestion.isEmpty() ? Discovery.IN_A_SHADED_JAR : "",
                  Discovery.describe(catalog.problems())));
    }
    BackendProvider backend = named.get();
    Optional<ModelFile> file = fileFor(backend, model);
    if (file.isEmpty()) {
      throw new BackendNotFoundException(
          "backend %s%s reads %s, but model %s comes as %s. Choose another backend or model."
              .formatted(name, by, join(backend.formats()), model.name(), formats(model)));
    }
    Availability availability = Catalog.availability(backend);
    if (!availability.available()) {
      throw new BackendNotFoundException(
          "backend %s%s cannot be used here: %s".formatted(name, by, availability.reason()));
    }
    return new BackendSelection(backend, file.get(), List.of());
  }

  private static void requireDistinctNames(List<BackendProvider> backends) {
    Map<String, BackendProvider> byName = new HashMap<>();
    for (BackendProvider backend : backends) {
      BackendProvider other = byName.putIfAbsent(backend.name(), backend);
      if (other != null) {
        throw new AmbiguousNameException(
            Discovery.twoOfOneName("backends", backend.name(), other, backend));
      }
    }
  }

  private static Optional<ModelFile> fileFor(BackendProvider backend, ModelCard model) {
    return backend.formats().stream().flatMap(format -> model.file(format).stream()).findFirst();
  }

  private static String formats(ModelCard model) {
    return join(model.files().stream().map(ModelFile::format).toList());
  }

  private static String join(List<ModelFormat> formats) {
    return formats.stream().map(ModelFormat::name).collect(Collectors.joining(", "));
  }
}
