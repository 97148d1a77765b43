package io.github.pixelwise;

import io.github.pixelwise.internal.plugin.Discovery;
import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.model.InputSpec;
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
 * A snapshot of the backends and models on the class path. Immutable.
 *
 * <p>Loading only collects names: it starts no engine and reads no card.
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
   * Loads the catalog from this library's own class loader, then from the calling thread's context
   * class loader.
   *
   * @return the catalog
   */
  public static Catalog load() {
    return new Catalog(null);
  }

  /**
   * Loads the catalog from one class loader.
   *
   * @param loader the class loader
   * @return the catalog
   */
  public static Catalog load(ClassLoader loader) {
    return new Catalog(loader);
  }

  /**
   * Returns the backends.
   *
   * @return all of them, the highest priority first, then by name
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
   * Returns whether a backend can be used on this machine.
   *
   * @param backend the backend
   * @return the backend's own answer; unavailable if the backend throws instead of answering
   */
  public static Availability availability(BackendProvider backend) {
    try {
      return backend.availability();
    } catch (RuntimeException | LinkageError e) {
      return Availability.unavailable("its availability check failed: " + e);
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
   * @throws ModelNotFoundException if there is no model with that name; the message suggests the
   *     most similar name
   * @throws AmbiguousNameException if two models have that name
   * @throws ModelLoadException if its card cannot be read
   */
  public ModelCard model(String name) {
    List<ModelProvider> owners = models.providers().stream().filter(p -> p.knows(name)).toList();
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
                      ? "There are no models: add io.github.pixelwise:pixelwise-models, or open"
                          + " your own model by its card"
                          + Discovery.IN_A_SHADED_JAR
                          + "."
                      : Names.models(name, names, "'segment models' and Catalog.modelNames() list")
                          + (suggestion.isEmpty()
                              ? ". Add its jar" + Discovery.IN_A_SHADED_JAR
                              : "")
                          + ".",
                  Discovery.describe(models.problems())));
    }
    return owners.get(0).model(name);
  }

  /**
   * Returns the preprocessor for a model.
   *
   * @param model its card
   * @param parallelism the threads that the standard preprocessing uses
   * @return the standard preprocessor, or the one that the card names
   * @throws ModelLoadException if there is no preprocessor with the name on the card, or it cannot
   *     make this input
   */
  public Preprocessor preprocessor(ModelCard model, Parallelism parallelism) {
    return preprocessor(model.name(), model.input(), parallelism);
  }

  /**
   * Returns the preprocessor for an input, for models without a card.
   *
   * @param model what messages call the model
   * @param input its input
   * @param parallelism the threads that the standard preprocessing uses
   * @return the standard preprocessor, or the one that the input names
   * @throws ModelLoadException if there is no preprocessor with that name, or it cannot make this
   *     input
   */
  public Preprocessor preprocessor(String model, InputSpec input, Parallelism parallelism) {
    if (input.preprocessor().isEmpty()) {
      return Preprocessor.from(input, parallelism);
    }
    String name = input.preprocessor().get();
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
                                model,
                                name,
                                Names.suggestion(name, names),
                                names.isEmpty() ? "none" : String.join(", ", names),
                                Discovery.IN_A_SHADED_JAR,
                                Discovery.describe(preprocessors.problems()))));
    try {
      return owner.preprocessor(name, input);
    } catch (IllegalArgumentException e) {
      throw new ModelLoadException("model %s: %s".formatted(model, e.getMessage()), e);
    }
  }

  /**
   * Returns the problems on the class path: providers that cannot be loaded.
   *
   * @return one sentence per problem
   */
  public List<String> problems() {
    List<String> problems = new ArrayList<>(backends.problems());
    problems.addAll(models.problems());
    problems.addAll(preprocessors.problems());
    return List.copyOf(problems);
  }
}
