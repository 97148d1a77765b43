package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The keys that say which classes there are, and which values of files they are. */
final class ClassKeys {
  static final String BACKGROUND = "background";
  private static final String VOID = "void";

  /** A line that is no comment though it begins with #. */
  private static final Pattern COLOR_RULE = Pattern.compile("#\\p{XDigit}{6}\\s*=.*");

  private static final Pattern NUMBERED = Pattern.compile("(\\d+):\\s*(.+)");

  private final DatasetKeys keys;
  private final Layout layout;
  private final Path folder;
  private final Path root;
  private final Optional<Map<String, String>> values;
  private final List<String> ignored;
  private final Optional<ColorList> colors;
  private final Optional<String> background;
  private final Optional<String> labels;
  private final Optional<String> palette;

  ClassKeys(DatasetKeys keys, Layout layout, Path folder, Path root) throws IOException {
    this.keys = keys;
    this.layout = layout;
    this.folder = folder;
    this.root = root;
    labels = keys.find("labels");
    palette = keys.find("palette");
    ignored = new ArrayList<>(layout.ignored());
    ignored.addAll(DatasetKeys.list(keys.find("ignore").orElse("")));
    background = layout.hasMasks() ? Optional.empty() : keys.find(BACKGROUND);
    Optional<String> colorFile = layout.hasMasks() ? keys.find("colors") : Optional.empty();
    boolean published = layout == Layout.CAMVID_RGB && colorFile.isEmpty();
    colors =
        published
            ? Optional.of(ColorList.parse("camvid-colors.txt", resource("camvid-colors.txt")))
            : colorFile.isPresent()
                ? Optional.of(ColorList.read(folder.resolve(colorFile.get())))
                : Optional.empty();
    Optional<String> rules = keys.find("values");
    values =
        rules.isPresent()
            ? Optional.of(readValues(rules.get()))
            : published
                ? Optional.of(
                    parseValues(
                        "camvid-classes.txt", resource("camvid-classes.txt").split("\\R", -1)))
                : Optional.empty();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(ClassKeys.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Rules that stand in the key itself, with commas between, or in a file that it names. */
  private Map<String, String> readValues(String value) throws IOException {
    if (value.contains("=")) {
      return parseValues(keys + ": key values", value.split(",", -1));
    }
    Path file = folder.resolve(value);
    return parseValues(file.toString(), DatasetKeys.text(file).split("\\R", -1));
  }

  private static Map<String, String> parseValues(String where, String[] lines) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String text : lines) {
      String line = text.strip();
      if (line.isEmpty() || (line.startsWith("#") && !COLOR_RULE.matcher(line).matches())) {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new IOException("%s: expected VALUE = CLASS, found %s".formatted(where, line));
      }
      String value = line.substring(0, equals).strip();
      if (values.put(value, line.substring(equals + 1).strip()) != null) {
        throw new IOException("%s: the value %s is mapped twice".formatted(where, value));
      }
    }
    if (values.isEmpty()) {
      throw new IOException(where + ": expected lines VALUE = CLASS, found none");
    }
    return values;
  }

