package io.github.pixelwise.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a browser and a server with three models to choose from, the same for all classes.
 * Skips them if there is no Chromium.
 */
final class BrowserExtension implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace SPACE =
      ExtensionContext.Namespace.create(BrowserExtension.class);

  /** What is open until all tests are over. */
  private static final class Site implements AutoCloseable {
    final Browser browser;
    final Segmenter segmenter = Segmenter.builder().backend("onnx").open();
    final List<Segmenter> others;
    final SegmentationServer server;

    Site() {
      try {
        browser = Browser.start(Files.createTempDirectory("downloads"));
        others =
            List.of(
                Segmenter.builder().backend("opencv-dnn").open(),
                Segmenter.builder().model(coarse(segmenter.model())).backend("onnx").open());
        SegmentationServer.Builder builder =
            SegmentationServer.builder().port(0).segmenter(segmenter);
        others.forEach(builder::segmenter);
        server = builder.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The same network, which sees photos at half the size. */
    private static ModelCard coarse(ModelCard card) {
      return ModelCard.builder("coarse", card.input().scaled(0.5), card.output(), card.labels())
          .files(card.files())
          .palette(card.palette())
          .build();
    }

    @Override
    public void close() throws IOException {
      browser.close();
      server.close();
      segmenter.close();
      others.forEach(Segmenter::close);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    assumeTrue(
        Browser.programs().isPresent(),
        "skipped: no Chromium. Install chromium and chromedriver, or set the system properties"
            + " pixelwise.chromium and pixelwise.chromedriver to their paths");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Browser.class || type == SegmentationServer.class || type == Segmenter.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Site site =
        context
            .getRoot()
            .getStore(SPACE)
            .computeIfAbsent(Site.class, key -> new Site(), Site.class);
    Class<?> type = parameter.getParameter().getType();
    if (type == Browser.class) {
      return site.browser;
    }
    return type == Segmenter.class ? site.segmenter : site.server;
  }
}
