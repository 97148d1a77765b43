package io.github.pixelwise.network.convert;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.card.CardWriter;
import io.github.pixelwise.internal.file.FolderUpdate;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.internal.util.Reason;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Converts a network and a checkpoint to a model: ONNX and TorchScript files with a model card.
 *
 * <pre>{@code
 * Network network = Networks.of("unet", NetworkOptions.ofClasses(3));
 * ModelCard model =
 *     Conversion.of(network, Path.of("unet.pth")).name("scans").write(Path.of("models"));
 * }</pre>
 *
 * <p>The same conversion always writes the same bytes. Not safe for use by several threads.
 */
public final class Conversion {
  private final Network network;
  private final Weights weights;
  private final List<String> notes;
  private String name;
  private String description;
  private String license = "";
  private String source;
  private InputSpec input;
  private LabelMap labels;
  private Palette palette = Palette.voc();
  private Scores scores = Scores.GRID;
  private Precision precision = Precision.FLOAT32;
  private Set<ModelFormat> formats = Set.of();

  private Conversion(Network network, Weights weights, List<String> passedOver, String source) {
    this.network = network;
    this.weights = weights;
    this.notes =
        Stream.concat(
                passedOver.stream().map("skipped the weights under \"%s\""::formatted),
                weights.notes().stream())
            .toList();
    this.name = requireName(network.name());
    this.description = network.toString();
    this.source = source;
    this.input = network.input();
    this.labels =
        LabelMap.of(
            IntStream.range(0, Lowering.classes(network)).mapToObj(i -> "class " + i).toList());
  }

  /**
   * Starts a conversion.
   *
   * @param network the network
   * @param checkpoint the file of its weights, see {@link Checkpoint}; mapped into memory during
   *     the conversion and not changed
   * @return a conversion with default values for the card; classes are named {@code class 0},
   *     {@code class 1} and so on
   * @throws IOException if the checkpoint cannot be read
   * @throws io.github.pixelwise.ModelLoadException if it does not fit the network
   */
  public static Conversion of(Network network, Path checkpoint) throws IOException {
    Checkpoint read = Checkpoint.read(checkpoint);
    return of(read, network, Weights.of(network, read.tensors()), checkpoint);
  }

  /**
   * Starts a conversion of a checkpoint with several sets of weights that fit the network, such as
   * the model's weights and their running average.
   *
   * @param network the network
   * @param checkpoint the file of its weights, as for {@link #of(Network, Path)}
   * @param prefix the prefix of the weights to convert, for example {@code ema.}; empty for those
   *     without a prefix
   * @return a conversion, as for {@link #of(Network, Path)}
   * @throws IOException if the checkpoint cannot be read
   * @throws io.github.pixelwise.ModelLoadException if no name has the prefix, or the weights do not
   *     fit the network
   */
  public static Conversion of(Network network, Path checkpoint, String prefix) throws IOException {
    Checkpoint read = Checkpoint.read(checkpoint);
    return of(read, network, Weights.of(network, read.tensors(), prefix), checkpoint);
  }

  private static Conversion of(Checkpoint read, Network network, Weights weights, Path file) {
    return new Conversion(network, weights, read.passedOver(), file.getFileName().toString());
  }

  /**
   * Starts a conversion of weights in memory.
   *
   * @param network the network
   * @param weights its weights
   * @return a conversion
   */
  public static Conversion of(Network network, Weights weights) {
    return new Conversion(network, weights, List.of(), "");
  }

  /**
   * Returns notes on how the checkpoint was read.
   *
   * @return one note for each kind of change to the tensors' names and for skipped tensors; empty
   *     if the checkpoint has exactly the network's names
   */
  public List<String> notes() {
    return notes;
  }

  /**
   * Sets the model's name, which its files also have. The default is the network's name.
   *
   * @param name the name: letters, digits, dots, hyphens and underscores
   * @return this conversion
   * @throws IllegalArgumentException if it has other characters or starts with a dot
   */
  public Conversion name(String name) {
    this.name = requireName(name);
    return this;
  }

