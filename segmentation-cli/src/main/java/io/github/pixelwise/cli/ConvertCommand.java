package io.github.pixelwise.cli;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.cli.internal.Interruption;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.checkpoint.Checkpoint;
import io.github.pixelwise.network.convert.Conversion;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.network.convert.Scores;
import io.github.pixelwise.network.tflite.TfLiteModel;
import io.github.pixelwise.zoo.HuggingFaceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segment models convert}. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Converts your PyTorch checkpoint or TensorFlow Lite file to a model with its card.",
    description = {
      "",
      "Reads a state dict (*.pth, *.pt), a TorchScript archive, or safetensors, together with the"
          + " --network that they belong to; a Hugging Face folder, whose weights tell the network,"
          + " and whose other files tell the classes and the input; or a TensorFlow Lite file"
          + " (*.tflite), which has its own network and input size. Writes ONNX and TorchScript."
          + " Then run it: 'segment run photo.jpg --model DIR/NAME.properties'.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 the model was written; 1 the checkpoint does not fit the network, or a file"
          + " could not be read or written; 2 the command line is wrong.",
      "",
      "Examples:",
      "  segment models convert unet.pth --network unet --labels background,cell -o models",
      "  segment models convert segformer-b0-finetuned-ade-512-512 -o models",
      "  segment models convert selfie.tflite --labels background,person"
    })
