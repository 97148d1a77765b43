package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a data set that a file or two folders describe, where something is to be other than they
 * say. What is set here takes precedence over the file.
 *
 * <pre>{@code
 * Dataset dataset =
 *     DatasetReader.folders(Path.of("masks"), LabelMap.of(List.of("background", "cat")))
 *         .photographs(Path.of("photographs"))
 *         .ignore("255")
 *         .read();
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class DatasetReader {
  private final Optional<Path> file;
  private final Map<String, String> keys = new TreeMap<>();
  private @Nullable LabelMap labels;
  private @Nullable Palette palette;

  private DatasetReader(Optional<Path> file) {
    this.file = file;
  }

  /**
   * Starts to read a data set that a file describes.
   *
   * @param file the file, {@code *.dataset.properties}, UTF-8
   * @return the reader
   */
  public static DatasetReader of(Path file) {
    return new DatasetReader(Optional.of(file));
  }

  /**
   * Starts to read a folder of masks, to which {@link #photographs} adds photographs. A mask's
   * value is its class, and the labels' ignore index is void, unless {@link #values} or {@link
   * #colors} say else.
   *
   * @param masks the folder of PNG files; those in folders below it count as well
   * @param labels the classes
   * @return the reader
   */
  public static DatasetReader folders(Path masks, LabelMap labels) {
    DatasetReader reader = new DatasetReader(Optional.empty());
    reader.keys.put("format", Layout.FOLDERS.word());
    reader.keys.put("name", String.valueOf(masks.toAbsolutePath().normalize().getFileName()));
    reader.labels = Objects.requireNonNull(labels, "labels");
    return reader.set("masks", masks);
  }

  /**
   * Sets the folder of photographs, which have the names of their masks.
   *
   * @param folder the folder
   * @return this reader
   */
  public DatasetReader photographs(Path folder) {
    return set("photographs", folder);
  }

  /**
   * Sets the list of the photographs to use.
   *
   * @param file a text file with a name on each line
   * @return this reader
   */
  public DatasetReader list(Path file) {
    return set("list", file);
  }

  /**
   * Sets the part of the data set to use, by the name that its format knows.
   *
   * @param name the name, such as {@code val}
   * @return this reader
   */
  public DatasetReader split(String name) {
    keys.put("split", name);
    return this;
  }

  /**
   * Sets the classes of the files' values.
   *
   * @param file a text file of lines {@code VALUE = CLASS}
   * @return this reader
   */
  public DatasetReader values(Path file) {
    return set("values", file);
  }

  /**
   * Has masks read as colors.
   *
   * @param file a text file of lines {@code NAME = #rrggbb}
   * @return this reader
   */
  public DatasetReader colors(Path file) {
    return set("colors", file);
  }

  /**
   * Makes values void, besides those that the file or the kind of data set makes void.
   *
   * @param values values of masks, colors {@code #rrggbb}, or names, with commas between
   * @return this reader
   */
  public DatasetReader ignore(String values) {
    keys.merge("ignore", values, (first, second) -> first + "," + second);
    return this;
  }

  /**
   * Sets the colors of the classes, in which reports show them.
   *
   * @param palette the colors
   * @return this reader
   */
  public DatasetReader palette(Palette palette) {
    this.palette = Objects.requireNonNull(palette, "palette");
    return this;
  }

  /**
   * Has masks resized that are not of their photograph's size, to the nearest pixel.
   *
   * @return this reader
   */
  public DatasetReader resizeMasks() {
    keys.put("resize-masks", "true");
    return this;
  }

  private DatasetReader set(String key, Path path) {
    keys.put(key, path.toAbsolutePath().toString());
    return this;
  }

  /**
   * Reads lists and finds files. Photographs and masks are read from the samples.
   *
   * @return the data set
   * @throws IOException if the description is wrong, a list cannot be read, or a file is missing;
   *     the message says which, and what to do
   */
  public Dataset read() throws IOException {
    Map<String, String> values = new TreeMap<>();
    String source = "the data set";
    Path root = Path.of("");
    if (file.isPresent()) {
      values.putAll(DatasetKeys.read(file.get()));
      source = file.get().toString();
      root = Objects.requireNonNullElse(file.get().toAbsolutePath().getParent(), root);
      values.putIfAbsent("name", name(file.get()));
    }
    String ignored = values.getOrDefault("ignore", "");
    values.putAll(keys);
    values.put("ignore", ignored + "," + keys.getOrDefault("ignore", ""));
    return new DatasetAssembly(new DatasetKeys(source, values), root)
        .assemble(Optional.ofNullable(labels), Optional.ofNullable(palette));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("(\\.dataset)?\\.properties$", "");
  }
}