  private static String requireName(String name) {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "a model's name may contain letters, digits, dots, hyphens and underscores and must not start with a dot, found \"%s\""
              .formatted(name));
    }
    return name;
  }

  /**
   * Sets the model's description in the card.
   *
   * @param description a sentence
   * @return this conversion
   */
  public Conversion description(String description) {
    this.description = Objects.requireNonNull(description, "description");
    return this;
  }

  /**
   * Sets the license in the card.
   *
   * @param license an SPDX identifier where there is one
   * @return this conversion
   */
  public Conversion license(String license) {
    this.license = Objects.requireNonNull(license, "license");
    return this;
  }

  /**
   * Sets where the model comes from. The default is the checkpoint's file name.
   *
   * @param source an address or a name
   * @return this conversion
   */
  public Conversion source(String source) {
    this.source = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Sets how a photo becomes the input, for weights that were trained on other means, deviations,
   * or resampling than the network's own. The default is {@link Network#input()}.
   *
   * @param input the specification; its name, layout, and size, or that of its crop, are those of
   *     {@link Network#input()}
   * @return this conversion
   * @throws IllegalArgumentException if one of these differs
   */
  public Conversion input(InputSpec input) {
    InputSpec own = network.input();
    if (!input.name().equals(own.name())
        || input.layout() != own.layout()
        || !input.crop().orElse(input.size()).equals(own.size())) {
      throw new IllegalArgumentException(
          "network %s is built for the input \"%s\" in %s, %s; found \"%s\" in %s, %s. Build the network with NetworkOptions.withSize"
              .formatted(
                  network.name(),
                  own.name(),
                  own.layout(),
                  own.size(),
                  input.name(),
                  input.layout(),
                  input.crop().orElse(input.size())));
    }
    this.input = input;
    return this;
  }

  /**
   * Sets the names of the classes.
   *
   * @param labels one label for each class; two for a network with a single channel, whose sigmoid
   *     is the probability of the second class
   * @return this conversion
   * @throws IllegalArgumentException if the number of labels is different
   */
  public Conversion labels(LabelMap labels) {
    if (labels.size() != Lowering.classes(network)) {
      throw new IllegalArgumentException(
          "network %s has %d classes, found labels for %d"
              .formatted(network.name(), Lowering.classes(network), labels.size()));
    }
    this.labels = labels;
    return this;
  }

  /**
   * Sets the colors of the classes. The default is {@link Palette#voc()}.
   *
   * @param palette the colors
   * @return this conversion
   */
  public Conversion palette(Palette palette) {
    this.palette = Objects.requireNonNull(palette, "palette");
    return this;
  }

  /**
   * Sets the result to output. The default is {@link Scores#GRID}. A network that ends with an
   * arg-max always outputs categories.
   *
   * @param scores the result
   * @return this conversion
   */
  public Conversion scores(Scores scores) {
    this.scores = Objects.requireNonNull(scores, "scores");
    return this;
  }

  /**
   * Sets how weights are stored. The default is {@link Precision#FLOAT32}.
   *
   * @param precision the precision; {@link Precision#BFLOAT16} is for TorchScript only
   * @return this conversion
   */
  public Conversion precision(Precision precision) {
    this.precision = Objects.requireNonNull(precision, "precision");
    return this;
  }

  /**
   * Sets the formats to write. The default is every format that supports the precision.
   *
   * @param formats {@link ModelFormat#ONNX}, {@link ModelFormat#TORCHSCRIPT} or both
   * @return this conversion
   * @throws IllegalArgumentException if there are none, or if one is not supported
   */
  public Conversion formats(ModelFormat... formats) {
    Set<ModelFormat> chosen = new LinkedHashSet<>(List.of(formats));
    if (chosen.isEmpty() || !FileKind.formats().containsAll(chosen)) {
      throw new IllegalArgumentException(
          "networks can be written as %s, found %s".formatted(FileKind.formats(), chosen));
    }
    this.formats = chosen;
    return this;
  }

  /**
   * Writes the files and then the card, {@code NAME.properties}. If anything fails, existing files
   * are unchanged. If several threads write files of the same name, the last one wins. If several
   * processes do, the files may not match the hashes in the card.
   *
   * @param folder the folder; created if it does not exist; files with these names are replaced
   * @return the card
   * @throws IOException if a file cannot be written, the checkpoint can no longer be read, or the
   *     thread is interrupted; its interrupt status is kept
   * @throws IllegalArgumentException if a format does not support the precision, a weight is too
   *     large for it, or a text has several lines
   */
  public ModelCard write(Path folder) throws IOException {
    Set<ModelFormat> wanted = formats.isEmpty() ? FileKind.formatsOf(precision) : formats;
    List<FileKind> kinds = wanted.stream().map(FileKind::of).toList();
    kinds.forEach(this::requirePrecision);
    Program program = Lowering.of(network, weights, scores);
    Map<FileKind, String> hashes = new LinkedHashMap<>();
    try (FolderUpdate update = FolderUpdate.of(folder)) {
      for (FileKind kind : kinds) {
        String file = name + kind.suffix();
        try {
          hashes.put(kind, write(update.add(file), kind, program));
        } catch (IOException e) {
          throw new IOException(
              "cannot write %s: %s".formatted(folder.resolve(file), Reason.of(e)), e);
        }
      }
      Path card = update.add(name + ".properties");
      card(program, files(card.resolveSibling(""), hashes)).write(card);
      update.finish();
    } catch (UncheckedIOException e) {
      throw new IOException("cannot read the checkpoint: " + e.getMessage(), e);
    }
    return card(program, files(folder, hashes));
  }

  private void requirePrecision(FileKind kind) {
    if (!kind.precisions().contains(precision)) {
      throw new IllegalArgumentException(
          "%s supports weights of %s, found %s; formats that support it: %s"
              .formatted(
                  kind.format(), kind.precisions(), precision, FileKind.formatsOf(precision)));
    }
  }

  /** Writes a file and returns its SHA-256. */
  private String write(Path file, FileKind kind, Program program) throws IOException {
    // The card inside the file cannot contain the file's own hash, so it is left out there.
    ModelFile itself = new ModelFile(kind.format(), file.toUri(), Optional.empty());
    Map<String, String> metadata = CardWriter.describe(card(program, List.of(itself)));
    MessageDigest digest = Sha256.digest();
    // Opens a channel, because streams from Files ignore interrupts.
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (OutputStream out =
        new DigestOutputStream(
            new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16), digest)) {
      kind.writer().write(program, precision, metadata, out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private List<ModelFile> files(Path folder, Map<FileKind, String> hashes) {
    return hashes.entrySet().stream()
        .map(
            file ->
                new ModelFile(
                    file.getKey().format(),
                    folder.resolve(name + file.getKey().suffix()).toUri(),
                    Optional.of(file.getValue())))
        .toList();
  }

  private ModelCard card(Program program, List<ModelFile> files) {
    return ModelCard.builder(name, input, program.output(), labels)
        .description(description)
        .license(license)
        .source(source)
        .files(files)
        .palette(palette)
        .build();
  }
}
