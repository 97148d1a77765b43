package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Device;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.zoo.HuggingFaceFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code segment run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Segments photographs and writes what was found beside them.",
    description = {
      "",
      "photo.jpg gives, at the photograph's own size (after its EXIF orientation):",
      "  photo.mask.png     the classes as the indices of a palette PNG",
      "  photo.color.png    the classes in their colors",
      "  photo.overlay.png  the photograph, tinted with these colors",
      "  photo.cutout.png   the photograph without its background",
      "  photo.json         classes with pixels, share, box; model, timings",
      "",
      "Masks of more than 256 classes are gray PNGs of 16 bits, whose samples are the classes. What is"
          + " transparent in a photograph is on white for the network, and transparent in the cutout.",
      "",
      "Folders are walked and their structure is kept; what is hidden, and pictures named as above,"
          + " are left out. Links are followed: each name is a photograph, and a dead link one that"
          + " fails. What exists already is skipped. A photograph or an output that fails is named with"
          + " its reason, and the rest goes on.",
      "",
      "In folders, photographs are files with the suffixes "
          + PictureKind.READ_SUFFIXES
          + ". Pictures of"
          + " other kinds, such as heic, avif, jxl, jp2, psd and the raw files of cameras, count as"
          + " failed: convert them to JPEG or PNG first.",
      "",
      "Ctrl-C lets the files that are being written be finished, for at most 4 seconds; a second one"
          + " ends at once. No file is left half written.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 all done; 1 a photograph, an output, the model or the device failed; 2 nothing"
          + " was begun, because the command line is wrong; 130 or 143 ended by Ctrl-C or SIGTERM.",
      "",
      "Examples:",
      "  segment run photo.jpg",
      "  segment run holiday/ -o out --write overlay,json",
      "  segment run cat.jpg --write cutout --class cat --background '#ffffff'",
      "  segment run - -o - --write cutout < in.jpg > out.png"
    })