  /**
   * Works the classes out.
   *
   * @param given the classes, if the caller has set them
   * @param colored their colors, if the caller has set them
   * @param categories the categories that the data set's own file names
   */
  Classes resolve(
      Optional<LabelMap> given, Optional<Palette> colored, Collection<String> categories)
      throws IOException {
    try {
      LabelMap map = given.isPresent() ? given.get() : labels(categories);
      Map<String, String> mapped = values.orElseGet(() -> layout.values(map));
      OptionalInt none = layout.hasMasks() ? OptionalInt.empty() : background(map);
      if (values.isEmpty() && layout == Layout.YOLO) {
        IntStream.range(0, map.size())
            .filter(category -> none.orElseThrow() != category)
            .forEach(category -> mapped.put(Integer.toString(mapped.size()), map.name(category)));
      }
      ClassRules rules = ClassRules.of(map, mapped.isEmpty(), mapped, ignored);
      Optional<ClassRules.Colors> byColor =
          colors.isPresent() || rules.hasColors()
              ? Optional.of(rules.byColor(colors.orElse(new ColorList(Map.of()))))
              : Optional.empty();
      return new Classes(
          map,
          colored.isPresent() ? colored.get() : palette(map, rules),
          rules,
          byColor,
          none.orElse(map.ignoreIndex()));
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(keys, e.getMessage()), e);
    }
  }

  private LabelMap labels(Collection<String> categories) throws IOException {
    if (labels.isPresent()) {
      return labels.get().endsWith(".txt")
          ? readLabels(folder.resolve(labels.get()))
          : parseLabels(labels.get());
    }
    if (layout == Layout.COCO_STUFF) {
      return readLabels(root.resolve("labels.txt"));
    }
    if (layout.labels().isPresent()) {
      return layout.labels().get();
    }
    Set<String> names = new LinkedHashSet<>();
    if (values.isPresent()) {
      names.addAll(values.get().values());
      names.removeIf(name -> name.isEmpty() || name.equalsIgnoreCase(VOID));
    } else if (colors.isPresent()) {
      names.addAll(colors.get().colors().keySet());
      names.removeIf(name -> ignored.stream().anyMatch(name::equalsIgnoreCase));
    } else if (!categories.isEmpty()) {
      names.add(BACKGROUND);
      names.addAll(categories);
      names.removeIf(name -> ignored.stream().anyMatch(name::equalsIgnoreCase));
    }
    if (names.isEmpty()) {
      keys.required("labels", "a data set, such as voc, names with commas between, or a .txt file");
    }
    return LabelMap.of(List.copyOf(names));
  }

  private LabelMap parseLabels(String value) throws IOException {
    try {
      return LabelMap.parse(value);
    } catch (IllegalArgumentException e) {
      throw keys.wrong(
          "labels",
          "a data set, such as voc, names with commas between, or a .txt file",
          String.valueOf(e.getMessage()));
    }
  }

  /** One name a line, or COCO-Stuff's lines {@code NUMBER: NAME}, of which 0 is no class. */
  private LabelMap readLabels(Path file) throws IOException {
    List<String> names = new ArrayList<>();
    for (NameList.Line line : NameList.read(file).lines()) {
      Matcher numbered = NUMBERED.matcher(line.text());
      if (layout != Layout.COCO_STUFF || !numbered.matches()) {
        names.add(line.text());
      } else if (!numbered.group(1).equals(Integer.toString(names.size()))) {
        throw new IOException(
            "%s, line %d: expected the number %d".formatted(file, line.number(), names.size()));
      } else {
        names.add(numbered.group(2));
      }
    }
    if (layout == Layout.COCO_STUFF && names.get(0).equals("unlabeled")) {
      names.remove(0);
    }
    return LabelMap.of(names);
  }

  private OptionalInt background(LabelMap map) throws IOException {
    String name = background.orElse(BACKGROUND);
    if (map.find(name).isPresent()) {
      return map.find(name);
    }
    if (name.equalsIgnoreCase(VOID)) {
      return OptionalInt.of(map.ignoreIndex());
    }
    throw new IOException(
        ("%s: there is no class %s for pixels that no shape covers. Add it to labels, or set"
                + " background to a class, or to void if only shapes count.")
            .formatted(keys, name));
  }

  private Palette palette(LabelMap map, ClassRules rules) throws IOException {
    if (palette.isPresent()) {
      try {
        return Palette.parse(palette.get(), map.size());
      } catch (IllegalArgumentException e) {
        throw keys.wrong(
            "palette",
            "a data set, such as voc, or colors #rrggbb with commas between",
            String.valueOf(e.getMessage()));
      }
    }
    if (layout.labels().isPresent()) {
      return layout.labels().get().equals(map) ? layout.palette() : Palette.voc();
    }
    if (colors.isEmpty()) {
      return Palette.voc();
    }
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < map.size(); i++) {
      int category = i;
      found.add(
          colors.get().colors().entrySet().stream()
              .filter(color -> rules.category(color.getKey()) == category)
              .map(Map.Entry::getValue)
              .findFirst()
              .orElse(Palette.voc().rgb(category)));
    }
    return Palette.of(found);
  }
}
