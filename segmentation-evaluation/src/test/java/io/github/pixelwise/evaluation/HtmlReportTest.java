package io.github.pixelwise.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.ConfidenceMap;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.internal.ErrorMap;
import io.github.pixelwise.evaluation.internal.Example;
import io.github.pixelwise.evaluation.internal.HtmlReport;
import io.github.pixelwise.evaluation.internal.Rules;
import io.github.pixelwise.imaging.Images;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reads the page as XML, which finds each element that is not closed and each stray sign. */
class HtmlReportTest {
  private static final String EVIL = "</script><script>alert(\"1\" & '2')</script>";

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

  private static Example example(ImageResult result, CategoryMask truth, CategoryMask prediction) {
    byte[] rgb = new byte[truth.width() * truth.height() * 3];
    return new Example(
        result, Optional.of(RgbImage.of(truth.width(), truth.height(), rgb)), truth, prediction);
  }

  /** A report of everything, in which whatever has a name is called EVIL. */
  private static String evil() throws IOException {
    CategoryMask truth = Reports.mask(0, 0, 1, 255);
    CategoryMask prediction = Reports.mask(0, 1, 1, 0);
    ImageResult counted = Reports.image("x", truth, prediction, 2);
    ImageResult image =
        new ImageResult(
            EVIL,
            4,
            1,
            counted.cells(),
            Optional.of(BoundaryCounts.of(truth, prediction, 2, 255, OptionalInt.of(1))),
            Optional.of(
                Calibration.of(
                    truth, prediction, ConfidenceMap.of(4, 1, new byte[] {1, 2, 100, -1}), 255)));
    RunInfo info =
        new RunInfo(
            EVIL,
            1,
            EVIL,
            LabelMap.of(List.of(EVIL, "car\u0001")),
            Palette.voc(),
            "1",
            true,
            List.of(EVIL));
    return HtmlReport.of(
        new EvaluationReport(info, EmptyClasses.SKIP, List.of(image)),
        List.of(example(image, truth, prediction)));
  }

  @Test
  void isWellFormedAndEscapesEveryName() throws Exception {
    Document page = parse(evil());

    assertThat(elements(page, "script")).hasSize(1);
    assertThat(texts(page, "h1")).containsExactly(EVIL);
    assertThat(texts(page, "title")).contains(EVIL + ": evaluation of " + EVIL);
    assertThat(texts(page, "h3")).contains(EVIL);
    assertThat(texts(page, "li")).contains(EVIL);
    assertThat(elements(page, "img").get(0).getAttribute("alt")).isEqualTo("photograph of " + EVIL);
    assertThat(elements(page, "td").stream().map(cell -> cell.getAttribute("title")))
        .contains(EVIL + " as car\ufffd: 50.00 % (1 pixel)");
  }

  @Test
  void needsNothingFromTheNetwork() throws Exception {
    String html = evil();
    Document page = parse(html);

    assertThat(html).doesNotContain("http:", "https:", "src=\"/", "url(", "@import", "<link");
    assertThat(elements(page, "img"))
        .isNotEmpty()
        .allSatisfy(image -> assertThat(image.getAttribute("src")).startsWith("data:image/"));
    assertThat(elements(page, "meta").stream().map(meta -> meta.getAttribute("content")))
        .anyMatch(policy -> policy.startsWith("default-src 'none'; img-src data:;"));
  }

  @Test
  void showsNumbersWithTheirRules() throws Exception {
    Document page = parse(HtmlReport.of(Reports.tiny(), List.of()));

    assertThat(texts(page, "dt")).startsWith("Mean IoU", "Pixel accuracy");
    assertThat(texts(page, "dd")).startsWith("0.6250mean over classes (skip)");
    assertThat(texts(page, "li")).contains(Rules.of(EmptyClasses.SKIP), Rules.VOID);
    assertThat(elements(page, "svg")).isEmpty();
    assertThat(texts(page, "h2")).containsExactly("Numbers", "Classes", "Confusion");
  }

  @Test
  void headingsDoNotSkipALevel() throws Exception {
    Document page = parse(evil());

    assertThat(texts(page, "h2"))
        .containsExactly("Numbers", "Classes", "Confusion", "Calibration", "Worst photographs");
    assertThat(elements(page, "h1")).hasSize(1);
    assertThat(elements(page, "h4")).isEmpty();
  }

