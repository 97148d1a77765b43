package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.cli.internal.Interruption;
import io.github.pixelwise.cli.internal.Progress;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.products.PictureKind;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.RecipeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segment run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Segments photos and writes masks, overlays, cutouts, and reports.",
    description = {
      "",
      "For photo.jpg, these files are written, at the photo's own size and upright:",
      "  photo.mask.png     a palette PNG whose indices are the classes",
      "  photo.color.png    the classes in their colors",
      "  photo.overlay.png  the photo, tinted with these colors",
      "  photo.cutout.png   the photo without its background",
      "  photo.json         classes with pixels, share, and box; model, timings",
      "",
      "With --write, also the shapes of the classes, as polygons with holes:",
      "  photo.geojson      GeoJSON, in map coordinates if known, else in pixels",
      "  photo.txt          YOLO segmentation",
      "  photo.svg          SVG, over the photo",
      "  labelme/photo.json LabelMe, to correct them by hand",
      "",
      "And how sure the network is of the class of each pixel, as 8-bit gray:",
      "  photo.confidence.png",
      "",
      "And one file for all photos, in DIR or in the folder of photos:",
      "  coco.json          shapes as COCO instances",
      "  cvat.xml           shapes for CVAT, to correct them by hand",
      "  summary.csv        pixels, share, box, centroid, and confidence of each class",
      "",
      "Masks with more than 256 classes are 16-bit gray PNGs whose samples are the classes."
          + " Transparent parts of a photo are put on white for the network, and stay transparent"
          + " in the cutout.",
      "",
      "Folders are searched recursively, and their structure is kept. Hidden files, and files with"
          + " the names above, are left out. Links are followed: every name counts as a photo, and"
          + " a dead link counts as failed. Files that already exist are skipped. If a photo or an"
          + " output fails, the reason is printed and the run goes on.",
      "",
      "In folders, files with these suffixes count as photos: "
          + PictureKind.READ_SUFFIXES
          + ". Other image files, such as heic, avif, jxl, jp2, psd, and camera raw files, count as"
          + " failed: convert them to JPEG or PNG first.",
      "",
      "Ctrl-C waits up to 4 seconds for files to be finished; a second Ctrl-C ends the run at once."
          + " No file is left half written.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 everything worked; 1 a photo, an output, the model, or the device failed; 2"
          + " the command line is wrong, and nothing was done; 130 or 143 ended by Ctrl-C or"
          + " SIGTERM.",
      "",
      "Examples:",
      "  segment run photo.jpg",
      "  segment run holiday/ -o out --write overlay,json",
      "  segment run cat.jpg --write cutout --class cat --background '#ffffff'",
      "  segment run portrait.jpg --cutout --refine --model u2net",
      "  segment run photos/ -o out --write geojson,labelme --simplify 1",
      "  segment run photos/ -o out --recipe cats.recipe --force",
      "  segment run inbox/ -o out --write overlay --legend --watch",
      "  segment run - -o - --write cutout < in.jpg > out.png"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Photos and folders of photos; - reads a photo from standard input.")
  private List<Path> paths = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description =
          "The folder to write to (default: next to each photo). - writes one file for one photo to"
              + " standard output. If the photo comes from standard input, files in a folder are"
              + " named stdin.*")
  private @Nullable Path output;

  @Mixin private RecipeOptions recipeOptions = new RecipeOptions();

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description =
          "The most pixels that a photo or background may have to be read as a whole (default:"
              + " ${DEFAULT-VALUE}). A pixel takes 3 to 6 bytes of heap; JAVA_OPTS=-Xmx4g sets a"
              + " larger heap. Larger photos are read row by row, in tiles, and get only a mask,"
              + " photo.mask.tif.")
  private long maxPixels = Images.MAX_PIXELS;

  @Mixin private ModelOptions modelOptions = new ModelOptions();

  @Option(names = "--force", description = "Overwrite files that already exist.")
  private boolean force;

  @Option(
      names = "--watch",
      description =
          "Go on until Ctrl-C, and segment photos as they appear in the folders. A photo is begun"
              + " when its file has not changed for a second.")
  private boolean watch;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RecipeFile settings = recipeOptions.recipe();
    if (maxPixels < 1) {
      throw wrong("--max-pixels must be at least 1, found " + maxPixels);
    }
    if (paths.contains(Path.of("")) || Path.of("").equals(output)) {
      throw wrong("a path is empty. For the current folder, write .");
    }
    if (output != null && PhotographFinder.hasLostBytes(output)) {
      throw wrong("--output " + output + ": " + PhotographFinder.notText());
    }
    if (watch && (paths.contains(Photograph.STANDARD_STREAM) || toStandardOutput())) {
      throw wrong("--watch takes folders, and writes to a folder");
    }
    if (paths.contains(Photograph.STANDARD_STREAM) && output == null) {
      throw wrong(
          "a photo from standard input needs --output DIR, or --output - for standard output");
    }
    PhotographReader reader = new PhotographReader(maxPixels);
    Catalog catalog = Catalog.load();
    ModelCard card = modelOptions.card(catalog);
    Recipe.Builder recipe = recipeOptions.builder(settings, card.labels(), reader);
    Set<Product> wanted = wanted(recipe.build(), card);
    if (toStandardOutput()) {
      requireOne(wanted, settings);
    }
    recipeOptions.check(settings, recipe.build(), wanted, card);
    List<String> withoutEffect = settings.withoutEffect(wanted);
    if (!withoutEffect.isEmpty()) {
      commandLine()
          .getErr()
          .println(
              "segment: these options have no effect on what is written: --"
                  + String.join(", --", withoutEffect));
    }
    JoinedOutputs joined = joined(wanted, settings);
    Outputs outputs = new Outputs(wanted, joined, recipe.build().format(), force);
    PhotographFinder finder = new PhotographFinder(output);
    if (!watch) {
      paths.forEach(finder::add);
    }
    SegmenterBuilder builder = modelOptions.segmenter(card);
    try {
      if (!toStandardOutput()) {
        finder.requireDistinctOutputs(outputs);
      }
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
    if (paths.contains(Photograph.STANDARD_STREAM)) {
      reader.readStandardInput();
    }
    try (Interruption interruption = new Interruption()) {
      int status;
      try (Segmenter segmenter = modelOptions.open(builder)) {
        status = run(interruption, segmenter, recipe, finder, outputs, joined, reader);
      }
      return interruption.exitStatus().orElse(status);
    }
  }

  private boolean toStandardOutput() {
    return Photograph.STANDARD_STREAM.equals(output);
  }

  private void requireOne(Set<Product> wanted, RecipeFile settings) {
    if (!settings.values().containsKey("write") || wanted.size() > 1) {
      throw wrong("--output - writes one file. Choose it with --write, for example --write cutout");
    }
    if (paths.size() > 1 || Files.isDirectory(paths.get(0))) {
      throw wrong(
          "--output - takes one photo, found "
              + (paths.size() > 1 ? paths.size() + " paths" : "the folder " + paths.get(0)));
    }
  }

  /** The files for all photos together; null if there are none. */
  private @Nullable JoinedOutputs joined(Set<Product> wanted, RecipeFile settings) {
    if (wanted.stream().noneMatch(Product::isJoinable) || toStandardOutput()) {
      return null;
    }
    if (watch) {
      throw wrong(
          "coco, cvat, and summary are written when all photos are there. Write them later, without"
              + " --watch");
    }
    if (output == null && paths.size() > 1) {
      throw wrong(
          "coco, cvat, and summary write one file for all photos. With several paths, say where:"
              + " --output DIR");
    }
    return JoinedOutputs.of(
        wanted, output, paths, settings, commandLine().getParseResult().matchedOptions());
  }

  /** The products to write; by default all. A cutout needs a background class, or --class. */
  private Set<Product> wanted(Recipe recipe, ModelCard card) {
    try {
      return recipe.products(card.labels());
    } catch (IllegalArgumentException e) {
      throw wrong(
          "model %s has no class named background. Use --class to choose what the cutout keeps: %s"
              .formatted(modelOptions.model(), String.join(", ", card.labels().names())));
    }
  }

  private int run(
      Interruption interruption,
      Segmenter segmenter,
      Recipe.Builder builder,
      PhotographFinder finder,
      Outputs outputs,
      @Nullable JoinedOutputs joined,
      PhotographReader reader)
      throws IOException, InterruptedException {
    OutputFiles files = new OutputFiles();
    interruption.abandons(files::abandon);
    Collection<Photograph> photographs = finder.photographs();
    long start = System.nanoTime();
    Recipe recipe = builder.build();
    LargePictures large = LargePictures.of(segmenter, builder, force, commandLine().getErr());
    PhotographRun run;
    try (Progress progress = Progress.of(photographs.size(), commandLine().getErr())) {
      finder.failures().forEach(progress::error);
      run = new PhotographRun(segmenter, recipe, outputs, reader, files, progress);
      CountDownLatch stopped = new CountDownLatch(1);
      interruption.stops(
          () -> {
            run.stop();
            large.stop();
            stopped.countDown();
          });
      if (joined != null && force) {
        joined.clear();
      }
      if (watch) {
        WatchedFolders folders = new WatchedFolders(paths, output, outputs, progress::error);
        watch(folders, run, large, outputs, stopped);
      } else {
        run.process(photographs, Runtime.getRuntime().availableProcessors());
      }
    }
    large.process(run.takeLarge(), outputs);
    try (Progress progress = Progress.of(0, commandLine().getErr())) {
      if (joined != null) {
        if (interruption.exitStatus().isPresent()) {
          joined.postpone(outputs.products(), progress::error);
        } else {
          joined.join(outputs.products(), photographs, segmenter.model(), files, progress::error);
        }
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    int done = run.done() + large.done();
    int failed = run.failed() + large.failed() + finder.failures().size();
    int unwritten = joined == null ? 0 : joined.failed();
    int written = run.files() + large.done() + (joined == null ? 0 : joined.written());
    int kept = run.kept() + large.kept() + outputs.kept();
    if (toStandardOutput()) {
      return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
    String summary =
        String.format(
            Locale.ROOT,
            "%d segmented, %d skipped, %d failed%s; %d files written%s in %.1f s, %.2f photos/s",
            done,
            run.skipped() + large.kept(),
            failed,
            interruption.exitStatus().isPresent() ? ", the rest interrupted" : "",
            written,
            kept > 0 ? ", " + kept + " already there (--force overwrites them)," : "",
            seconds,
            done / seconds);
    commandLine().getOut().println(summary);
    return failed + unwritten == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** Segments photos as they appear, until told to stop. */
  private void watch(
      WatchedFolders folders,
      PhotographRun run,
      LargePictures large,
      Outputs outputs,
      CountDownLatch stopped)
      throws InterruptedException {
    PrintWriter out = commandLine().getOut();
    out.println("watching for photos until Ctrl-C");
    do {
      List<Photograph> photographs = folders.look();
      if (!photographs.isEmpty()) {
        run.process(photographs, Runtime.getRuntime().availableProcessors());
        large.process(run.takeLarge(), outputs);
        out.printf(
            "%d segmented, %d skipped, %d failed%n",
            run.done() + large.done(), run.skipped() + large.kept(), run.failed() + large.failed());
      }
    } while (!stopped.await(1, TimeUnit.SECONDS));
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
}
