package io.github.pixelwise.djl;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.spi.Availability;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds and starts the backend in a JVM, and prints what happens. */
final class StartProbe {
  private static final AtomicInteger CONNECTIONS = new AtomicInteger();

  private StartProbe() {}

  public static void main(String[] args) {
    URL.setURLStreamHandlerFactory(protocol -> protocol.startsWith("http") ? new Refusal() : null);
    BackendProvider backend =
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.name().equals("djl"))
            .findFirst()
            .orElseThrow();
    System.out.println(
        "found: %s %d %s".formatted(backend.name(), backend.priority(), backend.formats()));
    Availability availability = backend.availability();
    if (availability.available()) {
      System.out.println("available: " + availability);
      open(backend, 1, "asked for 1 thread");
      open(backend, 3, "asked for 3 threads");
    } else {
      System.out.println("unavailable: " + availability.reason());
    }
    for (String property :
        List.of(
            "ai.djl.offline",
            "OPT_OUT_TRACKING",
            "ai.djl.pytorch.graph_optimizer",
            "ENGINE_CACHE_DIR")) {
      System.out.println(property + "=" + System.getProperty(property));
    }
    System.out.println("connections: " + CONNECTIONS);
  }

  private static void open(BackendProvider backend, int threads, String asked) {
    Path file = Path.of("src/test/resources/io/github/pixelwise/djl/unnamed.pt");
    ModelCard card =
        ModelCard.builder(
                "probe",
                InputSpec.builder("", SizeRule.fixed(1, 1)).build(),
                OutputSpec.logits("", 1),
                LabelMap.voc())
            .file(ModelFormat.TORCHSCRIPT, file)
            .build();
    BackendContext context =
        BackendContext.builder(backend, card, ModelFormat.TORCHSCRIPT, file)
            .threads(threads)
            .build();
    try (InferenceSession session = backend.open(context)) {
      System.out.println(asked + ": " + session.runtime().reason());
    }
  }

  /** Refuses network connections and counts them. */
  private static final class Refusal extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      CONNECTIONS.incrementAndGet();
      throw new IOException("no connections");
    }

    @Override
    protected URLConnection openConnection(URL url, Proxy proxy) throws IOException {
      return openConnection(url);
    }
  }
}
