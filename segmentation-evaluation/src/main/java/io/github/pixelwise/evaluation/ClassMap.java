package io.github.pixelwise.evaluation;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.util.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which class of a data set each class of a model is. Nothing is guessed: classes are paired by
 * name, whatever its case, or by a file, and {@link #notes} says which have no partner. Immutable.
 */
public final class ClassMap {
  private final LabelMap model;
  private final LabelMap dataset;

  /** By the model's class; the data set's ignore index where it has no such class. */
  private final int[] targets;

  private ClassMap(LabelMap model, LabelMap dataset, int[] targets) {
    this.model = model;
    this.dataset = dataset;
    this.targets = targets;
  }

  /**
   * Pairs classes of the same name, whatever its case.
   *
   * @param model the model's classes
   * @param dataset the data set's classes
   * @return the map
   * @throws IllegalArgumentException if no class has a partner
   */
  public static ClassMap byName(LabelMap model, LabelMap dataset) {
    return of(model, dataset, namesakes(model, dataset));
  }

  /**
   * Pairs classes as a file says, and those that it does not mention by name. Each line is {@code
   * MODEL CLASS = DATA SET CLASS}; several classes of the model may be one of the data set, and
   * nothing after the equals sign means that the data set has no such class. Empty lines and those
   * that begin with {@code #} are skipped.
   *
   * @param file the file, UTF-8
   * @param model the model's classes
   * @param dataset the data set's classes
   * @return the map
   * @throws IOException if the file cannot be read, or a line is not of that form, names a class
   *     that is not there, or a class of the model for the second time
   * @throws IllegalArgumentException if no class has a partner
   */
  public static ClassMap read(Path file, LabelMap model, LabelMap dataset) throws IOException {
    int[] targets = namesakes(model, dataset);
    boolean[] seen = new boolean[targets.length];
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String where = "%s, line %d: ".formatted(file, i + 1);
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new IOException(where + "expected MODEL CLASS = DATA SET CLASS, found " + line);
      }
      String from = line.substring(0, equals).strip();
      String to = line.substring(equals + 1).strip();
      int category = find(model, from).orElseThrow(() -> unknown(where, "model", from, model));
      if (seen[category]) {
        throw new IOException(where + "the class " + from + " is mapped twice");
      }
      seen[category] = true;
      targets[category] =
          to.isEmpty()
              ? dataset.ignoreIndex()
              : find(dataset, to).orElseThrow(() -> unknown(where, "data set", to, dataset));
    }
    return of(model, dataset, targets);
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": the file is not UTF-8; save it as UTF-8", e);
    } catch (IOException e) {
      throw new IOException("cannot read " + Reason.withPath(file, e), e);
    }
  }

  private static ClassMap of(LabelMap model, LabelMap dataset, int[] targets) {
    if (Arrays.stream(targets).allMatch(target -> target == dataset.ignoreIndex())) {
      throw new IllegalArgumentException(
          "model and data set have no class in common: the model has %s; the data set has %s; map"
                  .formatted(names(model), names(dataset))
              + " them with a file of lines MODEL CLASS = DATA SET CLASS");
    }
    return new ClassMap(model, dataset, targets);
  }

  private static int[] namesakes(LabelMap model, LabelMap dataset) {
    return IntStream.range(0, model.size())
        .map(category -> find(dataset, model.name(category)).orElse(dataset.ignoreIndex()))
        .toArray();
  }

  private static OptionalInt find(LabelMap labels, String name) {
    return IntStream.range(0, labels.size())
        .filter(category -> labels.name(category).equalsIgnoreCase(name))
        .findFirst();
  }

  private static IOException unknown(String where, String side, String name, LabelMap labels) {
    return new IOException(
        "%sthe %s has no class %s; it has %s".formatted(where, side, name, names(labels)));
  }

  private static String names(LabelMap labels) {
    return String.join(", ", labels.names());
  }

  /**
   * Turns a model's mask into one of the data set's classes.
   *
   * @param mask categories of the model; others are void
   * @return a mask of the same size; void where the data set has no such class
   */
  public CategoryMask apply(CategoryMask mask) {
    int[] categories = mask.toIntArray();
    for (int i = 0; i < categories.length; i++) {
      int category = categories[i];
      categories[i] = category < targets.length ? targets[category] : dataset.ignoreIndex();
    }
    return CategoryMask.copyOf(mask.width(), mask.height(), categories);
  }

  /**
   * {@return one sentence for each pair of unlike names, and for the classes that one side lacks}
   */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] != dataset.ignoreIndex()
          && !dataset.name(targets[i]).equalsIgnoreCase(model.name(i))) {
        notes.add(
            "The model's %s is the data set's %s."
                .formatted(model.name(i), dataset.name(targets[i])));
      }
    }
    lacking(model, category -> targets[category] == dataset.ignoreIndex())
        .ifPresent(
            names ->
                notes.add(
                    "The data set has no class for the model's "
                        + names
                        + ": pixels predicted so are wrong."));
    lacking(dataset, category -> Arrays.stream(targets).noneMatch(target -> target == category))
        .ifPresent(
            names ->
                notes.add(
                    "The model has no class for the data set's "
                        + names
                        + ": their pixels are wrong."));
    return notes;
  }

  private static Optional<String> lacking(LabelMap labels, IntPredicate lacks) {
    List<String> names =
        IntStream.range(0, labels.size()).filter(lacks).mapToObj(labels::name).toList();
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
  }
}
