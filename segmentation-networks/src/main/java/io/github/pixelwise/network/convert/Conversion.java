package io.github.pixelwise.network.convert;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.card.CardWriter;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.internal.util.Reason;
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
 * Turns a network and a checkpoint into a model: ONNX and TorchScript files, and their card.
 *
 * <pre>{@code
 * Network network = Networks.of("unet", NetworkOptions.ofClasses(3));
 * ModelCard model =
 *     Conversion.of(network, Path.of("unet.pth")).name("scans").write(Path.of("models"));
 * }</pre>
 *
 * <p>The same conversion gives the same bytes. Not safe for use by several threads.
 */
public final class Conversion {
  private final Network network;
  private final Weights weights;
  private final List<String> notes;
  private String name;
  private String description;
  private String license = "";
  private String source;
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
                passedOver.stream().map("passed over the weights under \"%s\""::formatted),
                weights.notes().stream())
            .toList();
    this.name = requireName(network.name());
    this.description = network.toString();
    this.source = source;
    this.labels =
        LabelMap.of(
            IntStream.range(0, Lowering.classes(network)).mapToObj(i -> "class " + i).toList());
  }

  /**
   * Starts a conversion.
   *
   * @param network the network
   * @param checkpoint its weights, see {@link Checkpoint}; mapped into memory, and neither changed
   *     nor kept after the conversion
   * @return a conversion with what the network's own card would say, classes called {@code class
   *     0}, {@code class 1} and so on
   * @throws IOException if the checkpoint cannot be read
   * @throws io.github.pixelwise.ModelLoadException if it does not fit the network
   */
  public static Conversion of(Network network, Path checkpoint) throws IOException {
    Checkpoint read = Checkpoint.read(checkpoint);
    return of(read, network, Weights.of(network, read.tensors()), checkpoint);
  }

  /**
   * Starts a conversion of a checkpoint with several weights that fit the network, such as the
   * model's and their running average.
   *
   * @param network the network
   * @param checkpoint its weights, as without a prefix
   * @param prefix what the names of the weights to be taken begin with, for example {@code ema.};
   *     empty for those that begin with nothing of the kind
   * @return a conversion, as without a prefix
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
   * Starts a conversion of weights that are at hand.
   *
   * @param network the network
   * @param weights its weights
   * @return a conversion
   */
  public static Conversion of(Network network, Weights weights) {
    return new Conversion(network, weights, List.of(), "");
  }

  /**
   * Tells how the checkpoint was understood.
   *
   * @return a sentence for what was taken off the names of its tensors and for what was passed
   *     over; empty if it holds the network's weights by their own names and no others
   */
  public List<String> notes() {
    return notes;
  }

  /**
   * Sets the model's name, which its files bear too; the network's unless set.
   *
   * @param name the name: letters, digits, dots, hyphens and underscores
   * @return this conversion
   * @throws IllegalArgumentException if it has others, or begins with a dot
   */
  public Conversion name(String name) {
    this.name = requireName(name);
    return this;
  }

  private static String requireName(String name) {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "a model's name is made of letters, digits, dots, hyphens and underscores, and begins with"
              + " no dot, found \"%s\"".formatted(name));
    }
    return name;
  }

  /**
   * Sets what the card says the model is.
   *
   * @param description a sentence
   * @return this conversion
   */
  public Conversion description(String description) {
    this.description = Objects.requireNonNull(description, "description");
    return this;
  }

  /**
   * Sets the license on the card.
   *
   * @param license an SPDX identifier where there is one
   * @return this conversion
   */
  public Conversion license(String license) {
    this.license = Objects.requireNonNull(license, "license");
    return this;
  }

  /**
   * Sets where the model comes from; the checkpoint's file name unless set.
   *
   * @param source an address or a name
   * @return this conversion
   */
  public Conversion source(String source) {
    this.source = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Sets the names of the classes.
   *
   * @param labels as many as the network has classes; two for a network of one channel, whose
   *     sigmoid is the probability of the second
   * @return this conversion
   * @throws IllegalArgumentException if there are more or fewer
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
   * Sets the colors of the classes, {@link Palette#voc()} unless set.
   *
   * @param palette the colors
   * @return this conversion
   */
  public Conversion palette(Palette palette) {
    this.palette = Objects.requireNonNull(palette, "palette");
    return this;
  }

  /**
   * Sets which result is written, {@link Scores#GRID} unless set. A network that ends in arg-max
   * gives categories whatever is set.
   *
   * @param scores the result
   * @return this conversion
   */
  public Conversion scores(Scores scores) {
    this.scores = Objects.requireNonNull(scores, "scores");
    return this;
  }

  /**
   * Sets how weights are stored, {@link Precision#FLOAT32} unless set.
   *
   * @param precision the precision; {@link Precision#BFLOAT16} is for TorchScript alone
   * @return this conversion
   */
  public Conversion precision(Precision precision) {
    this.precision = Objects.requireNonNull(precision, "precision");
    return this;
  }

  /**
   * Sets the formats, all that have the precision unless set.
   *
   * @param formats {@link ModelFormat#ONNX}, {@link ModelFormat#TORCHSCRIPT} or both
   * @return this conversion
   * @throws IllegalArgumentException if there is none or another
   */
  public Conversion formats(ModelFormat... formats) {
    Set<ModelFormat> chosen = new LinkedHashSet<>(List.of(formats));
    if (chosen.isEmpty() || !FileKind.formats().containsAll(chosen)) {
      throw new IllegalArgumentException(
          "networks are written as %s, asked for %s".formatted(FileKind.formats(), chosen));
    }
    this.formats = chosen;
    return this;
  }

  /**
   * Writes the files and, last, the card {@code NAME.properties}. If anything fails, the files that
   * were there are as they were. Files of one name may be written by several threads, the last one
   * wins; processes that do so can leave files that the card's hashes refuse.
   *
   * @param folder the folder, made if it is not there; files of these names are replaced
   * @return the card
   * @throws IOException if a file cannot be written, the checkpoint cannot be read any more, or the
   *     thread is interrupted, which stays so
   * @throws IllegalArgumentException if a format does not have the precision, a weight is too large
   *     for it, or a text does not fit on one line of a card
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
          "%s is written with weights of %s, asked for %s; formats that have it: %s"
              .formatted(
                  kind.format(), kind.precisions(), precision, FileKind.formatsOf(precision)));
    }
  }

  /** Writes a file and returns its SHA-256. */
  private String write(Path file, FileKind kind, Program program) throws IOException {
    // The card in the file cannot hold the file's own hash, and describes it without.
    ModelFile itself = new ModelFile(kind.format(), file.toUri(), Optional.empty());
    Map<String, String> metadata = CardWriter.describe(card(program, List.of(itself)));
    MessageDigest digest = Sha256.digest();
    // A channel of its own, because the streams of Files take no notice of an interrupt.
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
    return ModelCard.builder(name, program.input(), program.output(), labels)
        .description(description)
        .license(license)
        .source(source)
        .files(files)
        .palette(palette)
        .build();
  }
}
