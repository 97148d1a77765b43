package io.github.pixelwise.server;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real Chromium, and what tests do with the page in it. */
final class Browser implements AutoCloseable {
  static final Path PHOTOS = Path.of("../examples/photos").toAbsolutePath().normalize();
  static final Path CAT = PHOTOS.resolve("chelsea.png");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChromeDriver driver;
  private final Path downloads;

  private Browser(ChromeDriver driver, Path downloads) {
    this.driver = driver;
    this.downloads = downloads;
  }

  /** The browser, and the program that drives it; empty if one of them is missing. */
  static Optional<List<Path>> programs() {
    return find("pixelwise.chromium", "chromium", "chromium-browser", "google-chrome")
        .flatMap(
            chromium ->
                find("pixelwise.chromedriver", "chromedriver")
                    .map(driver -> List.of(chromium, driver)));
  }

  private static Optional<Path> find(String property, String... names) {
    String set = System.getProperty(property);
    if (set != null) {
      return Optional.of(Path.of(set)).filter(Files::isExecutable);
    }
    List<String> folders =
        List.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator));
    return Arrays.stream(names)
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Browser start(Path downloads) {
    List<Path> programs = programs().orElseThrow();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(programs.get(0).toString());
    options.addArguments(
        "--headless=new",
        "--hide-scrollbars",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream");
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", downloads.toString()));
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(programs.get(1).toFile())
                .build(),
            options);
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    return new Browser(driver, downloads);
  }

  /** Opens the page of a server, and waits for its models. */
  void open(URI page) {
    visit(page);
    await("document.getElementById('model').options.length > 0");
  }

  /** Opens a page. */
  void visit(URI page) {
    size(1400, 900);
    driver.get(page.toString());
  }

  /** Opens a page in which a script runs before the page's own. */
  void visit(URI page, String script) {
    Map<String, Object> added =
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    visit(page);
    driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", added);
  }

  ChromeDriver driver() {
    return driver;
  }

  @Nullable Object script(String code, Object... arguments) {
    return driver.executeScript(code, arguments);
  }

  String text(String code, Object... arguments) {
    return String.valueOf(script("return " + code, arguments));
  }

  long number(String code) {
    return ((Number) Objects.requireNonNull(script("return " + code))).longValue();
  }

  /** Runs the body of an async function, and returns its result. */
  @Nullable Object async(String code, Object... arguments) {
    return driver.executeAsyncScript(
        "const done = arguments[arguments.length - 1]; (async (...given) => {"
            + code
            + "})(...arguments).then(done, error => done('failed: ' + error.stack));",
        arguments);
  }

  /** Waits until a condition holds; a failure tells what the page says. */
  void await(String condition) {
    new WebDriverWait(driver, PATIENCE, Duration.ofMillis(20))
        .withMessage(
            () -> "the page never met: %s; it says: %s, %s".formatted(condition, status(), alert()))
        .until(d -> Boolean.TRUE.equals(driver.executeScript("return !!(" + condition + ")")));
  }

  /** Waits until the page shows a result, painted and counted, for a photo of this name. */
  void awaitResult(String name) {
    await(
        "document.body.dataset.state === 'result'"
            + " && document.getElementById('code').textContent.includes('%s')".formatted(name)
            + " && document.getElementById('status').textContent.startsWith('Done')");
    settle();
  }

  /** Waits until the page has painted and counted what was changed. */
  void settle() {
    await("document.body.dataset.painting === 'no'");
  }

  static By css(String selector) {
    return By.cssSelector(selector);
  }

  WebElement find(String selector) {
    return driver.findElement(css(selector));
  }

  void click(String selector) {
    find(selector).click();
  }

  void choose(String name, String value) {
    click("input[name='%s'][value='%s']".formatted(name, value));
  }

  void openSample(String name) {
    click("[data-sample='%s']".formatted(name));
    awaitResult(name);
  }

  /** Chooses a file as people do. */
  void upload(String id, Path file) {
    driver.findElement(By.id(id)).sendKeys(file.toString());
  }

  /** Moves a slider, or changes another field, and waits for what follows. */
  void set(String id, Object value) {
    script(
        "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
            + "field.dispatchEvent(new Event('input', {bubbles: true}));",
        id,
        value);
    settle();
  }

  /** Gives the page a file by an event that carries files, such as drop or paste. */
  void hand(String event, String fileName, byte[] file) {
    script(
        "const bytes = Uint8Array.from(atob(arguments[2]), c => c.charCodeAt(0));"
            + "const transfer = new DataTransfer();"
            + "const type = arguments[1].endsWith('.png') ? 'image/png' : 'image/jpeg';"
            + "transfer.items.add(new File([bytes], arguments[1], {type}));"
            + "const init = {bubbles: true, cancelable: true};"
            + "document.dispatchEvent(arguments[0] === 'paste'"
            + " ? new ClipboardEvent('paste', {...init, clipboardData: transfer})"
            + " : new DragEvent(arguments[0], {...init, dataTransfer: transfer}));",
        event,
        fileName,
        Base64.getEncoder().encodeToString(file));
  }

  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Presses Tab until the element has the focus. */
  void tabTo(String selector) {
    for (int i = 0; i < 80; i++) {
      press(Keys.TAB);
      if (Boolean.TRUE.equals(
          script("return document.activeElement.matches(arguments[0])", selector))) {
        return;
      }
    }
    throw new AssertionError("Tab never reaches " + selector);
  }

  String status() {
    return text("document.getElementById('status').textContent");
  }

  String alert() {
    return text("document.querySelector('#alert p')?.textContent ?? ''");
  }

  /** A number for what a canvas shows, which differs if that does. */
  long shown(String selector) {
    return number(
        """
        (() => {
          const canvas = document.querySelector('%s');
          const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let hash = 17;
          new Uint32Array(data.buffer).forEach(pixel => hash = Math.imul(hash, 31) + pixel | 0);
          return hash;
        })()
        """
            .formatted(selector)
            .strip());
  }

  /** The red, green, blue, and alpha of a canvas's pixel. */
  @Nullable Object pixel(String selector, int x, int y) {
    return script(
        "return [...document.querySelector(arguments[0]).getContext('2d')"
            + ".getImageData(arguments[1], arguments[2], 1, 1).data]",
        selector,
        x,
        y);
  }

  /** How many photos the page has sent. */
  long requests() {
    return number(
        "performance.getEntriesByType('resource').filter(e =>"
            + " e.name.endsWith('/v1/segment')).length");
  }

  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  void prefer(String feature, String value) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", feature, "value", value))));
  }

  /** Takes a picture of the whole page. */
  void photograph(Path file) throws IOException {
    Map<String, Object> answer =
        driver.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, Base64.getDecoder().decode((String) answer.get("data")));
  }

  /** What axe-core finds, of a serious or critical impact. */
  @Nullable Object seriousFindings() {
    try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
      script(new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return async(
        """
        const {violations} = await axe.run();
        return violations
          .filter(({impact}) => impact === 'serious' || impact === 'critical')
          .map(({id, nodes}) => id + ': ' + nodes.map(node => node.target).join(' '));
        """);
  }

  /** Waits for a download, and takes it away. */
  byte[] download(String name) throws IOException {
    Path file = downloads.resolve(name);
    new WebDriverWait(driver, PATIENCE)
        .withMessage(() -> name + " was never downloaded; the page says: " + alert())
        .until(d -> Files.exists(file));
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  /** The cat at this size, in a format of ImageIO. */
  static byte[] cat(int width, int height, String format) throws IOException {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.drawImage(ImageIO.read(CAT.toFile()), 0, 0, width, height, null);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(picture, format, out)) {
      throw new AssertionError("no writer for " + format);
    }
    return out.toByteArray();
  }

  @Override
  public void close() throws IOException {
    driver.quit();
    try (Stream<Path> files = Files.list(downloads)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(downloads);
  }
}
