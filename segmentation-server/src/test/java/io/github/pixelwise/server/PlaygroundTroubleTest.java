package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.OutputSpec;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** What the page says and does when something goes wrong, or takes long. */
@ExtendWith(BrowserExtension.class)
class PlaygroundTroubleTest {
  private static final ServerLimits LIMITS = ServerLimits.DEFAULT.withGrace(Duration.ofMillis(100));

  private final Browser browser;
  private final Segmenter segmenter;
  private final BrowserGate gate;
  private @Nullable SegmentationServer server;

  PlaygroundTroubleTest(Browser browser, Segmenter segmenter) {
    this.browser = browser;
    this.segmenter = segmenter;
    gate = new BrowserGate(segmenter);
  }

  @AfterEach
  void stop() {
    gate.passes().release(100);
    if (server != null) {
      server.close();
    }
  }

  /** Starts a server of this test alone, and opens its page. */
  private SegmentationServer serve(ServerLimits limits) throws IOException {
    return serve(SegmentationServer.builder().segmenter(gate).limits(limits));
  }

  private SegmentationServer serve(SegmentationServer.Builder builder) throws IOException {
    SegmentationServer started = builder.port(0).start();
    server = started;
    browser.visit(started.uri());
    return started;
  }

  private void dropCat(String name) throws IOException {
    browser.hand("drop", name, Browser.cat(60, 40, "png"));
  }

  @Test
  void showsWhatTheServerSaysOfABrokenFile() throws IOException {
    serve(LIMITS);
    browser.hand("drop", "broken.jpg", "no photo".getBytes(StandardCharsets.UTF_8));
    browser.await("document.querySelector('#alert p')");

    assertThat(browser.alert()).startsWith("broken.jpg: ").contains("not a supported format");
  }

  @Test
  void leavesTheFocusWhereItIsWhenSomethingFails() throws IOException {
    serve(LIMITS);
    browser.script("document.getElementById('model').focus()");
    browser.hand("drop", "broken.jpg", "no photo".getBytes(StandardCharsets.UTF_8));
    browser.await("document.querySelector('#alert p')");

    assertThat(browser.text("document.activeElement.id")).isEqualTo("model");
  }

  @Test
  void opensAGoodPhotoAfterABrokenOne() throws IOException {
    serve(LIMITS);
    gate.passes().release(1);
    browser.hand("drop", "broken.jpg", "no photo".getBytes(StandardCharsets.UTF_8));
    browser.await("document.querySelector('#alert p')");
    dropCat("good.png");
    browser.awaitResult("good.png");

    assertThat(browser.alert()).isEmpty();
  }

  @Test
  void refusesAFileThatIsTooLargeWithoutSendingIt() throws IOException {
    serve(LIMITS.withBytes(1000));
    browser.hand("drop", "large.png", new byte[1500]);
    browser.await("document.querySelector('#alert p')");

    assertThat(browser.alert().replace('\u00a0', ' '))
        .isEqualTo(
            "large.png has 2 kB, but this server takes up to 1 kB. Save it smaller, or as JPEG.");
    assertThat(browser.requests()).isZero();
  }

  @Test
  void refusesAPhotoWithTooManyPixelsWithoutSendingIt() throws IOException {
    serve(LIMITS.withPixels(1000));
    dropCat("large.png");
    browser.await("document.querySelector('#alert p')");

    assertThat(browser.alert())
        .isEqualTo(
            "large.png has 2,400 pixels, but this server takes up to 1,000. Make it smaller.");
    assertThat(browser.requests()).isZero();
  }

  @Test
  void goesOnWithThePhotoInHandWhenTheServerIsBack() throws IOException {
    SegmentationServer gone = serve(LIMITS);
    browser.await("document.getElementById('model').options.length > 0");
    int port = gone.port();
    gone.close();
    gate.passes().release(10);
    dropCat("patient.png");
    browser.await(
        "document.getElementById('status').textContent.startsWith('The server does not answer.')");

    server = SegmentationServer.builder().segmenter(gate).limits(LIMITS).port(port).start();
    browser.awaitResult("patient.png");

    assertThat(browser.alert()).isEmpty();
  }

  /** Opens the page; the first of its workers look for a script that the server does not have. */
  private void serveWithoutScriptsFor(int workers) throws IOException {
    SegmentationServer started =
        SegmentationServer.builder().segmenter(gate).limits(LIMITS).port(0).start();
    server = started;
    browser.visit(
        started.uri(),
        """
        let without = %d;
        window.failed = 0;
        window.Worker = class extends Worker {
          constructor(url, options) {
            super(without-- > 0 ? '/gone.js' : url, options);
            this.addEventListener('error', () => window.failed++);
          }
        };
        """
            .formatted(workers));
    browser.await("window.failed === 2");
  }

