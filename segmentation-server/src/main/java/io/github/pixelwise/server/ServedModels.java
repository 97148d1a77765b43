package io.github.pixelwise.server;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.internal.util.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The segmenters of a server, by model and backend. The first of each is the default. */
final class ServedModels {
  private final Map<String, List<Segmenter>> models = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException if there are none, or two for one model and backend
   */
  ServedModels(List<Segmenter> segmenters) {
    if (segmenters.isEmpty()) {
      throw new IllegalArgumentException("a server needs at least one segmenter, found none");
    }
    for (Segmenter segmenter : segmenters) {
      String model = segmenter.model().name();
      List<Segmenter> backends = models.computeIfAbsent(model, name -> new ArrayList<>());
      if (names(backends).contains(segmenter.runtime().backend())) {
        throw new IllegalArgumentException(
            "model %s is served twice by backend %s"
                .formatted(model, segmenter.runtime().backend()));
      }
      backends.add(segmenter);
    }
  }

  /** The names of all models. */
  Set<String> names() {
    return models.keySet();
  }

  /** What runs a model. */
  List<Segmenter> backends(String model) {
    return models.getOrDefault(model, List.of());
  }

  static List<String> names(List<Segmenter> backends) {
    return backends.stream().map(segmenter -> segmenter.runtime().backend()).toList();
  }

  /**
   * Chooses a segmenter.
   *
   * @param model its name, or null for the default
   * @param backend the name of its backend, or null for the model's default
   * @throws Problem if it is not served
   */
  Segmenter choose(@Nullable String model, @Nullable String backend) {
    String name = model == null ? names().iterator().next() : model;
    List<Segmenter> backends = backends(name);
    if (backends.isEmpty()) {
      throw new Problem(
          400,
          "model %s is not served here%s; models are %s"
              .formatted(name, Names.suggestion(name, names()), String.join(", ", names())));
    }
    return backends.stream()
        .filter(segmenter -> backend == null || segmenter.runtime().backend().equals(backend))
        .findFirst()
        .orElseThrow(
            () ->
                new Problem(
                    400,
                    "model %s is not served by backend %s; its backends are %s"
                        .formatted(name, backend, String.join(", ", names(backends)))));
  }
}
