package io.github.pixelwise.zoo;

import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.zoo.internal.transfer.Verification;
import io.github.pixelwise.zoo.internal.transfer.WorkFolder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * One fetch of a model from the Hub, while its lock is held. Files are downloaded to {@code
 * .models--OWNER--NAME.part/COMMIT}, where they stay if the connection breaks, and are moved from
 * there when all is well.
 */
final class HubFetch {
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String LFS_POINTER = "version https://git-lfs";

  private final Hub hub;
  private final HubName name;
  private final Path model;
  private final Path parts;
  private final FetchProgress progress;
  private final Map<String, Hub.File> files = new LinkedHashMap<>();
  private long done;
  private long total;

  HubFetch(Hub hub, HubName name, Path cache, FetchProgress progress) {
    this.hub = hub;
    this.name = name;
    this.model = cache.resolve(name.folder());
    this.parts = cache.resolve("." + name.folder() + ".part");
    this.progress = progress;
  }

  ModelCard run() throws IOException, InterruptedException {
    // A revision stays what it was when it was first fetched.
    String revision = HubStore.commit(model, name.revision()).orElse(name.revision());
    HubRepository repository = hub.repository(name.at(revision), progress);
    String weights = weights(repository);
    for (String path : planned(repository, weights)) {
      ask(repository, path);
    }
    progress.starting(hub.page(name, repository.commit()), repository.license(), total);
    Path work = Files.createDirectories(parts.resolve(repository.commit()));
    for (String path : List.of(CONFIG, PREPROCESSOR)) {
      if (files.containsKey(path)) {
        download(path, work);
      }
    }
    judge(work, () -> requireSegmentation(work, weights));
    download(weights, work);
    judge(work, () -> requireContent(work.resolve(weights)));
    List<String> data =
        weights.equals(WEIGHTS) ? List.of() : judge(work, () -> external(work, weights));
    for (String external : data) {
      ask(repository, external);
      download(external, work);
    }
    progress.at(FetchProgress.Phase.CONVERTING, 0, OptionalLong.empty());
    String network = weights.equals(WEIGHTS) ? "model.onnx" : weights;
    judge(work, () -> writeCard(repository, work, network));
    Path snapshot = HubStore.snapshot(model, repository.commit());
    publish(work, snapshot, HubStore.card(network));
    HubStore.note(model, name.revision(), repository.commit());
    return ZooCache.read(snapshot.resolve(HubStore.card(network)), false);
  }

  /** Chooses the file of the weights: an ONNX network, or weights without one. */
  private String weights(HubRepository repository) throws IOException {
    if (repository.isForAnotherTask()) {
      throw wrong(
          "its task is %s. It is not supported; use a model for image-segmentation"
              .formatted(repository.task()));
    }
    List<String> networks = repository.networks();
    if (!name.file().isEmpty()) {
      if (!repository.files().contains(name.file())) {
        throw wrong(
            "there is no file %s at commit %s; its networks are: %s"
                .formatted(
                    name.file(),
                    repository.commit(),
                    networks.isEmpty() ? "none" : String.join(", ", networks)));
      }
      return name.file();
    }
    Optional<String> usual = HuggingFaceFolder.usual(networks);
    if (usual.isPresent()) {
      return usual.get();
    }
    if (!networks.isEmpty()) {
      throw wrong(
          "it has the networks %s, and none is named model.onnx; choose one with --file, or name it, such as %s"
              .formatted(String.join(", ", networks), name.with(networks.get(0))));
    }
    if (repository.files().contains(WEIGHTS)) {
      return WEIGHTS;
    }
    throw wrong("it has no ONNX network (*.onnx) and no " + WEIGHTS + ". " + export());
  }

  private String export() {
    return "Export it with 'optimum-cli export onnx --task semantic-segmentation --model %s OUT' and open OUT, or look for a copy of the model that has onnx/model.onnx"
        .formatted(name.repository());
  }

