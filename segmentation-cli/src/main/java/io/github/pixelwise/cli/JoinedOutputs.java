package io.github.pixelwise.cli;

import io.github.pixelwise.cli.internal.Reason;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.products.JoinedFile;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.RecipeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The files that a run writes for all its photos together, such as {@code coco.json}. Each photo
 * gets a part in a hidden folder; at the end, the parts are joined in the order of the photos, and
 * deleted. So any number of photos fits in memory, and an interrupted run can go on.
 */
final class JoinedOutputs {
  /** Options that no photo depends on, and the recipe, which counts by its values. */
  private static final Set<String> NO_SETTINGS =
      Set.of("--output", "--write", "--force", "--recipe");

  private final Set<Product> products;
  private final Path folder;
  private final Path parts;
  private int written;
  private int failed;

  /**
   * @param products the products to join
   * @param folder where the files go
   * @param key names the settings and photos of the parts; those of other runs are not used
   */
  JoinedOutputs(Set<Product> products, Path folder, String key) {
    this.products = products;
    this.folder = folder;
    parts = folder.resolve(".segment-" + key);
  }

  /**
   * The files that a command line asks for.
   *
   * @param output the folder for them; null for that of the photos
   * @param paths the photos
   * @param recipe how the photos are segmented
   * @param options the options that were set
   */
  static JoinedOutputs of(
      Set<Product> products,
      @Nullable Path output,
      List<Path> paths,
      RecipeFile recipe,
      List<OptionSpec> options) {
    Path path = paths.get(0);
    Path folder =
        output != null ? output : Files.isDirectory(path) ? path : path.resolveSibling("");
    Stream<String> settings =
        options.stream()
            .filter(option -> !NO_SETTINGS.contains(option.longestName()))
            .map(option -> option.longestName() + "=" + option.stringValues());
    Stream<String> values =
        recipe.values().entrySet().stream()
            .filter(value -> !value.getKey().equals("write"))
            .map(Map.Entry::toString);
    Stream<String> photos = paths.stream().map(p -> p.toAbsolutePath().normalize().toString());
    int key =
        Stream.of(settings, values, photos)
            .flatMap(Function.identity())
            .sorted()
            .toList()
            .hashCode();
    return new JoinedOutputs(
        products.stream()
            .filter(Product::isJoinable)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Product.class))),
        folder,
        "%08x".formatted(key));
  }

  /** The file of a product. */
  Path file(Product product) {
    return folder.resolve(product.suffix().substring(1));
  }

  List<Path> files() {
    return products.stream().map(this::file).toList();
  }

  /** The products whose files are there. */
  Set<Product> existing() {
    return products.stream()
        .filter(product -> Files.exists(file(product)))
        .collect(Collectors.toSet());
  }

  /** The part of a photo in the file of a product. */
  Path part(Photograph photograph, Product product) {
    return parts.resolve(photograph.name() + product.suffix());
  }

  /** Forgets the parts of an earlier run. */
  void clear() throws IOException {
    if (Files.isDirectory(parts)) {
      try (Stream<Path> found = Files.walk(parts)) {
        for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  /** How many files were written. */
  int written() {
    return written;
  }

  /** How many files could not be written. */
  int failed() {
    return failed;
  }

  /** Says that the files will be written when the run goes on. */
  void postpone(Set<Product> wanted, Consumer<String> messages) {
    products.stream()
        .filter(wanted::contains)
        .forEach(
            product ->
                messages.accept(
                    file(product)
                        + ": not written yet. Run the same command again to go on; with --force, it"
                        + " begins anew."));
  }

  /**
   * Writes the files, and deletes the parts if all could be written. Photos without a part have
   * failed and are left out.
   *
   * @param wanted the products to write
   * @param problems is told what could not be written, in a sentence
   */
  void join(
      Set<Product> wanted,
      Collection<Photograph> photographs,
      ModelCard model,
      OutputFiles files,
      Consumer<String> problems) {
    for (Product product : products) {
      if (!wanted.contains(product)) {
        continue;
      }
      List<Path> found =
          photographs.stream()
              .map(photograph -> part(photograph, product))
              .filter(Files::exists)
              .toList();
      Path file = file(product);
      try {
        if (!found.isEmpty()) {
          files.write(
              file, out -> JoinedFile.write(product, found, model.labels(), model.palette(), out));
          written++;
        }
        if (found.size() < photographs.size()) {
          problems.accept(
              found.isEmpty()
                  ? "%s: not written, because all photos failed or are too large".formatted(file)
                  : "%s: without %d of %d photos, which failed or are too large"
                      .formatted(file, photographs.size() - found.size(), photographs.size()));
        }
      } catch (IOException e) {
        failed++;
        problems.accept("cannot write %s: %s".formatted(file, Reason.of(e)));
      }
    }
    try {
      if (failed == 0) {
        clear();
      }
    } catch (IOException e) {
      problems.accept("cannot delete %s: %s".formatted(parts, Reason.of(e)));
    }
  }
}