  @Test
  void shadesTheConfusionByShareOfTheTruth() throws Exception {
    Document page = parse(HtmlReport.of(Reports.tiny(), List.of()));

    assertThat(
            elements(page, "td").stream()
                .filter(cell -> cell.hasAttribute("title"))
                .map(
                    cell ->
                        cell.getAttribute("class")
                            + " "
                            + cell.getTextContent()
                            + " "
                            + cell.getAttribute("title")))
        .containsExactly(
            "r9 75 road as road: 75.00 % (3 pixels)",
            "w5 25 road as car: 25.00 % (1 pixel)",
            "r9 67 car as car: 66.67 % (2 pixels)",
            "w6 33 car as void: 33.33 % (1 pixel)");
  }

  @Test
  void hasRoomForManyClasses() throws Exception {
    int classes = 150;
    int[] truth = IntStream.range(0, classes).toArray();
    int[] prediction = IntStream.range(0, classes).map(i -> i * 7 % classes).toArray();
    EvaluationReport report =
        new EvaluationReport(
            new RunInfo(
                "scenes", 1, "x", LabelMap.ade20k(), Palette.ade20k(), "none", false, List.of()),
            EmptyClasses.SKIP,
            List.of(Reports.image("a", Reports.mask(truth), Reports.mask(prediction), classes)));

    Document page = parse(HtmlReport.of(report, List.of()));

    assertThat(elements(page, "table").stream().map(table -> table.getAttribute("class")))
        .contains("matrix dense");
  }

  @Test
  void shrinksPicturesAndSaysWhichPixelsAreRight() throws Exception {
    int[] truth = new int[1000 * 10];
    int[] prediction = new int[1000 * 10];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = i % 1000 < 500 ? 0 : i % 1000 < 750 ? 1 : 255;
    }
    CategoryMask truths = CategoryMask.copyOf(1000, 10, truth);
    CategoryMask predictions = CategoryMask.copyOf(1000, 10, prediction);
    ImageResult image = Reports.image("a", truths, predictions, 2);
    EvaluationReport report =
        new EvaluationReport(Reports.info(1, "road", "car"), EmptyClasses.SKIP, List.of(image));

    Document page = parse(HtmlReport.of(report, List.of(example(image, truths, predictions))));

    List<Element> pictures = elements(page, "img");
    assertThat(pictures).hasSize(4);
    RgbImage errors = decode(pictures.get(3));
    assertThat(errors.width()).isEqualTo(400);
    assertThat(errors.height()).isEqualTo(4);
    List<Integer> colors = new ArrayList<>();
    for (int x : new int[] {0, 199, 200, 299, 300, 399}) {
      colors.add(errors.rgb(x, 2));
    }
    assertThat(colors)
        .containsExactly(
            ErrorMap.RIGHT,
            ErrorMap.RIGHT,
            ErrorMap.WRONG,
            ErrorMap.WRONG,
            ErrorMap.VOID,
            ErrorMap.VOID);
    assertThat(decode(pictures.get(1)).rgb(250, 2)).isEqualTo(0xff0000);
    assertThat(decode(pictures.get(0)).width()).isEqualTo(400);
  }

  private static RgbImage decode(Element image) throws IOException {
    String uri = image.getAttribute("src");
    return Images.read(Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1)));
  }

  @Test
  void splitsExamplesAtTheMedianAndSortsThem() throws Exception {
    CategoryMask truth = Reports.mask(0, 0, 0, 0);
    List<ImageResult> images = new ArrayList<>();
    List<Example> examples = new ArrayList<>();
    for (int wrong : new int[] {2, 0, 3, 1}) {
      int[] categories = IntStream.range(0, 4).map(i -> i < wrong ? 1 : 0).toArray();
      CategoryMask prediction = Reports.mask(categories);
      images.add(Reports.image(wrong + " wrong", truth, prediction, 2));
      examples.add(example(images.get(images.size() - 1), truth, prediction));
    }

    Document page =
        parse(
            HtmlReport.of(
                new EvaluationReport(Reports.info(4, "road", "car"), EmptyClasses.SKIP, images),
                examples));

    assertThat(texts(page, "h2")).endsWith("Worst photographs", "Best photographs");
    assertThat(elements(page, "article").stream().map(a -> texts(a)))
        .containsExactly("3 wrong", "2 wrong", "0 wrong", "1 wrong");
  }

  private static String texts(Element article) {
    return article.getElementsByTagName("h3").item(0).getTextContent();
  }
}
