package io.github.pixelwise.cli;

import io.github.pixelwise.Catalog;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.SegmenterBuilder;
import io.github.pixelwise.cli.internal.Interruption;
import io.github.pixelwise.server.SegmentationServer;
import io.github.pixelwise.server.ServerLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code segment serve}. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    header = "Segments photos that are sent over HTTP, and serves a page to try it.",
    description = {
      "",
      "Open http://localhost:8080/ in a browser, or send a photo:",
      "  curl --data-binary @cat.jpg localhost:8080/v1/segment -o cat.zip",
      "",
      "Only programs on this machine reach the server, unless --host says otherwise. In that case,"
          + " --token or --insecure is required. http://localhost:8080/docs describes all"
          + " requests.",
      "",
      "Ctrl-C finishes the requests in progress, for up to 20 seconds, and then stops; a second"
          + " Ctrl-C stops at once.",
      ""
    },
    footer = {
      "",
      "Exit status: 1 the model, the device, or the port failed; 2 the command line is wrong; 130"
          + " or 143 ended by Ctrl-C or SIGTERM.",
      "",
      "Examples:",
      "  segment serve",
      "  segment serve --port 9000 -m u2net -m deeplabv3_resnet50",
      "  segment serve -b onnx -b djl",
      "  segment serve --host 0.0.0.0 --token \"$(openssl rand -hex 16)\""
    })
final class ServeCommand implements Callable<Integer> {
  /** The environment variable for a token that other users of the machine must not see. */
  private static final String TOKEN_VARIABLE = "PIXELWISE_TOKEN";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port, 0 to 65535; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port = SegmentationServer.DEFAULT_PORT;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "The address to listen on (default: ${DEFAULT-VALUE}). 0.0.0.0 stands for all addresses.")
  private String host = SegmentationServer.DEFAULT_HOST;

  @Mixin private ServedModelOptions models = new ServedModelOptions();

  @Option(
      names = "--queue",
      paramLabel = "N",
      description =
          "How many requests may wait; others are told to try again (default: ${DEFAULT-VALUE}).")
  private int queue = ServerLimits.DEFAULT.queue();

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "How many photos are worked on at once (default: the processors, here ${DEFAULT-VALUE}).")
  private int workers = ServerLimits.DEFAULT.workers();

  @Option(
      names = "--max-bytes",
      paramLabel = "N",
      description = "The most bytes that a request may have (default: ${DEFAULT-VALUE}).")
  private int maxBytes = ServerLimits.DEFAULT.bytes();

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description =
          "The most pixels that a photo or background may have (default: ${DEFAULT-VALUE}).")
  private long maxPixels = ServerLimits.DEFAULT.pixels();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "How long a request may take from its last byte to its answer (default:"
              + " ${DEFAULT-VALUE}).")
  private int timeout = (int) ServerLimits.DEFAULT.time().toSeconds();

  @Option(
      names = "--transfer-timeout",
      paramLabel = "SECONDS",
      description =
          "How long a client may take to send a request, or to receive an answer, if it is slower"
              + " than 16 KiB a second (default: ${DEFAULT-VALUE}).")
  private int transferTimeout = (int) ServerLimits.DEFAULT.transfer().toSeconds();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "How many photos may go through the network at once, 1 to 256 (default: 8 on a GPU, 1"
              + " elsewhere, where more only cost time).")
  private int batch;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "The secret that clients must send, as 'Authorization: Bearer TOKEN'. Other users of this"
              + " machine can see it in the list of processes; the variable "
              + TOKEN_VARIABLE
              + " is safer.")
  private @Nullable String token = System.getenv(TOKEN_VARIABLE);

  @Option(
      names = "--insecure",
      description = "Serve anyone who can reach the server, without a token.")
  private boolean insecure;

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      description =
          "Let the pages of another origin use the server, for example https://example.org."
              + " Repeatable.")
  private List<String> origins = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    SegmentationServer.Builder server = server();
    List<SegmenterBuilder> builders = models.builders(Catalog.load());
    List<Segmenter> segmenters = new ArrayList<>();
    try (Interruption interruption =
        new Interruption(ServerLimits.DEFAULT.grace().plusSeconds(5))) {
      CountDownLatch stopped = new CountDownLatch(1);
      interruption.stops(stopped::countDown);
      try {
        for (SegmenterBuilder builder : builders) {
          Segmenter segmenter = models.open(builder, batch);
          segmenters.add(segmenter);
          server.segmenter(segmenter);
        }
        serve(server, stopped);
      } finally {
        segmenters.forEach(Segmenter::close);
      }
      return interruption.exitStatus().orElse(ExitCode.OK);
    }
  }

  private void serve(SegmentationServer.Builder builder, CountDownLatch stopped)
      throws IOException, InterruptedException {
    PrintWriter err = Objects.requireNonNull(spec, "injected by picocli").commandLine().getErr();
    try (SegmentationServer server = start(builder)) {
      err.println("segment: serving on " + server.uri() + " (Ctrl-C to stop)");
      err.flush();
      stopped.await();
      err.println("segment: stopping; waiting for the requests that have begun");
      err.flush();
    }
  }

  private SegmentationServer start(SegmentationServer.Builder builder) throws IOException {
    try {
      return builder.start();
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  private SegmentationServer.Builder server() {
    try {
      SegmentationServer.Builder server =
          SegmentationServer.builder()
              .host(host)
              .port(port)
              .limits(
                  ServerLimits.DEFAULT
                      .withQueue(queue)
                      .withWorkers(workers)
                      .withBytes(maxBytes)
                      .withPixels(maxPixels)
                      .withTime(Duration.ofSeconds(timeout))
                      .withTransfer(Duration.ofSeconds(transferTimeout)));
      if (batch < 0 || batch > 256) {
        throw new IllegalArgumentException("--batch must be 1 to 256, found " + batch);
      }
      if (token != null) {
        server.token(token);
      }
      if (insecure) {
        server.insecure();
      }
      origins.forEach(server::allowOrigin);
      return server;
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  private ParameterException wrong(IllegalArgumentException e) {
    return new ParameterException(
        Objects.requireNonNull(spec, "injected by picocli").commandLine(),
        String.valueOf(e.getMessage()));
  }
}
