package io.github.pixelwise.evaluation.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds photographs and their masks or annotations. */
final class Pairing {

  /**
   * A photograph and the file of its truth.
   *
   * @param name their name
   * @param photograph the photograph; empty if there are none
   * @param truth the file of the mask or annotation
   */
  record Pair(String name, Optional<Path> photograph, Path truth) {}

  private static final String NONE = "none";
  private static final String SPLIT = "{split}";

  private final Layout layout;
  private final Path root;
  private final Optional<Path> photographs;
  private final Path truths;
  private final Optional<Path> list;

  /**
   * Reads the keys that say where files are.
   *
   * @param keys all keys
   * @param layout the kind of data set
   * @param folder the folder of the description, where lists are
   * @param root the data set's folder
   */
  Pairing(DatasetKeys keys, Layout layout, Path folder, Path root) throws IOException {
    this.layout = layout;
    this.root = root;
    String split = layout.split.isEmpty() ? "" : keys.find("split").orElse(layout.split);
    String pictures = keys.find("photographs").orElse(layout.photographs.replace(SPLIT, split));
    if (layout == Layout.CAMVID) {
      pictures = pictures.isEmpty() ? "." : pictures; // where they are stands in the list
    }
    photographs =
        pictures.isEmpty() || pictures.equals(NONE)
            ? Optional.empty()
            : Optional.of(root.resolve(pictures).normalize());
    truths = root.resolve(truths(keys, split)).normalize();
    list =
        keys.find("list")
            .map(folder::resolve)
            .or(
                () ->
                    layout.list.isEmpty()
                        ? Optional.empty()
                        : Optional.of(root.resolve(layout.list.replace(SPLIT, split))));
  }

  private String truths(DatasetKeys keys, String split) throws IOException {
    if (layout == Layout.CAMVID) {
      return ".";
    }
    if (layout == Layout.FOLDERS) {
      return keys.required("masks", "the folder of masks");
    }
    return keys.find(layout.hasMasks() ? "masks" : "annotations")
        .orElse(layout.truths.replace(SPLIT, split));
  }

  /** The folder of masks, or the folder or file of annotations. */
  Path truths() {
    return truths;
  }

  /** The photographs, if there are any. */
  Optional<FileIndex> photographs() throws IOException {
    return photographs.isPresent()
        ? Optional.of(
            FileIndex.pictures(
                photographs.get(), layout.photographEnding(), layout == Layout.CITYSCAPES))
        : Optional.empty();
  }

  /** The list, if there is one. */
  Optional<NameList> list() throws IOException {
    return list.isPresent() ? Optional.of(NameList.read(list.get())) : Optional.empty();
  }

  /** Finds the pairs of data sets that have a file for each photograph. */
  List<Pair> pairs() throws IOException {
    if (layout == Layout.CAMVID) {
      return listed(list().orElseThrow());
    }
    Optional<FileIndex> pictures = photographs();
    FileIndex files =
        FileIndex.of(truths, suffixes(), layout.truthEnding(), layout == Layout.CITYSCAPES);
    Optional<NameList> names = list();
    List<Pair> pairs = new ArrayList<>();
    if (names.isPresent()) {
      for (String name : names.get().names(line -> name(names.get(), line, pictures, files))) {
        pairs.add(pair(name, pictures, files));
      }
      return pairs;
    }
    if (pictures.isPresent()) {
      requirePartners(files, "mask or annotation file", pictures.get(), "photograph");
      if (layout != Layout.YOLO) {
        requirePartners(pictures.get(), "photograph", files, "mask or annotation");
      }
    }
    for (String name : pictures.orElse(files).names()) {
      pairs.add(pair(name, pictures, files));
    }
    return pairs;
  }

  private Set<String> suffixes() {
    return switch (layout) {
      case YOLO -> Set.of("txt");
      case LABELME -> Set.of("json");
      case GEOJSON -> Set.of("geojson");
      case SVG -> Set.of("svg");
      default -> FileIndex.PICTURES;
    };
  }

  private Pair pair(String name, Optional<FileIndex> pictures, FileIndex files) {
    return new Pair(
        name,
        pictures.flatMap(index -> index.find(name)),
        files.find(name).orElseGet(() -> truths.resolve(name + ".txt"))); // YOLO needs none
  }

  private String name(
      NameList names, NameList.Line line, Optional<FileIndex> pictures, FileIndex files)
      throws IOException {
    FileIndex first = pictures.orElse(files);
    String ending = pictures.isPresent() ? layout.photographEnding() : layout.truthEnding();
    String name =
        first
            .meant(line.text(), ending)
            .orElseThrow(
                () ->
                    names.wrong(
                        line,
                        "there is no %s %s in %s"
                            .formatted(
                                pictures.isPresent() ? "photograph" : "mask",
                                line.text(),
                                first.folder())));
    if (layout != Layout.YOLO && files.find(name).isEmpty()) {
      throw names.wrong(
          line, "there is no mask or annotation of %s in %s".formatted(name, files.folder()));
    }
    return name;
  }

  private static void requirePartners(
      FileIndex files, String what, FileIndex partners, String other) throws IOException {
    List<String> alone =
        files.names().stream().filter(name -> partners.find(name).isEmpty()).toList();
    if (!alone.isEmpty()) {
      throw new IOException(
          ("%d of the %d %ss in %s have no %s in %s, first %s. Names before the dot must be equal;"
                  + " to use some only, name them in a text file (list).")
              .formatted(
                  alone.size(),
                  files.names().size(),
                  what,
                  files.folder(),
                  other,
                  partners.folder(),
                  alone.get(0)));
    }
  }

  /** SegNet's lists: the paths of photograph and mask, which begin with a folder of its authors. */
  private List<Pair> listed(NameList names) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    names.names(
        line -> {
          String[] paths = line.text().split("\\s+", -1);
          if (paths.length != 2) {
            throw names.wrong(
                line, "expected the paths of a photograph and a mask, found " + line.text());
          }
          Optional<Path> photograph =
              photographs.isPresent()
                  ? Optional.of(meant(names, line, paths[0]))
                  : Optional.empty();
          Path mask = meant(names, line, paths[1]);
          String name = FileIndex.withoutSuffix(String.valueOf(mask.getFileName()));
          pairs.add(new Pair(name, photograph, mask));
          return name;
        });
    return pairs;
  }

  private Path meant(NameList names, NameList.Line line, String path) throws IOException {
    String rest = path.replace('\\', '/');
    while (true) {
      Path file = root.resolve(rest.startsWith("/") ? rest.substring(1) : rest);
      if (Files.isRegularFile(file)) {
        return file;
      }
      int slash = rest.indexOf('/');
      if (slash < 0) {
        throw names.wrong(line, "there is no file %s in %s".formatted(path, root));
      }
      rest = rest.substring(slash + 1);
    }
  }
}
