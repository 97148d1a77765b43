package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.util.Names;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Puts a data set together from the keys that describe it. */
final class DatasetAssembly {
  private final DatasetKeys keys;
  private final Layout layout;
  private final String name;
  private final ClassKeys classKeys;
  private final Pairing pairing;
  private final boolean resize;
  private final Optional<double[]> part;
  private final long seed;

  /**
   * Reads all keys.
   *
   * @param keys the keys
   * @param folder the folder of the file that they stand in
   */
  DatasetAssembly(DatasetKeys keys, Path folder) throws IOException {
    this.keys = keys;
    layout = layout(keys);
    name = keys.required("name", "what reports call the data set");
    Path root = folder.resolve(keys.find("root").orElse(""));
    classKeys = new ClassKeys(keys, layout, folder, root);
    pairing = new Pairing(keys, layout, folder, root);
    resize = keys.flag("resize-masks");
    part = part(keys);
    seed = seed(keys);
    keys.requireNoOthers(layout.word());
  }

  private static Layout layout(DatasetKeys keys) throws IOException {
    List<String> words = Arrays.stream(Layout.values()).map(Layout::word).toList();
    String expected = "one of " + String.join(", ", words);
    String word = keys.required("format", expected);
    for (Layout layout : Layout.values()) {
      if (layout.word().equals(word)) {
        return layout;
      }
    }
    throw keys.wrong("format", expected + Names.suggestion(word, words), "");
  }

  private static Optional<double[]> part(DatasetKeys keys) throws IOException {
    Optional<String> value = keys.find("part");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      double[] ends =
          DatasetKeys.list(value.get()).stream().mapToDouble(Double::parseDouble).toArray();
      if (ends.length == 2 && ends[0] >= 0 && ends[0] < ends[1] && ends[1] <= 1) {
        return Optional.of(ends);
      }
    } catch (NumberFormatException e) {
      // as below
    }
    throw keys.wrong("part", "where the part begins and ends, such as 0, 0.8", "");
  }

  private static long seed(DatasetKeys keys) throws IOException {
    String value = keys.find("seed").orElse("0");
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw keys.wrong("seed", "a whole number", "");
    }
  }

  /**
   * Finds the files.
   *
   * @param labels the classes, if the caller has set them
   * @param palette their colors, if the caller has set them
   */
  Dataset assemble(Optional<LabelMap> labels, Optional<Palette> palette) throws IOException {
    Optional<CocoFile> coco =
        layout == Layout.COCO ? Optional.of(CocoFile.read(pairing.truths())) : Optional.empty();
    Classes classes =
        classKeys.resolve(
            labels, palette, coco.map(file -> file.categories().values()).orElse(List.of()));
    List<Sample> samples =
        coco.isPresent()
            ? samples(coco.get(), classes)
            : layout == Layout.CVAT
                ? samples(CvatFile.read(pairing.truths()), classes)
                : samples(pairing.pairs(), classes);
    Dataset all = Dataset.of(name, classes.labels(), classes.palette(), samples);
    try {
      return part.isPresent() ? all.part(part.get()[0], part.get()[1], seed) : all;
    } catch (IllegalArgumentException e) {
      throw keys.wrong(
          "part", "a part with a photograph in it, of %d".formatted(samples.size()), "");
    }
  }

  private List<Sample> samples(List<Pairing.Pair> pairs, Classes classes) throws IOException {
    int[] indices =
        classes.colors().isPresent() || layout.hasNames() ? new int[0] : indices(classes);
    MaskTruth.Values values = new MaskTruth.Values(classes.rules(), indices, classes.colors());
    List<Sample> samples = new ArrayList<>();
    for (Pairing.Pair pair : pairs) {
      Truth truth =
          switch (layout) {
            case LABELME -> new LabelMeTruth(pair.truth(), classes.rules(), classes.background());
            case YOLO ->
                new YoloTruth(pair.truth(), photograph(pair), indices, classes.background());
            case GEOJSON ->
                new GeoJsonTruth(
                    pair.truth(), photograph(pair), classes.rules(), classes.background());
            case SVG -> new SvgTruth(pair.truth(), classes.rules(), classes.background());
            default -> new MaskTruth(pair.truth(), values);
          };
      samples.add(new FileSample(pair.name(), pair.photograph(), truth, resize));
    }
    return samples;
  }

  private Path photograph(Pairing.Pair pair) throws IOException {
    return pair.photograph()
        .orElseThrow(
            () ->
                new IOException(
                    "%s: key photographs: files of the format %s do not have the size of the image, so that photographs are needed"
                        .formatted(keys, layout.word())));
  }

  private int[] indices(Classes classes) throws IOException {
    try {
      return classes.rules().byIndex();
    } catch (IllegalArgumentException e) {
      throw new IOException("%s: %s".formatted(keys, e.getMessage()), e);
    }
  }

  private List<Sample> samples(CocoFile coco, Classes classes) throws IOException {
    requireClasses(coco, classes);
    AnnotatedImages images = new AnnotatedImages(coco.path(), pairing, resize);
    for (CocoFile.Image image : coco.images()) {
      images.add(image.file(), new CocoTruth(coco, image, classes.rules(), classes.background()));
    }
    return images.samples();
  }

  private List<Sample> samples(CvatFile cvat, Classes classes) throws IOException {
    AnnotatedImages images = new AnnotatedImages(cvat.path(), pairing, resize);
    for (CvatFile.Image image : cvat.images()) {
      images.add(image.name(), cvat.truth(image, classes.rules(), classes.background()));
    }
    return images.samples();
  }

  private static void requireClasses(CocoFile coco, Classes classes) throws IOException {
    Set<String> missing = new HashSet<>();
    new TreeMap<>(coco.categories())
        .forEach(
            (id, name) -> {
              if (coco.uses(id) && classes.rules().category(name) == ClassRules.UNKNOWN) {
                missing.add(name);
              }
            });
    if (!missing.isEmpty()) {
      throw new IOException(
          ("%s: no class is named %s; the classes are %s. Map them to classes (values), such as"
                  + " * = background, or make them void (ignore).")
              .formatted(
                  coco.path(),
                  String.join(", ", missing.stream().sorted().toList()),
                  String.join(", ", classes.labels().names())));
    }
  }
}
