package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.AtomicFile;
import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models that have been fetched from the Hub: folders {@code hub/models--OWNER--NAME} in the
 * cache, with {@code refs/REVISION}, which holds a commit, and {@code snapshots/COMMIT}, which
 * holds files and a card beside each network.
 */
final class HubStore {
  private static final String FOLDER = "hub";
  private static final String REFS = "refs";
  private static final String SNAPSHOTS = "snapshots";
  private static final String CARD = ".properties";
  private static final String NETWORK = ".onnx";

  private final CacheFolders cache;

  HubStore(CacheFolders cache) {
    this.cache = cache;
  }

  /**
   * Finds a fetched model.
   *
   * @param hashes whether to verify the files' hashes instead of only their existence
   * @return its card; empty if it was not fetched
   * @throws IOException if it was, and is damaged or has several networks to choose from
   */
  Optional<ModelCard> find(HubName name, boolean hashes) throws IOException {
    for (Path hub : cache.trusted(FOLDER)) {
      Path model = hub.resolve(name.folder());
      Optional<String> commit = commit(model, name.revision());
      if (commit.isPresent()) {
        Optional<String> network = network(snapshot(model, commit.get()), name);
        if (network.isPresent()) {
          Path card = snapshot(model, commit.get()).resolve(card(network.get()));
          return Optional.of(ZooCache.read(card, hashes));
        }
      }
    }
    return Optional.empty();
  }

  /** Finds the fetched network that a name means. */
  private static Optional<String> network(Path snapshot, HubName name) throws IOException {
    List<String> networks =
        HuggingFaceFolder.filesIn(snapshot, CARD).stream()
            .map(card -> card.substring(0, card.length() - CARD.length()) + NETWORK)
            .toList();
    if (!name.file().isEmpty()) {
      return Optional.of(name.file())
          .filter(file -> Files.isRegularFile(snapshot.resolve(card(file))));
    }
    Optional<String> usual = HuggingFaceFolder.usual(networks);
    if (usual.isEmpty() && !networks.isEmpty()) {
      throw new IOException(
          "%s has been fetched with the networks %s, and none is named model.onnx; choose one, such as %s"
              .formatted(name, String.join(", ", networks), name.with(networks.get(0))));
    }
    return usual;
  }

  /** Finds the commit that a revision was when it was fetched. */
  static Optional<String> commit(Path model, String revision) throws IOException {
    Path ref = model.resolve(REFS).resolve(revision);
    if (Files.isRegularFile(ref)) {
      return Optional.of(Files.readString(ref).strip()).filter(HubRepository::isCommit);
    }
    return Optional.of(revision).filter(commit -> Files.isDirectory(snapshot(model, commit)));
  }

  /** Notes the commit of a revision. */
  static void note(Path model, String revision, String commit) throws IOException {
    Path ref = model.resolve(REFS).resolve(revision);
    Files.createDirectories(ref.resolveSibling(""));
    AtomicFile.write(ref, out -> out.write(commit.getBytes(StandardCharsets.US_ASCII)));
  }

  static Path snapshot(Path model, String commit) {
    return model.resolve(SNAPSHOTS).resolve(commit);
  }

  /** The path of a network's card. */
  static String card(String network) {
    return network.replaceFirst("\\.onnx$", CARD);
  }

  /** The names of the fetched models. */
  List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    for (Path hub : cache.trusted(FOLDER)) {
      try {
        for (Path model : HubCache.models(hub)) {
          for (String revision : revisions(model)) {
            names.add(new HubName(HubCache.repository(model), revision, "").toString());
          }
        }
      } catch (IOException | UncheckedIOException e) {
        // What cannot be listed cannot be opened either.
      }
    }
    return List.copyOf(names);
  }

  private static List<String> revisions(Path model) throws IOException {
    Path refs = model.resolve(REFS);
    if (!Files.isDirectory(refs)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(refs)) {
      return files
          .filter(
              file -> Files.isRegularFile(file) && !file.getFileName().toString().startsWith("."))
          .map(ref -> refs.relativize(ref).toString().replace('\\', '/'))
          .toList();
    }
  }

  /**
   * Returns the real path of the folder that models are fetched into, and creates it if it does not
   * exist.
   */
  Path writable(HubName name) throws IOException {
    return cache
        .writable(FOLDER)
        .orElseThrow(
            () ->
                new IOException(
                    "cannot fetch %s: %s".formatted(name, cache.whyNotWritable(FOLDER))))
        .toRealPath();
  }

  /** The folders that are searched for models. */
  @Override
  public String toString() {
    return cache.folders().stream()
        .map(folder -> folder.resolve(FOLDER).toString())
        .collect(Collectors.joining(" or "));
  }
}
