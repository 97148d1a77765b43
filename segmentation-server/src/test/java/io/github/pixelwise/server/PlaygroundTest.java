package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** What the page shows of a photo. */
@ExtendWith(BrowserExtension.class)
class PlaygroundTest {
  private static final String TINT = "#frame-a canvas.tint";
  private static final String CUTOUT = "#frame-a canvas.cutout";

  private final Browser browser;
  private final SegmentationServer server;

  PlaygroundTest(Browser browser, SegmentationServer server) {
    this.browser = browser;
    this.server = server;
  }

  @BeforeEach
  void open() {
    browser.open(server.uri());
  }

  private List<String> legend() {
    return browser.driver().findElements(Browser.css("#legend li")).stream()
        .filter(WebElement::isDisplayed)
        .map(item -> item.getText().replaceAll("\\s+", " "))
        .toList();
  }

  private String spoken() {
    return browser.text("document.getElementById('spoken').textContent").replace('\u00a0', ' ');
  }

  private String tip() {
    return browser
        .text("document.querySelector('#frame-a .tip').textContent")
        .replace('\u00a0', ' ');
  }

  @Test
  void listsTheClassesOfASampleWithTheirShares() {
    browser.openSample("chelsea.png");

    assertThat(legend()).containsExactly("cat 87 %", "background 13 %");
  }

  @Test
  void tintsPixelsInTheColorOfTheirClass() {
    browser.openSample("chelsea.png");

    assertThat(browser.pixel(TINT, 200, 150)).isEqualTo(List.of(64L, 0L, 0L, 128L));
  }

  @Test
  void opensAPhotoThatIsChosen() {
    browser.upload("file", Browser.PHOTOS.resolve("astronaut.png"));
    browser.awaitResult("astronaut.png");

    assertThat(legend()).contains("person 43 %");
  }

  @Test
  void opensAPhotoThatIsDropped() throws IOException {
    browser.hand("drop", "dropped.png", Files.readAllBytes(Browser.CAT));
    browser.awaitResult("dropped.png");

    assertThat(legend()).contains("cat 87 %");
  }

  @Test
  void showsWhereToDropWhileAPhotoIsDragged() {
    browser.hand("dragenter", "dragged.png", new byte[0]);
    boolean over = browser.find(".drop-here").isDisplayed();
    browser.hand("dragleave", "dragged.png", new byte[0]);

    assertThat(List.of(over, browser.find(".drop-here").isDisplayed()))
        .containsExactly(true, false);
  }

  @Test
  void opensAPhotoThatIsPasted() throws IOException {
    browser.hand("paste", "pasted.png", Files.readAllBytes(Browser.CAT));
    browser.awaitResult("pasted.png");

    assertThat(legend()).contains("cat 87 %");
  }

  @Test
  void opensAPhotoThatTheCameraTakes() {
    browser.click("#camera");
    browser.await("document.getElementById('video').videoWidth > 0");
    browser.click("#shoot");
    browser.awaitResult("camera.jpg");

    assertThat(browser.find("#camera-dialog").isDisplayed()).isFalse();
  }

  @Test
  void tellsTheClassUnderTheMouse() {
    browser.openSample("chelsea.png");
    new Actions(browser.driver()).moveToElement(browser.find("#frame-a .surface")).perform();

    assertThat(tip()).matches("cat: 87 % of the photo, confidence \\d+ %");
  }

  @Test
  void saysTheClassAtTheCrosshairThatArrowKeysMove() {
    browser.openSample("chelsea.png");
    browser.script("document.querySelector('#frame-a .surface').focus()");
    browser.press(Keys.ARROW_RIGHT);

    assertThat(spoken()).matches("cat: 87 % of the photo, confidence \\d+ %");
  }

  @Test
  void hidesAClassThatIsSwitchedOff() {
    browser.openSample("chelsea.png");
    browser.click("#legend input");
    browser.settle();

    assertThat(browser.pixel(TINT, 200, 150)).isEqualTo(List.of(0L, 0L, 0L, 0L));
  }

  @Test
  void takesTheClassFromPixelsBelowTheThreshold() {
    browser.openSample("chelsea.png");
    browser.set("threshold", 0.9);

    assertThat(legend()).anyMatch(row -> row.startsWith("No class"));
  }

  @Test
  void mergesSmallRegionsIntoTheirSurroundings() {
    browser.openSample("astronaut.png");
    browser.set("region", 100);

    assertThat(legend()).contains("bottle 0 %");
  }

  @Test
  void tintsAsOpaquelyAsTheSliderSays() {
    browser.openSample("chelsea.png");
    browser.set("opacity", 100);

    assertThat(browser.pixel(TINT, 200, 150)).isEqualTo(List.of(64L, 0L, 0L, 255L));
  }

  @Test
  void drawsOutlines() {
    browser.openSample("chelsea.png");
    long without = browser.shown(TINT);
    browser.click("#outline");
    browser.settle();

    assertThat(browser.shown(TINT)).isNotEqualTo(without);
  }

