package io.github.pixelwise.training;

import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.training.augment.Augmentation;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;

/**
 * How a network is trained: everything that decides the result besides the network and the data. A
 * recipe is a list of keys with values. It can be written to a small text file and compared with
 * another. docs/training.md lists the keys. Immutable.
 */
public final class TrainingRecipe {
  private final Map<String, String> values;

  private TrainingRecipe(Map<String, String> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** {@return a recipe with the default of every key} */
  public static TrainingRecipe defaults() {
    return new TrainingRecipe(new TreeMap<>());
  }

  /**
   * Reads a recipe.
   *
   * @param file a file in the format of {@link Properties}, UTF-8
   * @return the recipe
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if a key or a value is wrong; the message names the file
   */
  public static TrainingRecipe read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      return read(reader, "recipe " + file);
    }
  }

  /**
   * Reads a recipe from a text.
   *
   * @param text a text in the format of {@link Properties}
   * @return the recipe
   * @throws IllegalArgumentException if a key or a value is wrong
   */
  public static TrainingRecipe parse(String text) {
    try {
      return read(new StringReader(text), "recipe");
    } catch (IOException e) {
      throw new IllegalStateException(e); // a string can be read
    }
  }

  private static TrainingRecipe read(Reader reader, String name) throws IOException {
    Properties properties = new Properties();
    properties.load(reader);
    TrainingRecipe recipe = defaults();
    for (String key : new TreeMap<>(properties).keySet().stream().map(String::valueOf).toList()) {
      try {
        recipe = recipe.with(key, properties.getProperty(key).strip());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
      }
    }
    return recipe;
  }

  /**
   * Sets a key. A value that is the key's default is the same as none.
   *
   * @param key one of the keys in docs/training.md
   * @param value its value
   * @return a recipe with it
   * @throws IllegalArgumentException if there is no such key or its value is wrong
   */
  public TrainingRecipe with(String key, String value) {
    RecipeKeys.check(key, value);
    Map<String, String> more = new TreeMap<>(values);
    if (value.equals(RecipeKeys.defaultOf(key)) && !key.startsWith(RecipeKeys.RATE_OF)) {
      more.remove(key);
    } else {
      more.put(key, value);
    }
    return new TrainingRecipe(more);
  }

  /**
   * {@return the value of a key, its default if it is not set}
   *
   * @param key the key
   */
  public String value(String key) {
    return values.getOrDefault(key, RecipeKeys.defaultOf(key));
  }

  /** {@return the keys whose values are not their defaults, with the values} */
  public Map<String, String> values() {
    return values;
  }

  /**
   * Makes the network that the recipe names by its keys {@code network}, {@code network.width}, and
   * {@code network.output-stride}.
   *
   * @param classes the number of classes
   * @return the network
   * @throws IllegalArgumentException if the recipe names no network, there is no network with that
   *     name, or it does not support these options
   */
  public Network network(int classes) {
    if (!isSet("network")) {
      throw new IllegalArgumentException(
          "the recipe names no network; set the key network to one of "
              + String.join(", ", Networks.names()));
    }
    NetworkOptions options = NetworkOptions.ofClasses(classes).withWidth(number("network.width"));
    return Networks.of(
        value("network"),
        isSet("network.output-stride")
            ? options.withOutputStride(integer("network.output-stride"))
            : options);
  }

  int epochs() {
    return integer("epochs");
  }

  int batch() {
    return integer("batch");
  }

  /** The number of batches whose gradients make a step. */
  int accumulation() {
    return integer("accumulation");
  }

  long seed() {
    return Long.parseLong(value("seed"));
  }

  double rate() {
    return number("rate");
  }

  Loss loss() {
    return RecipeParts.loss(this);
  }

  Optimizer optimizer() {
    return RecipeParts.optimizer(this);
  }

  Schedule schedule(Metric metric) {
    return RecipeParts.schedule(this, metric);
  }

  Augmentation augmentation() {
    return RecipeParts.augmentation(this);
  }

  /** When the run stops before its last epoch; empty for never. */
  Optional<EarlyStopping> stopping(Metric metric) {
    return isSet("patience")
        ? Optional.of(
            EarlyStopping.of(metric, integer("patience"))
                .withMinimumImprovement(number("patience.improvement")))
        : Optional.empty();
  }

  OptionalDouble clip() {
    return optional("clip");
  }

  OptionalDouble averaging() {
    return optional("average");
  }

  double auxiliaryWeight() {
    return number("auxiliary-weight");
  }

  boolean balanced() {
    return value("sampling").equals("balanced");
  }

  int validateEvery() {
    return integer("validate-every");
  }

  Precision precision() {
    return value("precision").equals("bfloat16") ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  boolean dropout() {
    return value("dropout").equals("on");
  }

  boolean freezesBatchNorm() {
    return value("batch-norm").equals("freeze");
  }

  /** The beginnings of names of weights that stay as they are. */
  List<String> frozen() {
    return list("freeze");
  }

  /** Factors of the learning rate by the beginnings of weights' names. */
  Map<String, Double> rateFactors() {
    Map<String, Double> factors = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(RecipeKeys.RATE_OF)) {
            factors.put(key.substring(RecipeKeys.RATE_OF.length()), Double.valueOf(value));
          }
        });
    return factors;
  }

  boolean isSet(String key) {
    return !value(key).isEmpty();
  }

  int integer(String key) {
    return Integer.parseInt(value(key));
  }

  double number(String key) {
    return Double.parseDouble(value(key));
  }

  List<String> list(String key) {
    return isSet(key) ? List.of(value(key).split("\\s*,\\s*")) : List.of();
  }

  private OptionalDouble optional(String key) {
    return isSet(key) ? OptionalDouble.of(number(key)) : OptionalDouble.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingRecipe that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** The {@link #values}, one a line, as {@link #parse} reads them. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    values.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    return text.toString();
  }
}