  /** The files to download, as far as the names of the files tell. */
  private List<String> planned(HubRepository repository, String weights) throws IOException {
    boolean hasNetwork = !weights.equals(WEIGHTS);
    List<String> missing =
        Stream.of(CONFIG, PREPROCESSOR)
            .filter(path -> !repository.files().contains(path))
            .filter(path -> hasNetwork || path.equals(CONFIG))
            .toList();
    if (!missing.isEmpty()) {
      throw wrong(
          "it has no %s, so it is not a segmentation model that Pixelwise can read. Download the network itself and write a card for it (docs/model-card.md)"
              .formatted(String.join(" and no ", missing)));
    }
    return repository.files().stream()
        .filter(
            path ->
                path.equals(CONFIG)
                    || path.equals(PREPROCESSOR)
                    || path.equals(weights)
                    // The usual names of external data: model.onnx_data, model.onnx.data.
                    || (hasNetwork && path.matches("\\Q" + weights + "\\E[_.]data.*")))
        .toList();
  }

  private void ask(HubRepository repository, String path) throws IOException, InterruptedException {
    if (files.containsKey(path)) {
      return;
    }
    Hub.File file = hub.file(name, repository, path, progress);
    if (path.endsWith(".json") && file.expected().size() > JsonObject.LONGEST) {
      throw wrong(
          "its %s has %s; expected at most %s"
              .formatted(
                  path,
                  Verification.count(file.expected().size()),
                  Verification.count(JsonObject.LONGEST)));
    }
    files.put(path, file);
    total += file.expected().size();
  }

  private void download(String path, Path work) throws IOException, InterruptedException {
    Hub.File file = Objects.requireNonNull(files.get(path), path);
    Path target = work.resolve(path);
    Files.createDirectories(target.resolveSibling(""));
    hub.download(
        name,
        file,
        target,
        e -> HubFetcher.unwritable(name, e),
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
  private <T> T judge(Path work, Judgment<T> judgment) throws IOException {
    try {
      return judgment.make();
    } catch (IOException e) {
      new WorkFolder(parts).close();
      // The files are gone, so messages name them as the repository does.
      String reason = String.valueOf(e.getMessage()).replace(work + File.separator, "");
      throw new IOException("cannot fetch %s: %s".formatted(name, reason), e);
    }
  }

  /** Checks what is known before the network is downloaded. */
  private Path requireSegmentation(Path work, String weights) throws IOException {
    HuggingFaceFolder.requireSupported(work);
    if (weights.equals(WEIGHTS)) {
      KnownNetworks.requireNoOther(work.resolve(CONFIG), export());
    }
    return work;
  }

  private static Path requireContent(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String start = new String(in.readNBytes(64), StandardCharsets.ISO_8859_1);
      if (start.startsWith(LFS_POINTER)) {
        throw new IOException(
            file
                + ": the repository has only a Git LFS pointer in its place. Its publisher has to upload the file itself");
      }
    }
    return file;
  }

  /** The paths of a network's external data in the repository. */
  private static List<String> external(Path work, String weights) throws IOException {
    Path file = work.resolve(weights);
    List<String> paths = new ArrayList<>();
    for (String data : ExternalWeights.of(ModelFormat.ONNX, file)) {
      paths.add(slashed(work.relativize(ExternalWeights.locate(file, data))));
    }
    return paths;
  }

  private static String slashed(Path path) {
    return path.toString().replace(File.separatorChar, '/');
  }

  private ModelCard writeCard(HubRepository repository, Path work, String network)
      throws IOException {
    ModelCard read;
    List<ModelFile> written;
    if (files.containsKey(WEIGHTS)) {
      read = KnownNetworks.convert(work.resolve(WEIGHTS), work, export());
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
            .license(repository.license())
            .source(hub.page(name, repository.commit()).toString())
            .palette(read.palette())
            .files(written)
            .build();
    card.write(work.resolve(HubStore.card(network)));
    return card;
  }

  /** Moves everything to its place, the card last: a network without a card was not fetched. */
  private void publish(Path work, Path snapshot, String card) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(work)) {
      all =
          walk.filter(Files::isRegularFile)
              .map(work::relativize)
              .filter(path -> !slashed(path).equals(WEIGHTS))
              .sorted(Comparator.comparing(path -> slashed(path).equals(card)))
              .toList();
    }
    for (Path path : all) {
      Path target = snapshot.resolve(path);
      Files.createDirectories(target.resolveSibling(""));
      Files.move(work.resolve(path), target, StandardCopyOption.ATOMIC_MOVE);
    }
    new WorkFolder(parts).close();
  }

  private IOException wrong(String found) {
    return new IOException("cannot fetch %s: %s.".formatted(name, found));
  }
}
