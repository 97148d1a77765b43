package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reads the page as XML, which finds each element that is not closed and each stray sign. */
class TrainingReportTest {
  private static final String EVIL = "</style><script>alert(\"1\" & '2')</script>";

  @TempDir Path folder;

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<Element> elements(Document page, String name) {
    NodeList nodes = page.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  private static List<String> texts(Document page, String name) {
    return elements(page, name).stream().map(Element::getTextContent).toList();
  }

  private TrainingReport report(LabelMap labels, String name, int predictions) throws IOException {
    SamplesTest.Half photo = new SamplesTest.Half(name, 30, 20);
    Samples samples = Samples.open(folder, List.of(photo), Palette.voc(), 0);
    for (int epoch = 1; epoch <= predictions; epoch++) {
      samples.add(epoch, 0, photo.truth());
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("optimizer", name);
    settings.put(name, "480x480");
    return new TrainingReport(name, name, settings, labels, Palette.voc(), samples);
  }

  private static EpochEntry validated(int epoch, double meanIou, Double... ious) {
    return new EpochEntry(
        epoch, 10L * epoch, 1.0 / epoch, 0.01, 12, 0.021, meanIou, 0.9, List.of(ious), 65);
  }

  private static EpochEntry skipped(int epoch) {
    return new EpochEntry(
        epoch, 10L * epoch, 1.0 / epoch, 0.01, 12, 0.021, Double.NaN, Double.NaN, List.of(), 60);
  }

  private static List<StepEntry> steps(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(step -> new StepEntry(step, (step + 9) / 10, 1.0 / step, 0.01))
        .toList();
  }

  @Test
  void isWellFormedAndEscapesEveryName() throws Exception {
    LabelMap labels = LabelMap.of(List.of(EVIL, "car\u0001"));

    Document page =
        parse(report(labels, EVIL, 1).html(List.of(validated(1, 0.5, 0.5, 0.5)), steps(10)));

    assertThat(elements(page, "script")).isEmpty();
    assertThat(texts(page, "title")).contains(EVIL + ": training on " + EVIL);
    assertThat(texts(page, "h1")).containsExactly(EVIL);
    assertThat(texts(page, "h3")).contains(EVIL);
    assertThat(texts(page, "th")).contains(EVIL, "car\ufffd");
    assertThat(texts(page, "dt")).contains(EVIL);
    assertThat(texts(page, "dd")).contains(EVIL);
    assertThat(elements(page, "img").get(0).getAttribute("alt")).isEqualTo("photo of " + EVIL);
  }

  @Test
  void needsNothingFromTheNetwork() throws Exception {
    LabelMap labels = LabelMap.of(List.of("road"));

    String html = report(labels, "x", 1).html(List.of(validated(1, 0.5, 0.5)), steps(10));

    assertThat(html).doesNotContain("http:", "https:", "src=\"/", "url(", "@import", "<link");
    assertThat(elements(parse(html), "img"))
        .hasSize(3)
        .allSatisfy(
            image -> assertThat(image.getAttribute("src")).startsWith("data:image/png;base64,"));
  }

  @Test
  void showsTheBestEpochAndTheLast() throws Exception {
    LabelMap labels = LabelMap.of(List.of("road", "car"));
    List<EpochEntry> epochs =
        List.of(
            validated(1, 0.3, 0.3, Double.NaN),
            validated(2, 0.7, 0.8, Double.NaN),
            validated(3, 0.7, 0.7, Double.NaN),
            validated(4, 0.6, 0.6, Double.NaN),
            skipped(5));

    Document page = parse(report(labels, "x", 4).html(epochs, steps(50)));

    assertThat(texts(page, "p")).contains("5 epochs, 50 steps, 2 classes");
    assertThat(texts(page, "dd"))
        .startsWith(
            "0.7000epoch 2",
            "0.6000epoch 4",
            "0.9000epoch 4",
            "0.2000mean of epoch 5",
            "5 min 20 sall epochs, with validation",
            "12.0photos per second; 2.1 % of epoch 5 spent waiting");
    assertThat(texts(page, "figcaption"))
        .endsWith("photo", "truth", "epoch 1", "epoch 2, best", "epoch 3", "epoch 4, last");
    assertThat(texts(page, "td")).startsWith("", "0.3000", "0.8000", "0.6000", "", "-", "-", "-");
    assertThat(texts(page, "th")).contains("2 (best)", "3");
  }

  @Test
  void joinsValidationsAcrossEpochsWithoutOne() throws Exception {
    LabelMap labels = LabelMap.of(List.of("road"));
    List<EpochEntry> epochs = new ArrayList<>();
    for (int epoch = 1; epoch <= 6; epoch++) {
      epochs.add(epoch % 2 == 0 ? validated(epoch, 0.1 * epoch, 0.1 * epoch) : skipped(epoch));
    }

    Document page = parse(report(labels, "x", 0).html(epochs, List.of()));

    assertThat(
            elements(page, "path").stream()
                .filter(path -> path.getAttribute("class").equals("strong"))
                .map(path -> path.getAttribute("d")))
        .hasSize(5)
        .allSatisfy(path -> assertThat(path).containsOnlyOnce("M"));
    assertThat(texts(page, "h2"))
        .containsExactly("Numbers", "Curves", "Classes", "Settings", "Epochs");
  }

  @Test
  void canBeWrittenBeforeTheFirstEpochIsComplete() throws Exception {
    LabelMap labels = LabelMap.of(List.of("road"));

    assertThat(texts(parse(report(labels, "x", 0).html(List.of(), List.of())), "p"))
        .contains("No epoch is complete yet.", "0 epochs, 0 steps, 1 class");

    Document page = parse(report(labels, "x", 0).html(List.of(), steps(7)));

    assertThat(texts(page, "h3")).containsExactly("Loss", "Learning rate");
    assertThat(texts(page, "text")).contains("step");
  }

  @Test
  void hasRoomForManyClassesEpochsAndSteps() throws Exception {
    List<EpochEntry> epochs =
        IntStream.rangeClosed(1, 300)
            .mapToObj(
                epoch ->
                    new EpochEntry(
                        epoch,
                        10L * epoch,
                        1,
                        0.01,
                        12,
                        0,
                        0.5,
                        0.9,
                        Collections.nCopies(150, epoch / 300.0),
                        60))
            .toList();

    String html = report(LabelMap.ade20k(), "x", 30).html(epochs, steps(100_000));

    assertThat(html.length()).isLessThan(600_000);
    assertThat(elements(parse(html), "svg")).hasSize(154);
    assertThat(elements(parse(html), "img")).hasSize(2 + 5);
  }

  @Test
  void writesTheSameBytesAgain() throws Exception {
    LabelMap labels = LabelMap.of(List.of("road"));
    TrainingReport report = report(labels, "x", 1);
    Path file = folder.resolve("report.html");
    try (TrainingLog log = TrainingLog.create(folder, labels.names())) {
      for (StepEntry step : steps(10)) {
        log.add(step);
      }
      log.add(validated(1, 0.5, 0.5));
      report.write(folder, log);
    }
    byte[] first = Files.readAllBytes(file);

    try (TrainingLog log = TrainingLog.resume(folder, labels.names(), 1, 10)) {
      report(labels, "x", 1).write(folder, log);
    }

    assertThat(file).hasBinaryContent(first);
  }
}
