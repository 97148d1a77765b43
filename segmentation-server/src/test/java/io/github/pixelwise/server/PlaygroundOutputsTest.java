package io.github.pixelwise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.products.Background;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Products;
import io.github.pixelwise.products.RecipeFile;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files that the page downloads, and the command and the Java that it shows. */
@ExtendWith(BrowserExtension.class)
class PlaygroundOutputsTest {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

  private final Browser browser;
  private final SegmentationServer server;
  private final Segmenter segmenter;

  PlaygroundOutputsTest(Browser browser, SegmentationServer server, Segmenter segmenter) {
    this.browser = browser;
    this.server = server;
    this.segmenter = segmenter;
  }

  @BeforeEach
  void open() {
    browser.open(server.uri());
    browser.openSample("astronaut.png");
  }

  /** Changes everything that a recipe can say. */
  private void changeSettings() {
    browser.set("threshold", 0.5);
    browser.set("region", 70);
    browser.click("#outline");
    browser.click("#legend li:nth-child(3) input");
    browser.choose("view", "cutout");
    browser.choose("background", "color");
    browser.set("color", "#336699");
  }

  private void download(Product product) {
    browser.click("[data-product='%s']".formatted(product.name().toLowerCase(Locale.ROOT)));
  }

  private String command() {
    return browser.text("document.getElementById('code').textContent");
  }

  /** The command's options, as a recipe. Fails if one of them is no key of a recipe. */
  private static RecipeFile recipe(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    RecipeFile recipe = RecipeFile.parse("");
    for (int i = 3; i < words.size(); i++) {
      String key = words.get(i).substring("--".length());
      boolean isFlag = i + 1 == words.size() || words.get(i + 1).startsWith("--");
      recipe = recipe.with(key, isFlag ? "true" : words.get(++i));
    }
    return recipe;
  }

  /** What the library writes for a recipe. */
  private byte[] written(RecipeFile recipe, Product product, Path photo) throws IOException {
    Products products =
        recipe
            .recipe(segmenter.model().labels())
            .apply(segmenter, Images.readPicture(photo, Images.MAX_PIXELS));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    products.write(product, out);
    return out.toByteArray();
  }

  @Test
  void showsTheCommandThatWritesTheCutout() {
    changeSettings();

    assertThat(command())
        .isEqualTo(
            "segment run astronaut.png --write cutout --threshold 0.5 --min-region 910"
                + " --class person --background '#336699'");
  }

  @Test
  void showsTheCommandThatWritesTheOverlay() {
    browser.click("#outline");
    browser.settle();

    assertThat(command()).isEqualTo("segment run astronaut.png --write overlay --outline");
  }

  @Test
  void showsTheCommandsOfTwoModels() {
    browser.choose("view", "compare");
    browser.await("document.getElementById('differing').textContent");

    assertThat(command())
        .isEqualTo(
            "segment run astronaut.png -o first --write overlay\n"
                + "segment run astronaut.png -o second --write overlay --backend opencv-dnn");
  }

  @ParameterizedTest
  @EnumSource(names = {"MASK", "OVERLAY", "CUTOUT", "GEOJSON"})
  void downloadsTheBytesThatTheCommandWrites(Product product) throws IOException {
    changeSettings();
    RecipeFile recipe =
        recipe(command())
            .with("write", product.name().toLowerCase(Locale.ROOT))
            .with("outline", "true");

    download(product);

    byte[] file = browser.download("astronaut" + product.suffix());
    assertThat(file).isEqualTo(written(recipe, product, Browser.PHOTOS.resolve("astronaut.png")));
  }

  @Test
  void downloadsTheClassesThatTheCommandReports() throws IOException {
    changeSettings();
    RecipeFile recipe = recipe(command());

    download(Product.JSON);

    JsonObject report = json(browser.download("astronaut.json"));
    JsonObject expected =
        json(written(recipe, Product.JSON, Browser.PHOTOS.resolve("astronaut.png")));
    assertThat(report.getJsonArray("classes")).isEqualTo(expected.getJsonArray("classes"));
  }

  @Test
  void showsTheSharesThatTheCommandReports() throws IOException {
    changeSettings();
    JsonObject expected =
        json(written(recipe(command()), Product.JSON, Browser.PHOTOS.resolve("astronaut.png")));
    double person =
        expected.getJsonArray("classes").stream()
            .map(entry -> (JsonObject) entry)
            .filter(entry -> entry.getString("name").equals("person"))
            .findFirst()
            .orElseThrow()
            .getDouble("share");

    String shown = browser.find("#legend li:nth-child(2) .share").getText();

    assertThat(shown.replace('\u00a0', ' ')).isEqualTo("%.0f %%".formatted(100 * person));
  }

