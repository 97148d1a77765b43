package io.github.pixelwise.cli;

import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.cli.internal.Interruption;
import io.github.pixelwise.cli.internal.Progress;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.zoo.FetchProgress;
import io.github.pixelwise.zoo.Zoo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segment models fetch}. */
@Command(
    name = "fetch",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Downloads published models, which you can then open by name.",
    description = {
      "",
      "Downloads a model's files over HTTPS, compares them with the published sizes and hashes, and"
          + " puts them into the cache: the folder zoo (hub for models from the Hugging Face Hub)"
          + " in -Dpixelwise.cache, PIXELWISE_CACHE, or ~/.cache/pixelwise. You can copy that"
          + " folder to a host without a network. A model that is already in the cache is not"
          + " fetched again unless it is damaged. The license is shown before the download.",
      "",
      "From the Hub, only config.json, preprocessor_config.json, one ONNX network and its external"
          + " data, or, if there is no ONNX file, model.safetensors or else pytorch_model.bin, are"
          + " downloaded. A revision is a branch, a tag, or a commit, and stays the commit that it"
          + " was when you first fetched it. Then open the model: 'segment run photo.jpg -m"
          + " hf:OWNER/NAME'.",
      "",
      "To download from a mirror, set PIXELWISE_ZOO_MIRROR (for the Hub: HF_ENDPOINT) to its"
          + " address. HF_TOKEN is a token for repositories that need a login.",
      ""
    },
    footer = {
      "",
      "Exit status: 0 all models are in the cache; 1 a model could not be fetched, and later ones"
          + " were not tried; 2 the command line is wrong, and nothing was done.",
      "",
      "Examples:",
      "  segment models fetch deeplabv3-resnet101",
      "  segment models fetch hf:Xenova/segformer-b0-finetuned-ade-512-512 --file"
          + " onnx/model_quantized.onnx"
    })
final class FetchCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME",
      description =
          "Names of models: see 'segment models', or hf:OWNER/NAME[@REVISION] on the Hugging Face"
              + " Hub.")
  private List<String> names = List.of();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Use this copy of the published file instead of downloading it.")
  private @Nullable Path file;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description =
          "The ONNX network to use of a model on the Hub (default: onnx/model.onnx, model.onnx, or"
              + " the only one there). Open it with 'hf:OWNER/NAME/PATH'.")
  private @Nullable String network;

  @Override
  public Integer call() throws IOException {
    CommandLine commandLine = Objects.requireNonNull(spec, "injected by picocli").commandLine();
    List<String> wanted = names.stream().distinct().toList();
    if (file != null && (wanted.size() > 1 || isOnHub(wanted.get(0)))) {
      throw new ParameterException(
          commandLine,
          "--from is the file of one model%s, found %s"
              .formatted(
                  wanted.size() > 1 ? "" : " that is not on the Hub", String.join(", ", names)));
    }
    if (network != null) {
      if (wanted.size() > 1 || !isOnHub(wanted.get(0))) {
        throw new ParameterException(
            commandLine,
            "--file works with one hf:OWNER/NAME model, found " + String.join(", ", names));
      }
      if (wanted.get(0).endsWith(".onnx")) {
        throw new ParameterException(
            commandLine,
            "%s names a network, and so does --file %s; use one or the other"
                .formatted(wanted.get(0), network));
      }
      wanted = List.of(wanted.get(0) + "/" + network);
    }
    wanted.forEach(FetchCommand::requireName);
    try (Interruption interruption = new Interruption()) {
      interruption.stops(Thread.currentThread()::interrupt);
      try {
        for (String name : wanted) {
          ModelCard model = fetch(name, commandLine);
          Path folder = Path.of(model.files().get(0).location()).getParent();
          commandLine.getOut().println(name + " is in " + folder);
        }
      } catch (InterruptedIOException e) {
        commandLine.getErr().println("segment: " + e.getMessage());
        return interruption.exitStatus().orElse(ExitCode.SOFTWARE);
      }
    }
    return ExitCode.OK;
  }

  private static boolean isOnHub(String name) {
    return name.startsWith(ModelOptions.HUB);
  }

  private static void requireName(String name) {
    if (!isOnHub(name)) {
      Zoo.entry(name);
      return;
    }
    try {
      Zoo.fetched(name);
    } catch (ModelLoadException e) {
      // A name, but of a damaged model, which will be fetched again.
    }
  }

  private ModelCard fetch(String name, CommandLine commandLine) throws IOException {
    try (Announced progress = new Announced(name, commandLine)) {
      return file == null ? Zoo.fetch(name, progress) : Zoo.fetch(name, file, progress);
    }
  }

  /** Says what is downloaded and under which license, and shows it in a progress bar. */
  private static final class Announced implements FetchProgress, AutoCloseable {
    private final String name;
    private final CommandLine commandLine;
    private @Nullable Progress bar;

    Announced(String name, CommandLine commandLine) {
      this.name = name;
      this.commandLine = commandLine;
    }

    @Override
    public void starting(URI source, String license, long bytes) {
      close();
      commandLine
          .getOut()
          .printf(
              Locale.ROOT,
              "%s: license %s, %.1f MB from %s%n",
              name,
              license.isEmpty() ? "not stated" : license,
              bytes / 1e6,
              source);
      bar = Progress.ofBytes(name, bytes, commandLine.getErr());
    }

    @Override
    public void at(Phase phase, long done, OptionalLong total) {
      if (bar == null) {
        bar = Progress.ofBytes(name, total.orElse(-1), commandLine.getErr());
      }
      shown(bar).at(phase, done, total);
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }

  /** Shows a download in a progress bar. */
  static FetchProgress shown(Progress progress) {
    return (phase, done, total) -> {
      switch (phase) {
        case DOWNLOADING, CHECKING -> progress.to(done, total);
        case WAITING -> progress.waits("the server asks for it, or another process is fetching");
        case CONVERTING -> progress.says("converting");
      }
    };
  }
}
