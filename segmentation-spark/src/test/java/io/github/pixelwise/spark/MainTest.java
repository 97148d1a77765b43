package io.github.pixelwise.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.testkit.MicroModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command: what it prints, and its exit status. */
class MainTest {
  private static final List<String> SETTINGS =
      List.of("spark.master", "spark.ui.enabled", "spark.log.level");

  @TempDir private Path folder;
  private Path photos;
  private Path card;

  private record Ended(int exit, String out, String err) {}

  @BeforeAll
  static void configureSpark() {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.log.level", "WARN");
  }

  @AfterAll
  static void forgetIt() {
    SETTINGS.forEach(System::clearProperty);
  }

  @BeforeEach
  void writePhotos() throws IOException {
    photos = Files.createDirectory(folder.resolve("photos"));
    Files.write(photos.resolve("a.png"), Photos.png());
    card = LocalSpark.write(MicroModel.AFFINE, folder.resolve("model"));
  }

  private static Ended execute(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exit =
        command.execute(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    return new Ended(exit, out.toString(), err.toString());
  }

  private Ended run(Object... more) {
    Object[] start = {"run", photos, "-o", folder.resolve("out"), "-m", card};
    return execute(Stream.concat(Arrays.stream(start), Arrays.stream(more)).toArray());
  }

  private Path recipe(String text) throws IOException {
    return Files.writeString(folder.resolve("a.recipe"), text);
  }

  @Test
  void printsTheSummary() throws IOException {
    Images.write(RgbImage.of(1, 1, new byte[3]), folder.resolve("black one.png"));
    Path recipe = recipe("write = cutout\nclass = red\nbackground = black one.png\n");

    Ended ended = run("--recipe", recipe, "--files", "--split-size", 1, "--max-pixels", 24_000);

    assertThat(ended.err()).isEmpty();
    assertThat(ended.exit()).isZero();
    assertThat(ended.out())
        .matches(
            "1 segmented, 0 skipped, 0 failed; 1 files written in \\d+\\.\\d s, \\d+\\.\\d\\d"
                + " photos/s\\R");
    assertThat(Images.read(folder.resolve("out/a.cutout.png")).width()).isEqualTo(200);
  }

  @Test
  void aPhotoThatFailsIsExitStatus1UntilItIsReplaced() throws IOException {
    Files.writeString(photos.resolve("b.png"), "a text");
    Path recipe = recipe("write = mask\n");

    Ended failed = run("--recipe", recipe.toUri());
    Ended skipped = run("--recipe", recipe.toUri());
    Files.write(photos.resolve("b.png"), Photos.png());
    Ended retried = run("--recipe", recipe.toUri(), "--retry-failed");

    assertThat(failed.out()).startsWith("1 segmented, 0 skipped, 1 failed;");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(skipped.out()).startsWith("0 segmented, 2 skipped, 0 failed;");
    assertThat(skipped.exit()).isZero();
    assertThat(retried.out()).startsWith("1 segmented, 1 skipped, 0 failed;");
    assertThat(retried.exit()).isZero();
  }

  @Test
  void aFolderThatDoesNotExistIsExitStatus1() {
    Ended ended = execute("run", folder.resolve("none"), "-o", folder.resolve("out"), "-m", card);

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err())
        .startsWith("segment-spark: ")
        .contains(folder.resolve("none").toString())
        .hasLineCount(1);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aModelThatCannotBeReadIsExitStatus1() throws IOException {
    Files.delete(card.resolveSibling("affine.onnx"));

    Ended ended = run();

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).startsWith("segment-spark: model affine: there is no file ");
  }

  @ParameterizedTest
  @CsvSource({
    "--backend, none, there is no backend \"none\"",
    "--device, gpu 1, 'a device is cpu, auto or cuda:N'",
    "--setting, tf32, a setting must be NAME=VALUE",
    "--tta, 9, 0.25..4",
  })
  void aWrongValueIsExitStatus2(String option, String value, String message) {
    assertUsage(run(option, value), message);
  }

  @Test
  void aWrongRecipeIsExitStatus2() throws IOException {
    assertUsage(run("--recipe", folder.resolve("none.recipe")), "none.recipe: there is no such");
    assertUsage(
        run("--recipe", folder.resolve("none.recipe").toUri()), "none.recipe does not exist");
    assertUsage(run("--recipe", recipe("writes = mask")), "unknown key writes");
    assertUsage(run("--recipe", recipe("class = cat")), "cat");
  }

  @Test
  void anUnknownModelIsExitStatus2() {
    assertUsage(
        execute("run", photos, "-o", folder.resolve("out"), "-m", "none"), "no model \"none\"");
  }

  private void assertUsage(Ended ended, String message) {
    assertThat(ended.err()).startsWith("segment-spark: ").contains(message);
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aWrongCommandLineIsExitStatus2() {
    assertUsage(execute(), "Missing required subcommand");
    assertUsage(execute("segment"), "Unmatched argument at index 0: 'segment'");
    assertUsage(execute("run", photos), "Missing required option: '--output=DIR'");
    assertUsage(
        execute("run", "-o", folder.resolve("out")), "Missing required parameter: 'FOLDER'");
    assertUsage(run("--colour"), "Unknown option: '--colour'");
    assertUsage(run("--split-size", 0), "--split-size must be at least 1 MB, found 0");
    assertUsage(run("--max-pixels", 0), "--max-pixels must be at least 1, found 0");
    assertUsage(run("--max-pixels", "many"), "Invalid value for option '--max-pixels'");
    assertThat(execute("run", photos).err()).contains("Try 'segment-spark run --help'.");
  }

  @Test
  void explainsItself() {
    Ended help = execute("run", "--help");

    assertThat(help.exit()).isZero();
    assertThat(help.out())
        .contains("Usage: segment-spark run")
        .contains("--recipe=FILE", "--retry-failed", "Exit status: 0 everything worked");
    assertThat(execute("--help").out()).contains("See 'segment-spark run --help'.");
    assertThat(execute("--help").exit()).isZero();
  }
}
