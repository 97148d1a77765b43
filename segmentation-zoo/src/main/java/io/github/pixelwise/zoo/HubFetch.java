package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.zoo.internal.transfer.Verification;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One fetch of a model from the Hub, while its lock is held. Files are downloaded to {@link
 * HubParts}, where they stay if the connection breaks, and are moved from there when all is well.
 */
final class HubFetch {
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String LFS_POINTER = "version https://git-lfs";

  /** How many times its weights a model needs while they are converted. */
  private static final int CONVERSION = 3;

  private final Hub hub;
  private final HubName name;
  private final Optional<String> pinned;
  private final Path cache;
  private final Path model;
  private final FetchProgress progress;
  private final Map<String, Hub.File> files = new LinkedHashMap<>();
  private long done;
  private long total;

  /**
   * Prepares a fetch.
   *
   * @param pinned the commit that the revision was when it was first fetched, if it was
   */
  HubFetch(Hub hub, HubName name, Optional<String> pinned, Path cache, FetchProgress progress) {
    this.hub = hub;
    this.name = name;
    this.pinned = pinned;
    this.cache = cache;
    this.model = cache.resolve(name.folder());
    this.progress = progress;
  }

  ModelCard run() throws IOException, InterruptedException {
    HubRepository repository = hub.repository(name.at(pinned.orElse(name.revision())), progress);
    HubChoice choice = new HubChoice(name, repository);
    String weights = choice.file();
    for (String path : planned(repository, weights)) {
      ask(repository, path);
    }
    progress.starting(hub.page(name, repository.commit()), repository.license(), total);
    try {
      return fetch(choice, weights);
    } catch (FileSystemException e) {
      throw HubFetcher.unwritable(name, space(), e);
    }
  }

  private ModelCard fetch(HubChoice choice, String weights)
      throws IOException, InterruptedException {
    HubRepository repository = choice.repository();
    HubParts parts = HubParts.of(cache, name, repository.commit());
    Path work = parts.folder();
    for (String path : List.of(CONFIG, PREPROCESSOR)) {
      if (files.containsKey(path)) {
        download(path, parts);
      }
    }
    judge(parts, () -> requireSegmentation(work, choice, weights));
    download(weights, parts);
    for (String data : settle(repository, weights, judge(parts, () -> external(work, weights)))) {
      download(data, parts);
    }
    progress.at(FetchProgress.Phase.CONVERTING, 0, OptionalLong.empty());
    String card = HubStore.card(HubChoice.network(weights));
    ModelCard made = judge(parts, () -> writeCard(choice, work, weights));
    Path snapshot = HubStore.snapshot(model, repository.commit());
    Set<String> finished = new LinkedHashSet<>(files.keySet());
    finished.removeIf(HubChoice::isWeights);
    made.files().forEach(file -> finished.add(path(work, Path.of(file.location()))));
    finished.add(card); // the last: a network without a card was not fetched
    parts.move(finished, snapshot);
    parts.delete(files.keySet());
    Optional<String> usual = choice.usualNetwork();
    if (usual.isPresent()) {
      HubStore.noteDefault(model, repository.commit(), usual.get());
    }
    HubStore.note(model, name.revision(), repository.commit());
    return ZooCache.read(snapshot.resolve(card), false);
  }

  /** How much space the model needs. */
  private long space() {
    return files.keySet().stream().anyMatch(HubChoice::isWeights) ? CONVERSION * total : total;
  }

  /** The files to download, as far as the names of the files tell. */
  private List<String> planned(HubRepository repository, String weights) throws IOException {
    boolean hasNetwork = !HubChoice.isWeights(weights);
    List<String> missing =
        Stream.of(CONFIG, PREPROCESSOR)
            .filter(path -> !repository.files().contains(path))
            .filter(path -> hasNetwork || path.equals(CONFIG))
            .toList();
    if (!missing.isEmpty()) {
      throw HubFetcher.wrong(
          name,
          "it has no %s, so it is not a segmentation model that Pixelwise can read. Download the network itself and write a card for it (docs/model-card.md)"
              .formatted(String.join(" and no ", missing)));
    }
    return repository.files().stream()
        .filter(
            path ->
                path.equals(CONFIG)
                    || path.equals(PREPROCESSOR)
                    || path.equals(weights)
                    // The usual names of external data: model.onnx_data, model.onnx_data_1,
                    // model.onnx.data.
                    || (hasNetwork && path.matches("\\Q" + weights + "\\E[_.]data(_\\d+)?")))
        .toList();
  }

  private void ask(HubRepository repository, String path) throws IOException, InterruptedException {
    if (files.containsKey(path)) {
      return;
    }
    Hub.File file = hub.file(name, repository, path, progress);
    if (path.endsWith(".json") && file.expected().size() > JsonObject.LONGEST) {
      throw HubFetcher.wrong(
          name,
          "its %s has %s; expected at most %s"
              .formatted(
                  path,
                  Verification.count(file.expected().size()),
                  Verification.count(JsonObject.LONGEST)));
    }
    files.put(path, file);
    total += file.expected().size();
  }

