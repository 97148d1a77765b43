package io.github.pixelwise;

import io.github.pixelwise.internal.plugin.Discovery;
import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.ModelProvider;
import io.github.pixelwise.spi.PreprocessorProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The backends and models on the class path, as they were when it was loaded. Immutable.
 *
 * <p>Loading looks at names only: no engine starts and no card is read.
 */
public final class Catalog {
  private final Discovery<BackendProvider> backends;
  private final Discovery<ModelProvider> models;
  private final Discovery<PreprocessorProvider> preprocessors;

  private Catalog(@Nullable ClassLoader loader) {
    backends = Discovery.of(BackendProvider.class, Catalog::use, loader);
    models = Discovery.of(ModelProvider.class, ModelProvider::names, loader);
    preprocessors = Discovery.of(PreprocessorProvider.class, PreprocessorProvider::names, loader);
  }

  private static void use(BackendProvider backend) {
    Objects.requireNonNull(backend.name(), "name");
    backend.priority();
    backend.formats();
  }

  /**
   * Looks in this library's own class loader, then in the calling thread's context class loader.
   *
   * @return what was found
   */
  public static Catalog load() {
    return new Catalog(null);
  }

  /**
   * Looks in a class loader.
   *
   * @param loader the class loader
   * @return what was found
   */
  public static Catalog load(ClassLoader loader) {
    return new Catalog(loader);
  }

  /**
   * Returns the backends.
   *
   * @return all of them, those to be preferred first: by priority, then by name
   */
  public List<BackendProvider> backends() {
    return backends.providers().stream()
        .sorted(
            Comparator.comparingInt(BackendProvider::priority)
                .reversed()
                .thenComparing(BackendProvider::name))
        .toList();
  }

  /**
   * Tells whether a backend can be used here.
   *
   * @param backend the backend
   * @return what it says itself; unavailable if it fails to say
   */
  public static Availability availability(BackendProvider backend) {
    try {
      return backend.availability();
    } catch (RuntimeException | LinkageError e) {
      return Availability.unavailable("it fails to tell: " + e);
    }
  }

  /**
   * Returns the names of the models.
   *
   * @return all of them, sorted
   */
  public List<String> modelNames() {
    return models.providers().stream().flatMap(p -> p.names().stream()).sorted().toList();
  }

  /**
   * Finds a model.
   *
   * @param name its name
   * @return its card
   * @throws ModelNotFoundException if there is no model with that name; the message names the
   *     nearest ones
   * @throws AmbiguousNameException if there are two
   * @throws ModelLoadException if its card cannot be read
   */
  public ModelCard model(String name) {
    List<ModelProvider> owners =
        models.providers().stream().filter(p -> p.names().contains(name)).toList();
    if (owners.size() > 1) {
      throw new AmbiguousNameException(
          Discovery.twoOfOneName("models", name, owners.get(0), owners.get(1)));
    }
    if (owners.isEmpty()) {
      List<String> names = modelNames();
      String suggestion = Names.suggestion(name, names);
      throw new ModelNotFoundException(
          "there is no model \"%s\" on the class path%s. %s%s"
              .formatted(
                  name,
                  suggestion,
                  names.isEmpty()
                      ? "There is none at all: add io.github.pixelwise:pixelwise-models, or open"
                          + " your own by its card"
                          + Discovery.IN_A_SHADED_JAR
                          + "."
                      : "Models there: "
                          + String.join(", ", names)
                          + (suggestion.isEmpty()
                              ? ". Add its jar" + Discovery.IN_A_SHADED_JAR
                              : "")
                          + ".",
                  Discovery.describe(models.problems())));
    }
    return owners.get(0).model(name);
  }

  /**
   * Returns what prepares images for a model.
   *
   * @param model its card
   * @param parallelism the threads of the standard preprocessing
   * @return the standard preprocessing, or the one that the card names
   * @throws ModelLoadException if there is none of the card's name, or it cannot make the input
   */
  public Preprocessor preprocessor(ModelCard model, Parallelism parallelism) {
    if (model.input().preprocessor().isEmpty()) {
      return Preprocessor.from(model.input(), parallelism);
    }
    String name = model.input().preprocessor().get();
    List<String> names =
        preprocessors.providers().stream().flatMap(p -> p.names().stream()).sorted().toList();
    PreprocessorProvider owner =
        preprocessors.providers().stream()
            .filter(p -> p.names().contains(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "model %s needs the preprocessor \"%s\"%s; the class path has %s. Add its jar (bgr-lab is in io.github.pixelwise:pixelwise-zoo)%s.%s"
                            .formatted(
                                model.name(),
                                name,
                                Names.suggestion(name, names),
                                names.isEmpty() ? "none" : String.join(", ", names),
                                Discovery.IN_A_SHADED_JAR,
                                Discovery.describe(preprocessors.problems()))));
    try {
      return owner.preprocessor(name, model.input());
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("model %s: %s".formatted(model.name(), e.getMessage()), e);
    }
  }

  /**
   * Returns what is wrong on the class path: providers that cannot be loaded.
   *
   * @return a sentence each
   */
  public List<String> problems() {
    List<String> problems = new ArrayList<>(backends.problems());
    problems.addAll(models.problems());
    problems.addAll(preprocessors.problems());
    return List.copyOf(problems);
  }
}