  private static JsonObject json(byte[] file) {
    return new JsonObject(new String(file, StandardCharsets.UTF_8));
  }

  @Test
  void downloadsTheCutoutOnAPictureThatIsChosen() throws IOException {
    Path picture = Browser.PHOTOS.resolve("camera.png");
    browser.choose("view", "cutout");
    browser.choose("background", "picture");
    browser.upload("picture", picture);
    browser.await("document.getElementById('code').textContent.includes('camera.png')");

    download(Product.CUTOUT);

    Background background = Background.ofPicture(Images.readPicture(picture, Images.MAX_PIXELS));
    Products expected =
        RecipeFile.parse("write = cutout")
            .builder(segmenter.model().labels(), name -> background)
            .background(background)
            .build()
            .apply(
                segmenter,
                Images.readPicture(Browser.PHOTOS.resolve("astronaut.png"), Images.MAX_PIXELS));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    expected.write(Product.CUTOUT, out);
    assertThat(browser.download("astronaut.cutout.png")).isEqualTo(out.toByteArray());
  }

  @Test
  void refusesACutoutOfNothing() {
    browser.click("#legend li:nth-child(2) input");
    browser.click("#legend li:nth-child(3) input");
    download(Product.CUTOUT);

    assertThat(browser.alert()).startsWith("All classes are switched off.");
  }

  @Test
  void showsJavaThatWritesTheSameBytes(@TempDir Path folder) throws Exception {
    changeSettings();
    byte[] expected =
        written(recipe(command()), Product.CUTOUT, Browser.PHOTOS.resolve("astronaut.png"));
    browser.choose("code", "java");

    run(command(), folder);

    assertThat(folder.resolve("astronaut.cutout.png")).hasBinaryContent(expected);
  }

  @Test
  void showsJavaForAModelABackendAndABlur(@TempDir Path folder) throws Exception {
    browser.choose("view", "cutout");
    browser.choose("background", "blur");
    browser.set("blur", 7);
    browser.choose("code", "java");
    browser.script(
        "const model = document.getElementById('model'); model.value = '1';"
            + "model.dispatchEvent(new Event('change', {bubbles: true}))");
    browser.await("document.getElementById('code').textContent.includes('opencv-dnn')");
    browser.settle();

    assertThat(command()).contains("Background.ofBlur(7)", ".backend(\"opencv-dnn\").open()");
    compile(command(), folder);
  }

  /** Compiles and runs the Java, with the files of the working folder in another one. */
  private static void run(String java, Path folder) throws Exception {
    Path photo =
        Files.copy(Browser.PHOTOS.resolve("astronaut.png"), folder.resolve("astronaut.png"));
    String moved =
        java.replace("\"astronaut.png\"", "\"" + photo + "\"")
            .replace(
                "\"astronaut.cutout.png\"", "\"" + folder.resolve("astronaut.cutout.png") + "\"");
    compile(moved, folder);
    try (URLClassLoader classes = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      var main = classes.loadClass("SegmentPhoto").getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(null, (Object) new String[0]);
    }
  }

  private static void compile(String java, Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve("SegmentPhoto.java"), java);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int status =
        compiler.run(
            null,
            null,
            null,
            "-Xlint:all,-path,-processing",
            "-Werror",
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString(),
            source.toString());
    assertThat(status).as(java).isZero();
  }

  @Test
  void copiesTheCommand() {
    browser
        .driver()
        .executeCdpCommand(
            "Browser.grantPermissions",
            Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    browser.click("#copy");
    browser.await("document.getElementById('copy').textContent === 'Copied'");

    assertThat(browser.async("return navigator.clipboard.readText()")).isEqualTo(command());
  }

  @Test
  void quotesNamesForTheShell() {
    Object command =
        browser.async(
            """
            const {command} = await import('/playground/recipe.js');
            const settings = {threshold: 0, minRegion: 1, background: {}, classes: ["it's, so"]};
            return command(settings, ['cutout'], '-my photo.jpg');
            """);

    assertThat(command)
        .isEqualTo("segment run './-my photo.jpg' --write cutout --class 'it'\\''s\\, so'");
  }
}