final class RunCommand implements Callable<Integer> {
  /** What is a file's name, and no model's, even if there is no such file. */
  private static final Pattern MODEL_FILE =
      Pattern.compile("/|(?i)\\.(properties|onnx|pt|pth|torchscript|safetensors)$");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Photographs, and folders of photographs; - is a photograph on standard input.")
  private List<Path> paths = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "Where to write; beside the photographs unless given. - is standard output, for one product of"
              + " one photograph; those of standard input are called stdin in a folder.")
  private @Nullable Path output;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME|CARD|FILE|DIR",
      description =
          "A model by name (see 'segment models'), by its card, a *.properties file, by a model file that"
              + " has a card of its name beside it, or a folder as Hugging Face publishes one; to"
              + " choose a network in it, DIR/onnx/model_fp16.onnx.")
  private String model = Segmenter.DEFAULT_MODEL;

  @Option(
      names = {"-b", "--backend"},
      paramLabel = "NAME",
      description = "The engine (see 'segment backends'); the best one unless given.")
  private @Nullable String backend;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:N|auto",
      converter = DeviceConverter.class,
      description = "Where the network runs; auto unless given.")
  private Device device = Device.AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads for the network on the CPU; as the engine thinks fit unless given.")
  private int threads;

  @Option(
      names = "--setting",
      paramLabel = "NAME=VALUE",
      description =
          "A setting of the engine, for example onnx.cuda.memory-limit=2GB; may be given several"
              + " times.")
  private List<String> settings = List.of();

  @Option(
      names = "--write",
      split = ",",
      paramLabel = "WHAT",
      converter = ProductConverter.class,
      description = "Of mask, color, overlay, cutout, json; all unless given.")
  private @Nullable List<Product> products;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description =
          "The most pixels that a photograph or background may have; ${DEFAULT-VALUE} unless given."
              + " Each takes 3 to 6 bytes of the heap, which JAVA_OPTS=-Xmx4g makes larger.")
  private long maxPixels = Images.MAX_PIXELS;

  @Mixin private RecipeOptions recipeOptions = new RecipeOptions();

  @Option(names = "--force", description = "Write anew what exists already.")
  private boolean force;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      recipeOptions.check();
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
    if (maxPixels < 1) {
      throw wrong("--max-pixels must be at least 1, found " + maxPixels);
    }
    if (paths.contains(Path.of("")) || Path.of("").equals(output)) {
      throw wrong("a path is empty; the current folder is .");
    }
    if (output != null && PhotographFinder.hasLostBytes(output)) {
      throw wrong("--output " + output + ": " + PhotographFinder.notText());
    }
    if (paths.contains(Photograph.STANDARD_STREAM) && output == null) {
      throw wrong("standard input has no folder: name one by --output, or - for standard output");
    }
    PhotographReader reader = new PhotographReader(maxPixels);
    Catalog catalog = Catalog.load();
    ModelCard card = card(catalog);
    Recipe.Builder recipe = recipe(card.labels(), reader);
    Set<Product> wanted = wanted(recipe, card);
    if (toStandardOutput()) {
      requireOne(wanted);
    }
    PhotographFinder finder = new PhotographFinder(output);
    paths.forEach(finder::add);
    SegmenterBuilder builder = Segmenter.builder().model(card).device(device);
    try {
      recipe.thresholds(recipeOptions.thresholds(card.labels()));
      if (!toStandardOutput()) {
        finder.requireDistinctOutputs(wanted);
      }
      builder.threads(threads);
      settings().forEach(builder::setting);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
    if (backend != null) {
      builder.backend(backend);
    }
    if (paths.contains(Photograph.STANDARD_STREAM)) {
      reader.readStandardInput();
    }
    try (Interruption interruption = new Interruption()) {
      int status;
      try (Segmenter segmenter = open(builder)) {
        status = run(interruption, segmenter, recipe.build(), finder, wanted, reader);
      }
      return interruption.exitStatus().orElse(status);
    }
  }

  private boolean toStandardOutput() {
    return Photograph.STANDARD_STREAM.equals(output);
  }

  private void requireOne(Set<Product> wanted) {
    if (products == null || wanted.size() > 1) {
      throw wrong("--output - takes one product: name it by --write, for example --write cutout");
    }
    if (paths.size() > 1 || Files.isDirectory(paths.get(0))) {
      throw wrong(
          "--output - takes one photograph, found "
              + (paths.size() > 1 ? paths.size() + " paths" : "the folder " + paths.get(0)));
    }
  }

  private Map<String, String> settings() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String setting : settings) {
      int end = setting.indexOf('=');
      if (end < 1) {
        throw wrong("--setting is NAME=VALUE, found " + setting);
      }
      String name = setting.substring(0, end);
      if (values.putIfAbsent(name, setting.substring(end + 1)) != null) {
        throw wrong("--setting " + name + " is given twice");
      }
    }
    return values;
  }

  private Segmenter open(SegmenterBuilder builder) {
    try {
      return builder.open();
    } catch (IllegalArgumentException e) {
      throw wrong(e); // only the backend knows its settings
    }
  }

  private ModelCard card(Catalog catalog) {
    if (catalog.modelNames().contains(model)) {
      return catalog.model(model);
    }
    try {
      Path path = Path.of(model);
      if (HuggingFaceFolder.matches(path)) {
        return HuggingFaceFolder.read(path);
      }
      if (Files.exists(path) || MODEL_FILE.matcher(model).find()) {
        return ModelCard.read(path);
      }
    } catch (IOException e) {
      throw wrong(e);
    }
    return catalog.model(model);
  }

  private Recipe.Builder recipe(LabelMap labels, PhotographReader reader) {
    try {
      return recipeOptions.recipe(labels, reader);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  /** The products asked for, or all that make sense: a cutout needs to know its foreground. */
  private Set<Product> wanted(Recipe.Builder recipe, ModelCard card) {
    if (products != null) {
      if (products.isEmpty()) {
        throw wrong("--write names nothing");
      }
      recipe.products(EnumSet.copyOf(products));
    }
    try {
      return recipe.build().products(card.labels());
    } catch (IllegalArgumentException e) {
      throw wrong(
          "model %s has no class background: say by --class what the cutout keeps, of %s"
              .formatted(model, String.join(", ", card.labels().names())));
    }
  }

  private int run(
      Interruption interruption,
      Segmenter segmenter,
      Recipe recipe,
      PhotographFinder finder,
      Set<Product> wanted,
      PhotographReader reader)
      throws InterruptedException {
    OutputFiles files = new OutputFiles();
    interruption.abandons(files::abandon);
    Collection<Photograph> photographs = finder.photographs();
    long start = System.nanoTime();
    PhotographRun run;
    try (Progress progress = Progress.of(photographs.size(), commandLine().getErr())) {
      finder.failures().forEach(progress::error);
      run = new PhotographRun(segmenter, recipe, wanted, reader, files, force, progress);
      interruption.stops(run::stop);
      run.process(photographs, Runtime.getRuntime().availableProcessors());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    int failed = run.failed() + finder.failures().size();
    if (toStandardOutput()) {
      return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
    String summary =
        String.format(
            Locale.ROOT,
            "%d segmented, %d skipped, %d failed%s; %d files written%s in %.1f s, %.2f photographs/s",
            run.done(),
            run.skipped(),
            failed,
            interruption.exitStatus().isPresent() ? ", the rest interrupted" : "",
            run.files(),
            run.kept() > 0 ? ", " + run.kept() + " there before (--force writes them anew)," : "",
            seconds,
            run.done() / seconds);
    commandLine().getOut().println(summary);
    return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private ParameterException wrong(Exception e) {
    return wrong(String.valueOf(e.getMessage()));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandLine(), message);
  }

  private CommandLine commandLine() {
    return Objects.requireNonNull(spec, "injected by picocli").commandLine();
  }

  /** Reads the value of {@code --device}. */
  private static final class DeviceConverter implements ITypeConverter<Device> {
    @Override
    public Device convert(String name) {
      try {
        return Device.parse(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Reads a word of {@code --write}. */
  private static final class ProductConverter implements ITypeConverter<Product> {
    @Override
    public Product convert(String name) {
      try {
        return Product.parse(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
