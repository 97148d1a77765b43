package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.cli.internal.Interruption;
import io.github.pixelwise.cli.internal.Table;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.quantization.Agreement;
import io.github.pixelwise.quantization.Calibration;
import io.github.pixelwise.quantization.Quantization;
import io.github.pixelwise.quantization.QuantizationException;
import io.github.pixelwise.quantization.QuantizedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code segment models quantize}. */
@Command(
    name = "quantize",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header =
        "Makes an int8 copy of a model: down to a quarter of the size, and faster on most"
            + " processors.",
    description = {
      "",
      "Runs the float32 network on your photos to see the range of every tensor, writes the network"
          + " with 8-bit weights and tensors, and compares the masks of both. Give 20 photos or"
          + " more like those you will segment; of 10 or more, every fifth is kept for the"
          + " comparison. The result is ONNX, for ONNX Runtime on the CPU. Then run it: 'segment"
          + " run photo.jpg --model DIR/NAME.properties'.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 the model was written; 1 too many pixels change, or the model or a file"
          + " cannot be used, and nothing was written; 2 the command line is wrong.",
      "",
      "Examples:",
      "  segment models quantize deeplabv3plus-mobilenetv2-voc --photos my-photos -o models",
      "  segment models quantize models/scans.properties --photos scans --calibration percentile"
    })
final class QuantizeCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "The model: a name (see 'segment models'), a card, a network with its card next to it, or"
              + " a folder, as for 'segment run --model'.")
  private String model = "";

  @Option(
      names = "--photos",
      required = true,
      paramLabel = "DIR|FILE",
      description = "The photos to calibrate on, with those in subfolders. Repeatable.")
  private List<Path> photos = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "The folder to write to; created if missing (default: the current folder).")
  private Path output = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name of the model and its files (default: the model's with -int8).")
  private @Nullable String name;

  @Option(
      names = "--calibration",
      paramLabel = "min-max|percentile",
      completionCandidates = Methods.class,
      converter = Methods.class,
      description =
          "What 8 bits stand for: the whole range of a tensor, or the range without its rarest"
              + " values (default: min-max).")
  private Calibration calibration = Calibration.MIN_MAX;

  @Option(
      names = "--percentile",
      paramLabel = "PERCENT",
      description =
          "How many percent of a tensor's values --calibration percentile keeps (default: 99.99).")
  private @Nullable Double percentile;

  @Option(
      names = "--max-photos",
      paramLabel = "N",
      description = "Use at most so many of the photos, evenly chosen (default: ${DEFAULT-VALUE}).")
  private int maxPhotos = 100;

  @Option(
      names = "--min-agreement",
      paramLabel = "PERCENT",
      description =
          "How many of the pixels must keep the class that the float32 model gives them. If fewer"
              + " do, more of the first layers stay in float32; if that does not help, nothing is"
              + " written (default: ${DEFAULT-VALUE}).")
  private double minAgreement = QuantizedModel.MIN_AGREEMENT;

  @Option(names = "--force", description = "Write the model however many pixels change.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = Objects.requireNonNull(spec, "injected by picocli").commandLine();
    return Interruption.interrupting(
        "the quantization", commandLine.getErr(), () -> quantize(commandLine));
  }

  private void quantize(CommandLine commandLine) throws IOException {
    long start = System.nanoTime();
    PrintWriter err = commandLine.getErr();
    Quantization quantization = quantization(commandLine);
    quantization.photos(findPhotos(err)).onNote(note -> err.println("segment: " + note));
    QuantizedModel small = quantization.quantize();
    print(small, commandLine.getOut());
    boolean falls = 100 * small.agreement().unchanged() < minAgreement;
    String fileName = small.name() + ".properties";
    boolean replaces = Files.exists(output.resolve(fileName));
    small.write(output, force ? 0 : minAgreement);
    if (falls) {
      err.printf(
          Locale.ROOT,
          "segment: written although only %.2f %% of the pixels are unchanged (--force)%n",
          100 * small.agreement().unchanged());
    }
    if (replaces) {
      err.println("segment: this replaced the model that was there: " + output.resolve(fileName));
    }
    commandLine
        .getOut()
        .printf(
            Locale.ROOT,
            "written in %.1f s: %s%n",
            (System.nanoTime() - start) / 1e9,
            output.resolve(fileName));
  }

  /** Checks the options. */
  private Quantization quantization(CommandLine commandLine) {
    if (percentile != null && calibration != Calibration.PERCENTILE) {
      throw new ParameterException(
          commandLine, "--percentile needs --calibration percentile, found min-max");
    }
    if (!(minAgreement >= 0 && minAgreement <= 100)) {
      throw new ParameterException(
          commandLine, "--min-agreement must be 0 to 100 percent, found " + minAgreement);
    }
    if (Files.exists(output) && !Files.isDirectory(output)) {
      throw new ParameterException(commandLine, "-o must be a folder, found a file: " + output);
    }
    ModelCard card = EngineOptions.card(commandLine.getCommandSpec(), Catalog.load(), model);
    try {
      Quantization quantization =
          Quantization.of(card)
              .method(calibration)
              .mostPhotos(maxPhotos)
              .minAgreement(minAgreement);
      if (percentile != null) {
        quantization.percentile(percentile);
      }
      return name == null ? quantization : quantization.name(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandLine, String.valueOf(e.getMessage()));
    }
  }

  private List<Path> findPhotos(PrintWriter err) {
    PhotographFinder finder = new PhotographFinder(null);
    photos.forEach(finder::add);
    List<Path> found = finder.photographs().stream().map(Photograph::source).toList();
    if (found.isEmpty() && !finder.failures().isEmpty()) {
      throw new QuantizationException(String.join(System.lineSeparator(), finder.failures()));
    }
    finder.failures().forEach(failure -> err.println("segment: " + failure));
    return found;
  }

  private static void print(QuantizedModel small, PrintWriter out) {
    Agreement agreement = small.agreement();
    Table table = new Table("CLASS", "IOU", "PIXELS");
    for (Agreement.ClassIou one : agreement.classes()) {
      table.row(
          one.label(), String.format(Locale.ROOT, "%.3f", one.iou()), Long.toString(one.pixels()));
    }
    table.print(out);
    out.println(agreement);
    out.printf(
        Locale.ROOT,
        "%s; %.1f MB instead of %.1f MB%n",
        String.join(", ", small.layers()),
        small.bytes() / 1e6,
        small.floatBytes() / 1e6);
  }

  /** The names of the methods. */
  static final class Methods implements Iterable<String>, ITypeConverter<Calibration> {
    private static String name(Calibration method) {
      return method.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Calibration.values()).map(Methods::name).iterator();
    }

    @Override
    public Calibration convert(String text) {
      return Arrays.stream(Calibration.values())
          .filter(method -> name(method).equalsIgnoreCase(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected min-max or percentile, found \"" + text + "\""));
    }
  }
}
