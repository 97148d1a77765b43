package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** That everyone can use the page: with a keyboard, a screen reader, a phone, at night. */
@ExtendWith(BrowserExtension.class)
class PlaygroundAccessTest {
  private static final Path PICTURES = Path.of("target/playground");
  private static final List<Integer> WIDTHS = List.of(360, 800, 1400);

  private final Browser browser;
  private final SegmentationServer server;

  PlaygroundAccessTest(Browser browser, SegmentationServer server) {
    this.browser = browser;
    this.server = server;
  }

  @AfterEach
  void reset() {
    browser.prefer("prefers-color-scheme", "light");
  }

  private void show(String state) {
    browser.open(server.uri());
    switch (state) {
      case "empty" -> {}
      case "error" -> {
        browser.hand("drop", "broken.jpg", new byte[] {1, 2, 3});
        browser.await("document.querySelector('#alert p')");
      }
      case "compare" -> {
        browser.openSample("astronaut.png");
        browser.script("document.getElementById('other').value = '2'");
        browser.choose("view", "compare");
        browser.await("document.getElementById('differing').textContent");
        browser.settle();
      }
      case "cutout" -> {
        browser.openSample("astronaut.png");
        browser.choose("view", "cutout");
        browser.choose("background", "blur");
        browser.click("#divide");
        browser.settle();
      }
      default -> browser.openSample("astronaut.png");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty", "result", "cutout", "compare", "error"})
  void hasNoSeriousFindingsOfAxe(String state) {
    show(state);
    Object inLight = browser.seriousFindings();
    browser.prefer("prefers-color-scheme", "dark");
    Object inDark = browser.seriousFindings();

    assertThat(List.of(inLight, inDark)).isEqualTo(List.of(List.of(), List.of()));
  }

  /** The pictures are for people to look at. */
  @ParameterizedTest
  @ValueSource(strings = {"empty", "result", "cutout", "compare", "error"})
  void isNeverWiderThanTheWindow(String state) throws IOException {
    show(state);
    for (String scheme : List.of("light", "dark")) {
      browser.prefer("prefers-color-scheme", scheme);
      for (int width : WIDTHS) {
        browser.size(width, 900);
        browser.photograph(PICTURES.resolve("%s-%s-%d.png".formatted(state, scheme, width)));
        assertThat(browser.number("document.documentElement.scrollWidth"))
            .as("%s, %d pixels wide", scheme, width)
            .isLessThanOrEqualTo(width);
      }
    }
  }

  @Test
  void canBeUsedWithTheKeyboardAlone() {
    browser.open(server.uri());
    browser.tabTo("[data-sample='chelsea.png']");
    browser.press(Keys.ENTER);
    browser.awaitResult("chelsea.png");
    browser.tabTo("input[name='view']");
    browser.press(Keys.ARROW_RIGHT);
    browser.settle();
    browser.tabTo("#threshold");
    browser.press(Keys.ARROW_RIGHT);
    browser.settle();

    assertThat(browser.text("document.getElementById('code').textContent"))
        .isEqualTo("segment run chelsea.png --write cutout --threshold 0.01");
  }

  @Test
  void showsWhereTheFocusIs() {
    browser.open(server.uri());
    browser.tabTo("#camera");

    assertThat(browser.find("#camera").getCssValue("outline-style")).isEqualTo("solid");
  }

  @Test
  void doesNotMoveForPeopleWhoDoNotWantIt() {
    browser.open(server.uri());
    browser.prefer("prefers-reduced-motion", "reduce");

    assertThat(browser.find("#camera").getCssValue("transition-duration")).isEqualTo("0s");
  }
}