  @Test
  void startsWorkersAgainWhoseScriptsDidNotLoad() throws IOException {
    serveWithoutScriptsFor(2);
    gate.passes().release(1);
    dropCat("patient.png");
    browser.awaitResult("patient.png");

    assertThat(browser.alert()).isEmpty();
  }

  @Test
  void offersToTryAgainWhenAWorkersScriptDoesNotLoad() throws IOException {
    serveWithoutScriptsFor(3);
    gate.passes().release(2);
    dropCat("patient.png");
    browser.await("document.querySelector('#alert p')");
    String alert = browser.alert();
    browser.click("#alert button");
    browser.awaitResult("patient.png");

    assertThat(alert).isEqualTo("A part of this page did not load.");
  }

  @Test
  void asksForATokenUntilItIsRight() throws IOException {
    serve(SegmentationServer.builder().segmenter(gate).token("open-sesame"));
    gate.passes().release(1);
    for (String token : new String[] {"wrong", "open-sesame"}) {
      browser.await("document.getElementById('token-dialog').open");
      browser.press(token, Keys.ENTER);
    }
    browser.await("document.getElementById('model').options.length > 0");
    dropCat("secret.png");
    browser.awaitResult("secret.png");

    assertThat(browser.text("sessionStorage.getItem('pixelwise.token')")).isEqualTo("open-sesame");
  }

  @Test
  void saysThatTheServerIsBusyAndTriesAgain() throws Exception {
    Client client = new Client(serve(LIMITS.withWorkers(1).withQueue(1)));
    CompletableFuture<?> working = send(client);
    gate.begun().acquire();
    CompletableFuture<?> queued = send(client);
    while (!new String(client.get("/metrics").body(), StandardCharsets.UTF_8)
        .contains("pixelwise_server_waiting 1.0")) {
      Thread.onSpinWait();
    }
    dropCat("third.png");
    browser.await(
        "document.getElementById('status').textContent.startsWith('The server is busy. Trying again"
            + " in')");
    gate.passes().release(100);
    CompletableFuture.allOf(working, queued).join();
    browser.awaitResult("third.png");

    assertThat(browser.alert()).isEmpty();
  }

  private static CompletableFuture<?> send(Client client) throws IOException {
    return HttpClient.newHttpClient()
        .sendAsync(
            client.post("/v1/segment?write=json", Client.cat()).build(), BodyHandlers.discarding());
  }

  @Test
  void givesUpAPhotoForANewOne() throws Exception {
    serve(LIMITS);
    dropCat("first.png");
    gate.begun().acquire();
    dropCat("second.png");
    gate.passes().release(2);
    browser.awaitResult("second.png");

    assertThat(browser.text("document.querySelector('.surface').ariaLabel")).contains("second.png");
    assertThat(browser.alert()).isEmpty();
  }

  @Test
  void cancelsARequest() throws Exception {
    serve(LIMITS);
    dropCat("slow.png");
    gate.begun().acquire();
    browser.click("#cancel");
    browser.await("document.getElementById('status').textContent === 'Canceled.'");

    assertThat(browser.find("#cancel").isDisplayed()).isFalse();
  }

  @Test
  void saysHowToServeMoreModelsIfThereIsOnlyOne() throws IOException {
    serve(LIMITS);
    gate.passes().release(1);
    dropCat("alone.png");
    browser.awaitResult("alone.png");
    browser.choose("view", "compare");

    assertThat(browser.find("#alone").getText()).contains("./segment serve -m A -m B");
  }

  @Test
  void saysWhyAModelWithoutProbabilitiesHasNoThresholds() throws IOException {
    ModelCard card = segmenter.model();
    OutputSpec output = card.output().withKind(OutputKind.CATEGORIES);
    BrowserGate categories = new BrowserGate(segmenter, card.toBuilder().output(output).build());
    categories.passes().release(1);
    serve(SegmentationServer.builder().segmenter(categories));
    dropCat("unsure.png");
    browser.awaitResult("unsure.png");

    assertThat(browser.find("#threshold").isEnabled()).isFalse();
    assertThat(browser.find("#threshold-help").getText())
        .isEqualTo("This model gives classes without probabilities, so it has no thresholds.");
  }

  @Test
  void loadsNothingFromElsewhere() throws IOException {
    serve(LIMITS);
    gate.passes().release(1);
    dropCat("local.png");
    browser.awaitResult("local.png");

    assertThat(
            browser.script(
                "return performance.getEntriesByType('resource').map(e => e.name).filter(name =>"
                    + " !name.startsWith(location.origin) && !name.startsWith('blob:'))"))
        .isEqualTo(List.of());
  }
}