  /** Replaces the external data that was planned by its name with that of the network. */
  private List<String> settle(HubRepository repository, String weights, List<String> data)
      throws IOException, InterruptedException {
    long before = total;
    List<String> needed =
        Stream.concat(Stream.of(CONFIG, PREPROCESSOR, weights), data.stream()).toList();
    for (Hub.File file : List.copyOf(files.values())) {
      if (!needed.contains(file.path())) {
        files.remove(file.path());
        total -= file.expected().size();
      }
    }
    List<String> more = data.stream().filter(path -> !path.equals(weights)).toList();
    for (String path : more) {
      ask(repository, path);
    }
    if (total != before) {
      progress.at(FetchProgress.Phase.DOWNLOADING, done, OptionalLong.of(total));
    }
    return more;
  }

  private void download(String path, HubParts parts) throws IOException, InterruptedException {
    Hub.File file = Objects.requireNonNull(files.get(path), path);
    hub.download(
        name,
        file,
        parts.file(path),
        e -> HubFetcher.unwritable(name, space(), e),
        (phase, count, size) ->
            progress.at(
                phase,
                phase == FetchProgress.Phase.WAITING ? 0 : done + count,
                OptionalLong.of(total)));
    done += file.expected().size();
  }

  /** Decides something without the network. */
  @FunctionalInterface
  private interface Judgment<T> {
    T make() throws IOException;
  }

  /** Decides something without the network. If it fails, continuing the download would not help. */
  private <T> T judge(HubParts parts, Judgment<T> judgment) throws IOException {
    try {
      return judgment.make();
    } catch (FileSystemException e) {
      throw e; // says nothing about the model
    } catch (IOException | IllegalArgumentException e) {
      parts.delete(files.keySet());
      // The files are gone, so messages name them as the repository does.
      String reason = String.valueOf(e.getMessage()).replace(parts.folder() + File.separator, "");
      throw new IOException("cannot fetch %s: %s".formatted(name, reason), e);
    }
  }

  /** Checks what is known before the network is downloaded. */
  private static Path requireSegmentation(Path work, HubChoice choice, String weights)
      throws IOException {
    HuggingFaceFolder.requireSupported(work);
    if (HubChoice.isWeights(weights)) {
      known(choice, work, weights).requireNoOther();
    }
    return work;
  }

  private static KnownNetworks known(HubChoice choice, Path work, String weights) {
    return new KnownNetworks(work, weights, "it", choice.export());
  }

  /** The paths of a network's external data in the repository. */
  private static List<String> external(Path work, String weights) throws IOException {
    Path file = work.resolve(weights);
    requireContent(file);
    if (HubChoice.isWeights(weights)) {
      return List.of();
    }
    if (OnnxNames.read(file).areMissing()) {
      throw new IOException(file + ": " + OnnxNames.MISSING);
    }
    List<String> paths = new ArrayList<>();
    for (String data : ExternalWeights.of(ModelFormat.ONNX, file)) {
      String path = path(work, ExternalWeights.locate(file, data));
      if (HubStore.isCard(path)) {
        throw new IOException(
            "%s: its weights are in %s, which is a name for model cards (*.properties). Its publisher has to choose another one"
                .formatted(file, path));
      }
      paths.add(path);
    }
    return paths;
  }

  private static void requireContent(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(64), StandardCharsets.ISO_8859_1);
      if (start.startsWith(LFS_POINTER)) {
        throw new IOException(
            file
                + ": the repository has only a Git LFS pointer in its place. Its publisher has to"
                + " upload the file itself");
      }
    }
  }

  /** A file's path in the repository. */
  private static String path(Path work, Path file) {
    return work.relativize(file).toString().replace(File.separatorChar, '/');
  }

  private ModelCard writeCard(HubChoice choice, Path work, String weights) throws IOException {
    String network = HubChoice.network(weights);
    ModelCard read;
    List<ModelFile> written;
    if (HubChoice.isWeights(weights)) {
      read = known(choice, work, weights).conversion().name("model").write(work);
      written = read.files();
    } else {
      read = HuggingFaceFolder.read(work, network);
      Path file = work.resolve(network);
      String hash = ExternalWeights.hash(ModelFormat.ONNX, file);
      written = List.of(new ModelFile(ModelFormat.ONNX, file.toUri(), Optional.of(hash)));
    }
    ModelCard card =
        ModelCard.builder(name.repository(), read.input(), read.output(), read.labels())
            .description(read.description())
            .license(choice.repository().license())
            .source(hub.page(name, choice.repository().commit()).toString())
            .palette(read.palette())
            .files(written)
            .build();
    card.write(work.resolve(HubStore.card(network)));
    return card;
  }
}
