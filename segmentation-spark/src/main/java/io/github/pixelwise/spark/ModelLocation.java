package io.github.pixelwise.spark;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.zoo.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Finds models on the driver: those with names, those in files, and those in object stores. */
final class ModelLocation {
  private static final Pattern REMOTE = Pattern.compile("(?!hf:)[a-zA-Z][a-zA-Z0-9+.-]*:/.*");

  /** Where this JVM has put models from object stores. */
  private static final Map<String, Path> COPIES = new ConcurrentHashMap<>();

  private ModelLocation() {}

  /**
   * Finds a model.
   *
   * @param model a name; the path of a card or of its folder; or such a path in any file system
   *     that Hadoop reads, such as {@code s3a://bucket/model/}
   * @throws io.github.pixelwise.ModelNotFoundException if there is no model with that name
   * @throws ModelLoadException if it cannot be read
   */
  static ModelCard card(String model, Configuration configuration) {
    try {
      if (!REMOTE.matcher(model).matches()) {
        return Models.find(Catalog.load(), model);
      }
      Path copy = COPIES.get(model);
      if (copy == null || !Files.exists(copy)) {
        copy = copy(model, configuration);
        COPIES.put(model, copy);
      }
      return Models.find(Catalog.load(), copy.toString());
    } catch (IOException e) {
      throw new ModelLoadException("cannot open a model: " + e.getMessage(), e);
    }
  }

  /** Copies a model's folder, or a card and its files, to this machine. */
  private static Path copy(String model, Configuration configuration) throws IOException {
    org.apache.hadoop.fs.Path source = new org.apache.hadoop.fs.Path(model);
    FileSystem files = HadoopFiles.system(source, configuration);
    Path target = Files.createTempDirectory("pixelwise-").resolve(source.getName());
    copy(files, source, target);
    if (Files.isRegularFile(target)) {
      for (ModelFile file : ModelCard.read(target).files()) {
        Path network = Path.of(file.location());
        copyBeside(files, source, target, network);
        for (String weights : ExternalWeights.of(file.format(), network)) {
          copyBeside(files, source, target, ExternalWeights.locate(network, weights));
        }
      }
    }
    return target;
  }

  /** Copies a file to a path that is as far from the card's copy as the file is from the card. */
  private static void copyBeside(
      FileSystem files, org.apache.hadoop.fs.Path card, Path cardCopy, Path copy)
      throws IOException {
    Path folder = cardCopy.resolveSibling("");
    if (!copy.normalize().startsWith(folder)) {
      throw new IOException(
          "%s names the file %s, which must be in its folder or below"
              .formatted(card, folder.relativize(copy)));
    }
    String relative = folder.relativize(copy).toString();
    Files.createDirectories(copy.resolveSibling(""));
    copy(files, new org.apache.hadoop.fs.Path(card.getParent(), relative), copy);
  }

  private static void copy(FileSystem files, org.apache.hadoop.fs.Path from, Path to)
      throws IOException {
    files.copyToLocalFile(false, from, new org.apache.hadoop.fs.Path(to.toUri()), true);
  }
}
