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
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models that have been fetched from the Hub: folders {@code hub/models--OWNER--NAME} in the
 * cache, with {@code refs/REVISION}, which holds a commit, {@code snapshots/COMMIT}, which holds
 * files and a card beside each network, and {@code defaults/COMMIT}, which holds the path of the
 * network that a name without a path means, whether fetched or not.
 */
final class HubStore {
  private static final String FOLDER = "hub";
  private static final String REFS = "refs";
  private static final String SNAPSHOTS = "snapshots";
  private static final String DEFAULTS = "defaults";
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
   * @throws IOException if it was, and is damaged
   */
  Optional<ModelCard> find(HubName name, boolean hashes) throws IOException {
    for (Path hub : cache.trusted(FOLDER)) {
      Path model = hub.resolve(name.folder());
      Optional<String> commit = commit(model, name.revision());
      if (commit.isPresent()) {
        Optional<String> network = network(model, commit.get(), name.file());
        if (network.isPresent()) {
          Path card = snapshot(model, commit.get()).resolve(card(network.get()));
          return Optional.of(ZooCache.read(card, hashes));
        }
      }
    }
    return Optional.empty();
  }

  /** Finds the network that a path means; empty if it was not fetched. */
  private static Optional<String> network(Path model, String commit, String path)
      throws IOException {
    Optional<String> network = path.isEmpty() ? usual(model, commit) : Optional.of(path);
    return network.filter(file -> Files.isRegularFile(snapshot(model, commit).resolve(card(file))));
  }

  /** Finds the network that names without a path mean; empty if the repository has none. */
  private static Optional<String> usual(Path model, String commit) throws IOException {
    Path note = model.resolve(DEFAULTS).resolve(commit);
    return Files.isRegularFile(note)
        ? Optional.of(Files.readString(note).strip())
        : Optional.empty();
  }

  /** Finds the commit that a name's revision was when it was fetched. */
  Optional<String> commit(HubName name) throws IOException {
    for (Path hub : cache.trusted(FOLDER)) {
      Optional<String> commit = commit(hub.resolve(name.folder()), name.revision());
      if (commit.isPresent()) {
        return commit;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> commit(Path model, String revision) throws IOException {
    Path ref = model.resolve(REFS).resolve(revision);
    if (Files.isRegularFile(ref)) {
      return Optional.of(Files.readString(ref).strip()).filter(HubRepository::isCommit);
    }
    return Optional.of(revision).filter(commit -> Files.isDirectory(snapshot(model, commit)));
  }

  /** Notes the commit of a revision. */
  static void note(Path model, String revision, String commit) throws IOException {
    write(model.resolve(REFS).resolve(revision), commit);
  }

  /** Notes the network that names without a path mean. */
  static void noteDefault(Path model, String commit, String network) throws IOException {
    write(model.resolve(DEFAULTS).resolve(commit), network);
  }

  private static void write(Path note, String text) throws IOException {
    Files.createDirectories(note.resolveSibling(""));
    AtomicFile.write(note, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  static Path snapshot(Path model, String commit) {
    return model.resolve(SNAPSHOTS).resolve(commit);
  }

  /** The path of a network's card. */
  static String card(String network) {
    return network.replaceFirst("\\.onnx$", CARD);
  }

  /** The names that open what has been fetched: one for each revision and network. */
  List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    for (Path hub : cache.trusted(FOLDER)) {
      try {
        for (Path model : HubCache.models(hub)) {
          for (String revision : revisions(model)) {
            names.addAll(names(model, new HubName(HubCache.repository(model), revision, "")));
          }
        }
      } catch (IOException | UncheckedIOException e) {
        // What cannot be listed cannot be opened either.
      }
    }
    return List.copyOf(names);
  }

  /** The names that open the networks of a model that have been fetched. */
  List<String> names(HubName name) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (Path hub : cache.trusted(FOLDER)) {
      names.addAll(names(hub.resolve(name.folder()), name.with("")));
    }
    return List.copyOf(names);
  }

  private static List<String> names(Path model, HubName name) throws IOException {
    Optional<String> commit = commit(model, name.revision());
    if (commit.isEmpty() || !Files.isDirectory(snapshot(model, commit.get()))) {
      return List.of();
    }
    Path snapshot = snapshot(model, commit.get());
    Optional<String> usual = usual(model, commit.get());
    try (Stream<Path> files = Files.walk(snapshot)) {
      return files
          .filter(file -> file.toString().endsWith(CARD) && Files.isRegularFile(file))
          .map(card -> snapshot.relativize(card).toString().replace('\\', '/'))
          .map(card -> card.substring(0, card.length() - CARD.length()) + NETWORK)
          .map(network -> name.with(usual.equals(Optional.of(network)) ? "" : network))
          .map(HubName::toString)
          .toList();
    }
  }

  /** Whether a file of a repository has the name of a card. */
  static boolean isCard(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(CARD);
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