  @Test
  void sendsNothingWhenASliderMovesInAPhotoOf24Megapixels(@TempDir Path folder) throws IOException {
    Path photo = Files.write(folder.resolve("large.jpg"), Browser.cat(6000, 4000, "jpg"));
    browser.upload("file", photo);
    browser.awaitResult("large.jpg");
    long requests = browser.requests();
    long before = browser.shown(TINT);

    browser.set("threshold", 0.85);
    long decided = browser.shown(TINT);
    browser.set("region", 70);

    assertThat(decided).isNotEqualTo(before);
    assertThat(browser.requests()).isEqualTo(requests);
  }

  @Test
  void movesTheDividerBetweenBeforeAndAfterWithKeys() {
    browser.openSample("chelsea.png");
    browser.click("#divide");
    browser.find(".divider").sendKeys(Keys.ARROW_RIGHT);

    assertThat(browser.find("#frame-a .after").getCssValue("clip-path")).contains("52%");
  }

  @Test
  void movesTheDividerBetweenBeforeAndAfterByDragging() {
    browser.openSample("chelsea.png");
    browser.click("#divide");
    int width = browser.find("#frame-a .picture").getSize().width;
    new Actions(browser.driver()).dragAndDropBy(browser.find(".divider"), width / 4, 0).perform();

    String value = browser.find(".divider").getDomAttribute("aria-valuenow");
    assertThat(Integer.parseInt(String.valueOf(value))).isCloseTo(75, within(1));
  }

  @Test
  void keepsWhatIsSwitchedOnInTheCutout() {
    browser.openSample("chelsea.png");
    browser.choose("view", "cutout");
    browser.settle();

    assertThat((List<?>) browser.pixel(CUTOUT, 200, 150)).last().isEqualTo(255L);
    assertThat((List<?>) browser.pixel(CUTOUT, 448, 2)).last().isEqualTo(0L);
  }

  @Test
  void putsTheCutoutOnAColor() {
    browser.openSample("chelsea.png");
    browser.choose("view", "cutout");
    browser.choose("background", "color");
    browser.set("color", "#00ff00");

    String color = browser.find(".backdrop").getCssValue("background-color");
    assertThat(color).contains("0, 255, 0");
  }

  @Test
  void putsTheCutoutOnAPicture() {
    browser.openSample("chelsea.png");
    browser.choose("view", "cutout");
    browser.choose("background", "picture");
    browser.upload("picture", Browser.PHOTOS.resolve("camera.png"));
    browser.await("document.querySelector('.backdrop canvas')?.width === 512");

    assertThat(browser.find("#picture-name").getText()).isEqualTo("camera.png");
  }

  @Test
  void blursTheBackgroundOfTheCutout() {
    browser.openSample("chelsea.png");
    browser.choose("view", "cutout");
    browser.choose("background", "blur");
    browser.set("blur", 20);

    assertThat(browser.find(".backdrop .blurred").getCssValue("filter")).startsWith("blur(");
    assertThat(browser.find("#code").getText()).contains("--background blur:20");
  }

  @Test
  void showsTwoModelsSideBySideAndInWhichPixelsTheyDiffer() {
    browser.openSample("chelsea.png");
    browser.script("document.getElementById('other').value = '2'");
    browser.choose("view", "compare");
    browser.await("document.getElementById('differing').textContent");
    browser.settle();
    long highlighted = browser.shown("#frame-b canvas.tint");
    browser.click("#highlight");
    browser.settle();

    assertThat(browser.find("#differing").getText())
        .matches("[\\d,]+ pixels differ, .* of the photo.");
    assertThat(browser.shown("#frame-b canvas.tint")).isNotEqualTo(highlighted);
  }

  @Test
  void showsHowLongEachStepTook() {
    browser.openSample("chelsea.png");

    assertThat(browser.find("#timings").getText())
        .contains("Sending the photo", "Network", "Making the mask", "In all");
  }

  @Test
  void showsAPhotoThatTheBrowserCannotReadAsTheServerSeesIt(@TempDir Path folder)
      throws IOException {
    Path photo = Files.write(folder.resolve("scan.tif"), Browser.cat(451, 300, "tiff"));
    browser.upload("file", photo);
    browser.awaitResult("scan.tif");

    assertThat((List<?>) browser.pixel("#frame-a canvas.photo", 200, 150))
        .isNotEqualTo(List.of(0L, 0L, 0L, 0L));
    assertThat(legend()).contains("cat 87 %");
  }

  @Test
  void showsAPhotoUprightThatItsCameraTurned(@TempDir Path folder) throws IOException {
    Path photo = Files.write(folder.resolve("turned.jpg"), turned(Browser.cat(600, 400, "jpg")));
    browser.upload("file", photo);
    browser.awaitResult("turned.jpg");

    assertThat(browser.number("document.querySelector('#frame-a canvas.photo').width"))
        .isEqualTo(400);
    assertThat(browser.requests()).isEqualTo(1);
  }

  /** A JPEG with an EXIF segment that says that its right side is up. */
  private static byte[] turned(byte[] jpeg) throws IOException {
    byte[] exif = {
      (byte) 0xff,
      (byte) 0xe1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      0x01,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0
    };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.write(exif);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }
}
