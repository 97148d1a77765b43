package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.card.BuiltInLabels;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads a segmentation model in ONNX as published on Hugging Face: a folder with
 *
 * <ul>
 *   <li>{@code config.json}: the classes, {@code id2label}, with line breaks as spaces; if missing,
 *       {@code num_labels} classes (default 2) named {@code LABEL_0}, {@code LABEL_1} and so on. If
 *       there is a single class, a class {@code background} is added, and the sigmoid of the score
 *       is the class's probability; it is computed here unless the network ends with a sigmoid;
 *   <li>{@code preprocessor_config.json}: size, resampling, crop, scale, mean and standard
 *       deviation;
 *   <li>{@code onnx/model.onnx}, {@code model.onnx}, or the only other {@code *.onnx} file there: a
 *       network with the input {@code pixel_values} and the output {@code logits}, as exported by
 *       transformers and optimum, or with a single input and a single output;
 *   <li>{@code README.md} (optional): the license.
 * </ul>
 *
 * <p>The folder may also be one in the Hugging Face cache, {@code models--OWNER--NAME}.
 *
 * <p>A folder with weights, {@code model.safetensors} or {@code pytorch_model.bin}, and no network
 * has to be {@linkplain #conversion converted} first.
 *
 * <p>Missing keys in {@code preprocessor_config.json} have the defaults of the transformers
 * library. For processors whose defaults are not known here, no key may be missing. {@code
 * do_reduce_labels} only affects training data and is ignored: {@code id2label} has the network's
 * own classes.
 */
public final class HuggingFaceFolder {
  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String ONNX = ".onnx";
  private static final List<String> NETWORKS = List.of("onnx/model.onnx", "model.onnx");

  /** The number of classes in transformers if a configuration does not specify it. */
  private static final int DEFAULT_LABELS = 2;

  private static final int MOST_LABELS = 65535;

  private record Config(List<String> labels, String source) {
    static Config of(JsonObject json) {
      OtherModels.refuse(json);
      return new Config(HuggingFaceFolder.labels(json), json.text("_name_or_path").orElse(""));
    }
  }

  private HuggingFaceFolder() {}

  /**
   * Reads a folder as a model card.
   *
   * @param path the folder, or one of its networks, for example {@code
   *     FOLDER/onnx/model_quantized.onnx}
   * @return the card, named after the folder; the network's stride is not known yet
   * @throws IOException if a file is missing or not valid, if there are several networks and none
   *     is named {@code model.onnx}, or if the model is for another task; the message says which
   */
  public static ModelCard read(Path path) throws IOException {
    if (isNetwork(path)) {
      Path folder = folderOf(path);
      return read(folder, folder.relativize(path).toString());
    }
    Path folder = HubCache.snapshot(path);
    return read(folder, networkIn(folder));
  }

  /**
   * Reads a folder as a model card for one of its networks.
   *
   * @param folder the folder
   * @param network the network's path in the folder, for example {@code onnx/model_quantized.onnx}
   * @return the card, named after the folder; the network's stride is not known yet
   * @throws IOException if a file is missing or not valid, or if the model is for another task; the
   *     message says which
   */
  public static ModelCard read(Path folder, String network) throws IOException {
    Path home = HubCache.snapshot(folder);
    Path config = home.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      throw missing(home, network);
    }
    Config known = JsonObject.read(config, Config::of);
    if (!Files.isRegularFile(home.resolve(PREPROCESSOR))
        || !Files.isRegularFile(home.resolve(network))) {
      throw missing(home, network);
    }
    return card(home, known, home.resolve(network));
  }

  /**
   * Starts the conversion of a folder that has PyTorch weights and no network: {@code config.json},
   * {@code model.safetensors} or else {@code pytorch_model.bin}, and, for any other input than the
   * network's own, {@code preprocessor_config.json}. The weights must fit one of {@link
   * io.github.pixelwise.network.Networks}, as those of transformers' SegFormer do.
   *
   * @param path the folder
   * @return a conversion with the folder's classes, input, and license, named after the network
   * @throws IOException if a file is missing or not valid, or if the weights fit no network; the
   *     message says which
   */
  public static Conversion conversion(Path path) throws IOException {
    Path folder = HubCache.snapshot(path);
    Optional<String> weights =
        KnownNetworks.FILES.stream()
            .filter(name -> Files.isRegularFile(folder.resolve(name)))
            .findFirst();
    if (!Files.isRegularFile(folder.resolve(CONFIG)) || weights.isEmpty()) {
      throw new IOException(
          "%s: to be converted, a Hugging Face model must be a folder with %s and %s"
              .formatted(folder, CONFIG, String.join(" or ", KnownNetworks.FILES)));
    }
    Config config = JsonObject.read(folder.resolve(CONFIG), Config::of);
    KnownNetworks known = known(folder, weights.get());
    known.requireNoOther();
    return known.conversion().license(license(folder.resolve("README.md"))).source(config.source);
  }

  private static KnownNetworks known(Path folder, String weights) {
    return new KnownNetworks(folder, weights, folder.toString(), export(folder));
  }

  private static String export(Path folder) {
    return "Export the model with 'optimum-cli export onnx --task semantic-segmentation --model %s OUT' and open OUT, or look for a copy of the model that has onnx/model.onnx"
        .formatted(quoted(folder));
  }

  /** A path as an argument of a command. */
  private static String quoted(Path path) {
    return path.toString().contains(" ") ? "\"" + path + "\"" : path.toString();
  }

  /** Checks what a folder says of its model, before the network is there. */
  static void requireSupported(Path folder) throws IOException {
    JsonObject.read(folder.resolve(CONFIG), Config::of);
    if (Files.isRegularFile(folder.resolve(PREPROCESSOR))) {
      JsonObject.read(
          folder.resolve(PREPROCESSOR), json -> ImageProcessor.input("pixel_values", json));
    }
  }

  private static ModelCard card(Path folder, Config config, Path network) throws IOException {
    try {
      return unchecked(folder, config, network);
    } catch (IllegalArgumentException e) {
      throw new IOException(network + ": " + e.getMessage(), e);
    }
  }

  private static ModelCard unchecked(Path folder, Config config, Path network) throws IOException {
    OnnxNames names = OnnxNames.read(network);
    InputSpec input =
        JsonObject.read(
            folder.resolve(PREPROCESSOR),
            json ->
                ImageProcessor.input(
                    theOne("input", "pixel_values", names.inputs(), network), json));
    OtherModels.refuseOutputs(names.outputs());
    OutputSpec output = OutputSpec.logits(theOne("output", "logits", names.outputs(), network), 0);
    boolean binary = config.labels.size() == 1;
    LabelMap labels = labelMap(config.labels);
    return ModelCard.builder(
            HubCache.modelName(folder),
            input,
            binary ? output.withKind(binaryKind(names, output)) : output,
            labels)
        .license(license(folder.resolve("README.md")))
        .source(config.source)
        .palette(palette(labels))
        .file(ModelFormat.ONNX, network)
        .build();
  }

  /** Returns the classes of a network; a single one is compared with the background. */
  static LabelMap labelMap(List<String> labels) {
    return LabelMap.of(labels.size() == 1 ? List.of("background", labels.get(0)) : labels);
  }

  private static OutputKind binaryKind(OnnxNames names, OutputSpec output) {
    return names.sigmoids().contains(output.name()) ? OutputKind.SIGMOID : OutputKind.BINARY_LOGITS;
  }

  /**
   * Returns whether {@link #read(Path)} accepts a path.
   *
   * @param path the path
   * @return whether it is a folder that holds {@code config.json} or {@code
   *     preprocessor_config.json}, a folder in the Hugging Face cache, or an {@code *.onnx} file
   *     with {@code config.json} in its folder or the parent folder
   * @throws IOException if the folder cannot be listed
   */
  public static boolean matches(Path path) throws IOException {
    return isNetwork(path)
        || Files.exists(path.resolve(CONFIG))
        || Files.exists(path.resolve(PREPROCESSOR))
        || HubCache.matches(path);
  }

  private static boolean isNetwork(Path file) {
    return file.toString().endsWith(ONNX)
        && Files.isRegularFile(file)
        && Files.isRegularFile(folderOf(file).resolve(CONFIG));
  }

  private static Path folderOf(Path network) {
    Path beside = network.resolveSibling("");
    Path above = beside.resolve("..").normalize();
    return Files.isRegularFile(beside.resolve(CONFIG)) ? beside : above;
  }

  /**
   * Finds the network: the one with the usual name, or the only one; the usual name if there is
   * none.
   */
  private static String networkIn(Path folder) throws IOException {
    List<String> found = filesIn(folder, ONNX);
    if (found.isEmpty()) {
      return NETWORKS.get(0);
    }
    return usual(found)
        .orElseThrow(
            () ->
                new IOException(
                    "%s: it has the networks %s, and none is named model.onnx; choose one, such as %s"
                        .formatted(folder, Listing.of(found), folder.resolve(found.get(0)))));
  }

  /** Returns the files with an ending in a folder, and in its folder for networks. */
  static List<String> filesIn(Path folder, String ending) throws IOException {
    List<String> found = new ArrayList<>();
    for (String place : List.of("onnx", "")) {
      if (Files.isDirectory(folder.resolve(place))) {
        try (Stream<Path> files = Files.list(folder.resolve(place))) {
          files
              .filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
              .map(file -> (place.isEmpty() ? "" : place + "/") + file.getFileName())
              .sorted()
              .forEach(found::add);
        }
      }
    }
    return found;
  }

  /** Chooses the network with the usual name, or the only one. */
  static Optional<String> usual(List<String> networks) {
    return NETWORKS.stream()
        .filter(networks::contains)
        .findFirst()
        .or(() -> networks.size() == 1 ? Optional.of(networks.get(0)) : Optional.empty());
  }

  /**
   * Finds the tensor: the one with the usual name, or the only one; the usual name if none is
   * known.
   */
  private static String theOne(String what, String usual, List<String> found, Path network) {
    if (found.isEmpty() || found.contains(usual)) {
      return usual;
    }
    if (found.size() > 1) {
      throw new IllegalArgumentException(
          "the network %s has the %ss %s, and none is named %s; write a model card that names the right one"
              .formatted(network, what, String.join(", ", found), usual));
    }
    return found.get(0);
  }

  private static IOException missing(Path folder, String network) {
    Path dead = folder.resolve(network);
    if (Files.isSymbolicLink(dead) && !Files.exists(dead)) {
      return new IOException(
          "%s: it is a link to a missing file; download it again".formatted(dead));
    }
    List<String> missing =
        Stream.of(CONFIG, PREPROCESSOR, network)
            .filter(name -> !Files.isRegularFile(folder.resolve(name)))
            .toList();
    Optional<String> weights =
        Stream.concat(KnownNetworks.FILES.stream(), Stream.of("model.safetensors.index.json"))
            .filter(name -> Files.exists(folder.resolve(name)))
            .findFirst();
    if (missing.contains(network) && !missing.contains(CONFIG) && weights.isPresent()) {
      return new IOException(
          "%s: there is no %s, only PyTorch weights (%s) without the network. %s"
              .formatted(folder, network, weights.get(), remedy(folder, weights.get())));
    }
    return new IOException(
        "%s: there is no %s; a Hugging Face model is a folder with %s, %s and %s"
            .formatted(
                folder,
                String.join(", no ", missing),
                CONFIG,
                PREPROCESSOR,
                String.join(" or ", NETWORKS)));
  }

  /** What to do about weights without a network, as a sentence without its period. */
  private static String remedy(Path folder, String weights) {
    return known(folder, weights).fit()
        ? "Convert them with 'segment models convert %s -o OUT' or HuggingFaceFolder.conversion, and open the card in OUT"
            .formatted(quoted(folder))
        : export(folder);
  }

  /** Returns the names of the classes, if the configuration says how many there are. */
  static Optional<List<String>> statedLabels(JsonObject config) {
    return config.hasValue("id2label") || config.hasValue("num_labels")
        ? Optional.of(labels(config))
        : Optional.empty();
  }

  private static List<String> labels(JsonObject config) {
    if (!config.hasValue("id2label")) {
      int classes =
          config.hasValue("num_labels") ? config.whole("num_labels", MOST_LABELS) : DEFAULT_LABELS;
      return IntStream.range(0, classes).mapToObj(id -> "LABEL_" + id).toList();
    }
    JsonObject id2label = config.object("id2label");
    List<String> names = new ArrayList<>();
    for (int id = 0; id < id2label.keys().size(); id++) {
      String key = Integer.toString(id);
      names.add(
          id2label
              .text(key)
              .map(
                  name ->
                      name.replaceAll("\\s*\\p{Cntrl}+\\s*", " ").strip()) // one line, for cards
              .orElseThrow(
                  () ->
                      id2label.wrong(
                          key,
                          "a name, as there are %d classes".formatted(id2label.keys().size()))));
    }
    labelMap(names); // refuses what cannot be classes
    return names;
  }

  /** Returns the colors of the data set with these labels, ignoring case and punctuation. */
  static Palette palette(LabelMap labels) {
    return Stream.of(BuiltInLabels.ADE20K, BuiltInLabels.CITYSCAPES, BuiltInLabels.CAMVID)
        .filter(set -> letters(set.labels()).equals(letters(labels)))
        .map(BuiltInLabels::palette)
        .findFirst()
        .orElse(Palette.voc());
  }

  private static List<String> letters(LabelMap labels) {
    return labels.names().stream()
        .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
        .toList();
  }

  /** Returns the value of {@code license:} between the first two {@code ---} lines. */
  private static String license(Path readme) throws IOException {
    if (!Files.isRegularFile(readme)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(readme)) {
      List<String> lines =
          new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8).lines().toList();
      if (lines.isEmpty() || !lines.get(0).strip().equals("---")) {
        return "";
      }
      return lines.stream()
          .skip(1)
          .takeWhile(line -> !line.strip().equals("---"))
          .filter(line -> line.startsWith("license:"))
          .map(line -> line.substring("license:".length()).replaceAll("[\"']", "").strip())
          .findFirst()
          .orElse("");
    }
  }
}