final class ConvertCommand implements Callable<Integer> {
  private static final Pattern SIDES = Pattern.compile("\\d+x\\d+");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "CHECKPOINT",
      description =
          "The trained weights, a Hugging Face folder with weights, or a TensorFlow Lite file.")
  private Path checkpoint = Path.of("");

  @Option(
      names = "--network",
      paramLabel = "NAME",
      completionCandidates = NetworkNames.class,
      description =
          "The network that the weights belong to, required unless the file has it:"
              + " ${COMPLETION-CANDIDATES}.")
  private @Nullable String network;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description =
          "If a checkpoint has several sets of weights, what the names of the set to use begin"
              + " with, for example ema. (default: detected).")
  private @Nullable String prefix;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "The number of classes (default: that of --labels).")
  private @Nullable Integer classes;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "The folder to write to; created if missing (default: the current folder).")
  private Path output = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name of the model and its files (default: the network's or file's name).")
  private @Nullable String name;

  @Option(
      names = "--labels",
      paramLabel = "LABELS",
      description =
          "The class names: voc, cityscapes, camvid, ade20k, or names separated by commas, a single"
              + " one for a network with one channel (default: 'class 0', 'class 1', ...).")
  private @Nullable String labels;

  @Option(
      names = "--palette",
      paramLabel = "COLORS",
      description =
          "The class colors: one of these data sets, or #rrggbb separated by commas (default:"
              + " voc).")
  private @Nullable String palette;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description =
          "The input size: 'short-edge 520', 'long-edge 512', or a fixed WxH (default: the"
              + " network's own rule).")
  private @Nullable String size;

  @Option(
      names = "--multiple",
      paramLabel = "N",
      description =
          "Make the sides of the input multiples of N, which gives simpler and faster networks"
              + " (default: the network's own rule).")
  private @Nullable Integer multiple;

  @Option(
      names = "--output-stride",
      paramLabel = "8|16",
      description = "The stride of the encoder's last grid (default: the network's own).")
  private @Nullable Integer outputStride;

  @Option(
      names = "--width",
      paramLabel = "FACTOR",
      description = "A factor for the numbers of channels (default: 1, as published).")
  private @Nullable Double width;

  @Option(
      names = "--weights",
      paramLabel = "float32|float16|bfloat16",
      description = "How weights are stored (default: float32). bfloat16 is for TorchScript only.")
  private Precision precision = Precision.FLOAT32;

  @Option(
      names = "--scores",
      paramLabel = "grid|input|categories",
      description =
          "What the model returns: scores on the network's own grid (the default, and the fastest),"
              + " scores at the input's size, or the best class of every pixel.")
  private Scores scores = Scores.GRID;

  @Option(
      names = "--format",
      split = ",",
      paramLabel = "FORMAT",
      description = "onnx, torchscript (default: all formats that can store the weights).")
  private List<String> formats = List.of();

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = Objects.requireNonNull(spec, "injected by picocli").commandLine();
    return Interruption.interrupting(
        "the conversion", commandLine.getErr(), () -> convert(commandLine));
  }

  private void convert(CommandLine commandLine) throws IOException {
    try {
      long start = System.nanoTime();
      LabelMap named = labels == null ? null : LabelMap.parse(labels);
      List<String> notes = new ArrayList<>();
      Conversion conversion = conversion(named, notes);
      notes.addAll(conversion.notes());
      set(conversion);
      notes.forEach(note -> commandLine.getErr().println("segment: " + note));
      Set<Path> before = cards();
      Path card = output.resolve(conversion.write(output).name() + ".properties");
      if (before.contains(card)) {
        commandLine.getErr().println("segment: this replaced the model that was there: " + card);
      }
      commandLine
          .getOut()
          .printf(Locale.ROOT, "written in %.1f s: %s%n", (System.nanoTime() - start) / 1e9, card);
      if (precision.isSlowHere()) {
        commandLine
            .getErr()
            .println(
                "segment: this machine's processor has no bfloat16 instructions (AVX512-BF16 or"
                    + " AMX), so this model can take 25 times as long here as one in float32");
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()));
    }
  }

  private Conversion conversion(@Nullable LabelMap named, List<String> notes) throws IOException {
    if (isTfLite()) {
      return ofTfLite(named, notes);
    }
    return Files.isDirectory(checkpoint) && HuggingFaceFolder.matches(checkpoint)
        ? ofFolder()
        : ofCheckpoint(named);
  }

  /** By its name, so that a damaged or missing one is told as such, or by its content. */
  private boolean isTfLite() {
    return checkpoint.toString().toLowerCase(Locale.ROOT).endsWith(".tflite")
        || TfLiteModel.isTfLite(checkpoint);
  }

  /** The cards in the folder to write to. */
  private Set<Path> cards() throws IOException {
    if (!Files.isDirectory(output)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(output)) {
      return files
          .map(file -> output.resolve(file.getFileName()))
          .filter(file -> file.toString().endsWith(".properties"))
          .collect(Collectors.toSet());
    }
  }

  private Conversion ofTfLite(@Nullable LabelMap named, List<String> notes) throws IOException {
    requireUnset(networkOptions());
    TfLiteModel model = TfLiteModel.read(checkpoint);
    notes.addAll(model.notes());
    return labeled(Conversion.of(model.network(), model.weights()), model.network(), named)
        .source(checkpoint.getFileName().toString());
  }

  /** What the folder's files tell is not asked for. */
  private Conversion ofFolder() throws IOException {
    List<String> set = networkOptions();
    addIfSet(set, "--labels", labels);
    addIfSet(set, "--palette", palette);
    requireUnset(set);
    return HuggingFaceFolder.conversion(checkpoint);
  }

  /** The options that were set and choose the network. */
  private List<String> networkOptions() {
    List<String> set = new ArrayList<>();
    addIfSet(set, "--network", network);
    addIfSet(set, "--prefix", prefix);
    addIfSet(set, "--classes", classes);
    addIfSet(set, "--size", size);
    addIfSet(set, "--multiple", multiple);
    addIfSet(set, "--output-stride", outputStride);
    addIfSet(set, "--width", width);
    return set;
  }

  private void requireUnset(List<String> options) {
    if (!options.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has its own network, classes, and input size; leave out %s"
              .formatted(checkpoint, String.join(", ", options)));
    }
  }

  /** Sets labels and colors. A single channel separates one class from the rest. */
  private Conversion labeled(Conversion conversion, Network network, @Nullable LabelMap named) {
    int channels = network.output().channels();
    if (named != null) {
      conversion.labels(channels == 1 ? withBackground(named) : several(named));
    }
    return conversion.palette(colors(Math.max(2, channels)));
  }

  /** A single name is that of the class to find, as on a card. */
  private static LabelMap withBackground(LabelMap named) {
    return named.size() == 1 ? LabelMap.of(List.of("background", named.name(0))) : named;
  }

  private LabelMap several(LabelMap named) {
    if (named.size() == 1) { // a misspelled data set
      throw new IllegalArgumentException(
          "--labels must be a data set or at least two names separated by commas, found \"%s\""
              .formatted(labels));
    }
    return named;
  }

  private static void addIfSet(List<String> options, String name, @Nullable Object value) {
    if (value != null) {
      options.add(name);
    }
  }

  private Conversion ofCheckpoint(@Nullable LabelMap named) throws IOException {
    if (network == null && !Files.isRegularFile(checkpoint)) {
      Checkpoint.read(checkpoint); // says what is wrong with it
    }
    if (network == null) {
      throw new IllegalArgumentException(
          "the network of %s is unknown: set --network NAME; available networks: %s"
              .formatted(checkpoint, String.join(", ", Networks.names())));
    }
    Integer number =
        classes != null || named == null ? classes : Integer.valueOf(several(named).size());
    if (number == null) {
      throw new IllegalArgumentException(
          "the number of classes is unknown: set --classes N, or name them with --labels");
    }
    Network built = Networks.of(network, options(network, number));
    Palette colors = colors(number); // before the checkpoint is read
    Conversion conversion =
        prefix == null
            ? Conversion.of(built, checkpoint)
            : Conversion.of(built, checkpoint, prefix);
    return labeled(conversion, built, named).palette(colors);
  }

  private void set(Conversion conversion) {
    conversion.precision(precision).scores(scores);
    if (name != null) {
      conversion.name(name);
    }
    if (!formats.isEmpty()) {
      conversion.formats(formats.stream().map(ModelFormat::new).toArray(ModelFormat[]::new));
    }
  }

  private NetworkOptions options(String network, int number) {
    NetworkOptions options = NetworkOptions.ofClasses(number);
    if (width != null) {
      options = options.withWidth(width);
    }
    if (outputStride != null) {
      options = options.withOutputStride(outputStride);
    }
    if (size == null && multiple == null) {
      return options;
    }
    SizeRule rule = size == null ? Networks.of(network, options).input().size() : parseSize(size);
    return options.withSize(multiple == null ? rule : rule.withMultiple(multiple, 0));
  }

  private static SizeRule parseSize(String value) {
    try {
      return SizeRule.parse(SIDES.matcher(value).matches() ? "fixed " + value : value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--size must be WxH, \"long-edge N\", or \"short-edge N\", found \"%s\"".formatted(value),
          e);
    }
  }

  private Palette colors(int number) {
    return palette == null ? Palette.voc() : parsePalette(palette, number);
  }

  private static Palette parsePalette(String value, int classes) {
    try {
      return Palette.parse(value, classes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--palette must be a data set or #rrggbb separated by commas, found \"%s\" (%s)"
              .formatted(value, e.getMessage()),
          e);
    }
  }
}
