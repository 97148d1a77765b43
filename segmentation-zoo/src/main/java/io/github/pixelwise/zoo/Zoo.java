package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.ModelNotFoundException;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.file.CacheFolders;
import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.zoo.internal.transfer.Download;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Published models that can be fetched into a cache and then opened by name. Only {@link #fetch}
 * downloads anything. Safe for use by several threads, and by several processes that share a cache.
 *
 * <p>A name is that of one of {@link #entries()}, or {@code hf:OWNER/NAME} for a model on the
 * Hugging Face Hub. {@code @REVISION} may follow, a branch, a tag or a commit, and the path of a
 * network in the repository: {@code hf:OWNER/NAME@v1.0/onnx/model_quantized.onnx}. Without a path,
 * it is {@code onnx/model.onnx}, {@code model.onnx}, or the only one in these two folders. A
 * revision stays the commit that it was when it was first fetched. Fetched from the Hub are {@code
 * config.json}, {@code preprocessor_config.json}, one ONNX file and its external data, and nothing
 * else; if there is no ONNX file, {@code model.safetensors} or else {@code pytorch_model.bin},
 * which is converted if it fits one of {@link Networks}. {@link HuggingFaceFolder} says how these
 * files are read.
 *
 * <p>The cache is the subfolder {@code zoo} ({@code hub} for models from the Hub) of the folder
 * given by the system property {@code pixelwise.cache} or the environment variable {@code
 * PIXELWISE_CACHE}, or else of the user's cache folder. One model's folder, or the whole cache, can
 * be copied to an offline host, and may be read-only there.
 *
 * <p>The system property {@code pixelwise.zoo.mirror} or the environment variable {@code
 * PIXELWISE_ZOO_MIRROR} sets a mirror, {@code https://HOST/PATH}, that replaces the publisher's
 * host. The environment variables {@code HF_ENDPOINT} and {@code HF_TOKEN} set the Hub's address
 * and a token for repositories that need a login; the token is sent to no other server. The JVM's
 * standard properties for proxies and certificates apply.
 */
public final class Zoo {
  // torchvision 0.14's weights COCO_WITH_VOC_LABELS_V1, with the figures of its documentation.
  private static final List<ZooEntry> TORCHVISION =
      List.of(
          torchvision(
              "deeplabv3-resnet101",
              "DeepLabV3 on ResNet-101",
              "deeplabv3_resnet101_coco-586e9e4e",
              244_545_539,
              "586e9e4e203fcbf17e1ad45533d8d33ab133fc762bf03101c5dd743995c08c0d",
              67.4,
              92.4,
              60_996_202),
          torchvision(
              "deeplabv3-resnet50",
              "DeepLabV3 on ResNet-50",
              "deeplabv3_resnet50_coco-cd0a2569",
              mebibytes(160.5),
              "cd0a2569",
              66.4,
              92.4,
              42_004_074),
          torchvision(
              "deeplabv3-mobilenet-v3-large",
              "DeepLabV3 on MobileNetV3-Large",
              "deeplabv3_mobilenet_v3_large-fc3c493d",
              mebibytes(42.3),
              "fc3c493d",
              60.3,
              91.2,
              11_029_328),
          torchvision(
              "fcn-resnet101",
              "FCN on ResNet-101",
              "fcn_resnet101_coco-7ecb50ca",
              mebibytes(207.7),
              "7ecb50ca",
              63.7,
              91.9,
              54_314_346),
          torchvision(
              "fcn-resnet50",
              "FCN on ResNet-50",
              "fcn_resnet50_coco-1167a1af",
              mebibytes(135.0),
              "1167a1af",
              60.5,
              91.4,
              35_322_218),
          torchvision(
              "lraspp-mobilenet-v3-large",
              "LRASPP on MobileNetV3-Large",
              "lraspp_mobilenet_v3_large-d234d4ea",
              mebibytes(12.5),
              "d234d4ea",
              57.9,
              91.2,
              3_221_538));

  private static final List<ZooEntry> ENTRIES =
      Stream.of(TORCHVISION, Scenes.entries(), Cutouts.entries()).flatMap(List::stream).toList();

  private Zoo() {}

  private static ZooEntry torchvision(
      String name,
      String network,
      String file,
      long size,
      String sha256,
      double meanIou,
      double pixelAccuracy,
      long parameters) {
    return new ZooEntry(
        name,
        network + ", trained on the photographs of COCO that have VOC's classes",
        "BSD-3-Clause",
        URI.create("https://download.pytorch.org/models/" + file + ".pth"),
        size,
        sha256,
        LabelMap.voc(),
        meanIou,
        pixelAccuracy,
        parameters);
  }

  /** A size that is published only in MiB. */
  private static long mebibytes(double size) {
    return Math.round(size * (1 << 20));
  }

  /**
   * Returns the models that can be fetched. Does not access any file.
   *
   * @return the entries
   */
  public static List<ZooEntry> entries() {
    return ENTRIES;
  }

  /**
   * Finds the entry of a model that can be fetched.
   *
   * @param name the model's name
   * @return its entry
   * @throws ModelNotFoundException if there is no entry with that name; the message suggests
   *     similar names
   */
  public static ZooEntry entry(String name) {
    List<String> names = ENTRIES.stream().map(ZooEntry::name).toList();
    return ENTRIES.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelNotFoundException(
                    "there is no model \"%s\" to fetch%s. %s."
                        .formatted(
                            name,
                            suggestion(name, names),
                            Names.models(name, names, "'segment models' and Zoo.entries() list"))));
  }

  /** A known name that is similar, or the name on the Hub that was meant. */
  private static String suggestion(String name, List<String> names) {
    return HubName.meant(name)
        .map(meant -> " (did you mean \"" + meant + "\"?)")
        .orElseGet(() -> Names.suggestion(name, names));
  }

  /**
   * Finds a model that has been fetched.
   *
   * @param name its name
   * @return its card; empty if it has not been fetched. Without a path, a name on the Hub means the
   *     repository's usual network, even if only another one has been fetched
   * @throws ModelNotFoundException if there is no entry with that name, or it is not a name
   * @throws ModelLoadException if it has been fetched but its card is not valid or a file is
   *     missing, which {@link #fetch} repairs
   */
  public static Optional<ModelCard> fetched(String name) {
    if (HubName.matches(name)) {
      return fetched(HubName.parse(name));
    }
    ZooEntry entry = entry(name);
    try {
      return cache().find(entry, false);
    } catch (IOException e) {
      throw new ModelLoadException(
          "model %s in the cache is damaged: %s. Fetch it again with %s"
              .formatted(name, e.getMessage(), howToFetch(entry)),
          e);
    }
  }

  private static Optional<ModelCard> fetched(HubName name) {
    try {
      return new HubStore(CacheFolders.configured()).find(name, false);
    } catch (IOException e) {
      throw new ModelLoadException(
          "model %s in the cache is damaged: %s. Fetch it again with %s"
              .formatted(name, e.getMessage(), howToFetch(name)),
          e);
    }
  }

  /**
   * Fetches a model: downloads its files over HTTPS, verifies the published size and hash of each,
   * and writes the model with its card into the cache. Checkpoints are converted. Returns at once,
   * without a connection, if an undamaged copy is already in the cache. Waits if another thread or
   * process is fetching the same model, and for a few minutes if the server asks for it.
   *
   * @param name its name
   * @param progress receives progress updates
   * @return the model's card
   * @throws ModelNotFoundException if there is no entry with that name, or it is not a name
   * @throws IOException if a file cannot be downloaded or does not match, if it is not a model for
   *     segmentation, or if the cache cannot be written; no model in the cache has then changed,
   *     and what was downloaded from the Hub before a connection broke is kept for the next fetch.
   *     An {@link java.io.InterruptedIOException} if the thread is interrupted; its interrupt
   *     status is kept
   */
  public static ModelCard fetch(String name, FetchProgress progress) throws IOException {
    if (HubName.matches(name)) {
      return new HubFetcher(CacheFolders.configured(), Hub::configured)
          .fetch(HubName.parse(name), progress);
    }
    return fetcher().fetch(entry(name), null, progress);
  }

  /**
   * Fetches a model as {@link #fetch(String, FetchProgress)} does, without progress updates.
   *
   * @param name its name
   * @return the model's card
   * @throws IOException if it cannot be fetched
   */
  public static ModelCard fetch(String name) throws IOException {
    return fetch(name, FetchProgress.NONE);
  }

  /**
   * Fetches a model from a checkpoint on this host instead of downloading it. The file must be the
   * published checkpoint.
   *
   * @param name the name of one of {@link #entries()}
   * @param checkpoint the checkpoint; not changed
   * @param progress receives progress updates
   * @return the model's card
   * @throws IOException if it cannot be read, is not the published one, or the cache cannot be
   *     written
   */
  public static ModelCard fetch(String name, Path checkpoint, FetchProgress progress)
      throws IOException {
    return fetcher().fetch(entry(name), checkpoint, progress);
  }

  /**
   * Fetches the published checkpoint of a model, to train from it: the model itself has batch norm
   * folded into its convolutions. Downloads and verifies it as {@link #fetch(String,
   * FetchProgress)} does, unless an undamaged copy is already in the cache.
   *
   * @param name the name of one of {@link #entries()}
   * @param progress receives progress updates
   * @return the checkpoint's path in the cache
   * @throws ModelNotFoundException if there is no entry with that name
   * @throws IllegalArgumentException if the model is published as a complete network
   * @throws IOException as for {@link #fetch(String, FetchProgress)}
   */
  public static Path checkpoint(String name, FetchProgress progress) throws IOException {
    ZooEntry entry = entry(name);
    if (HubName.matches(name)) {
      throw new IllegalArgumentException(
          "%s is on the Hub; to train from it, download its weights (model.safetensors or pytorch_model.bin) from %s and give that file"
              .formatted(name, entry.source()));
    }
    if (Cutouts.find(entry).isPresent()) {
      throw new IllegalArgumentException(
          "%s is published as a complete network, so there is no checkpoint to train from; choose one of %s"
              .formatted(
                  name,
                  ENTRIES.stream()
                      .filter(other -> !HubName.matches(other.name()))
                      .filter(other -> Cutouts.find(other).isEmpty())
                      .map(ZooEntry::name)
                      .collect(Collectors.joining(", "))));
    }
    return fetcher().checkpoint(entry, progress);
  }

  private static ZooCache cache() {
    return new ZooCache(CacheFolders.configured());
  }

  private static Fetcher fetcher() {
    return new Fetcher(CacheFolders.configured(), Download::standard, Zoo::convert);
  }

  /** Converts a checkpoint with the network named by its entry, or writes a network's card. */
  static void convert(Path checkpoint, ZooEntry entry, Path folder) throws IOException {
    Optional<Cutouts.Cutout> cutout = Cutouts.find(entry);
    if (cutout.isPresent()) {
      Cutouts.write(cutout.get(), checkpoint, folder);
      return;
    }
    if (Scenes.areOf(entry)) {
      Scenes.write(entry, checkpoint, folder);
      return;
    }
    NetworkOptions options = NetworkOptions.ofClasses(entry.labels().size());
    described(Conversion.of(Networks.of(entry.name(), options), checkpoint), entry)
        .palette(Palette.voc())
        .write(folder);
  }

  /** A conversion whose card says what the entry says. */
  static Conversion described(Conversion conversion, ZooEntry entry) {
    return conversion
        .name(entry.name())
        .description(entry.description())
        .license(entry.license())
        .source(entry.source().toString())
        .labels(entry.labels());
  }

  /** The names that open what has been fetched from the Hub. */
  static List<String> hubNames() {
    return new HubStore(CacheFolders.configured()).names();
  }

  /** The names that open the networks of a model that have been fetched from the Hub. */
  static List<String> hubNames(HubName name) {
    try {
      return new HubStore(CacheFolders.configured()).names(name);
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // as for all names: what cannot be listed cannot be opened
    }
  }

  /** Describes how to fetch a model from the Hub, as the end of a sentence. */
  static String howToFetch(HubName name) {
    return "'segment models fetch %s' or Zoo.fetch(\"%s\") into %s."
        .formatted(name, name, new HubStore(CacheFolders.configured()));
  }

  /** Describes how to fetch a model, as the end of a sentence. */
  static String howToFetch(ZooEntry entry) {
    return "'segment models fetch %s' or Zoo.fetch(\"%s\"): %s from %s into %s."
        .formatted(entry.name(), entry.name(), entry.megabytes(), entry.source(), cache());
  }
}
