package io.github.pixelwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.imaging.PalettePng;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardStreamsTest {
  private static final Path TOY = Path.of("src/test/resources/io/github/pixelwise/cli/toy");
  private static final Path PHOTO = TOY.resolve("photo.png");
  private static final Path MODEL = TOY.resolve("toy.properties");

  @TempDir private Path folder;
  private final InputStream in = System.in;
  private final PrintStream out = System.out;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @AfterEach
  void restoreTheStreams() {
    System.setIn(in);
    System.setOut(out);
  }

  private Run run(byte[] input, String... args) {
    System.setIn(new ByteArrayInputStream(input));
    System.setOut(new PrintStream(written, true, UTF_8));
    return Run.of(Stream.concat(Stream.of("run", "--model", MODEL), Arrays.stream(args)).toArray());
  }

  @ParameterizedTest
  @CsvSource({"mask", "color", "overlay", "cutout", "json"})
  void writesOneProductAndNothingElse(String product) throws IOException {
    String option =
        product.equals("cutout") ? "--class=red" : "--force"; // a class only for what needs it
    Run run = run(Files.readAllBytes(PHOTO), "-", "-o", "-", option, "--write", product);

    assertThat(run).isEqualTo(new Run(0, "", ""));
    String suffix = product.equals("json") ? ".json" : "." + product + ".png";
    run(new byte[0], PHOTO.toString(), "-o", folder.toString(), option, "--write", product);
    Path file = folder.resolve("photo" + suffix);
    if (product.equals("json")) { // except for the timings
      assertThat(written.toString(UTF_8))
          .startsWith("{")
          .endsWith("}")
          .contains("\"name\" : \"red\"");
    } else {
      assertThat(file).hasBinaryContent(written.toByteArray());
    }
  }

  @Test
  void writesAFileToStandardOutput() throws IOException {
    assertThat(run(new byte[0], PHOTO.toString(), "--output=-", "--write=mask").exit()).isZero();

    Path mask = Files.write(folder.resolve("mask.png"), written.toByteArray());
    assertThat(PalettePng.read(mask).width()).isEqualTo(64);
  }

  @Test
  void namesFilesOfStandardInputStdinAndAlwaysWritesThem() throws IOException {
    byte[] photo = Files.readAllBytes(PHOTO);
    run(photo, "-", "-o", folder.toString(), "--write=mask");
    Run again = run(photo, "-", "-o", folder.toString(), "--write=mask");

    assertThat(again.out()).startsWith("1 segmented, 0 skipped, 0 failed; 1 files written in ");
    assertThat(folder.resolve("stdin.mask.png")).exists();
  }

  @Test
  void writesNothingForAPhotoThatCannotBeRead() {
    Run empty = run(new byte[0], "-", "-o", "-", "--write=mask");
    Run text = run("no photograph".getBytes(UTF_8), "-", "-o", "-", "--write=mask");

    assertThat(empty.exit()).isEqualTo(1);
    assertThat(empty.err()).startsWith("segment: cannot read standard input: it is empty.");
    assertThat(text.exit()).isEqualTo(1);
    assertThat(text.err()).startsWith("segment: cannot read standard input: it begins with ");
    assertThat(written.size()).isZero();
  }

  @Test
  void namesAStreamThatFails() throws IOException {
    System.setOut(
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            },
            false,
            UTF_8));
    Run run = Run.of("run", "--model", MODEL, PHOTO, "-o", "-", "--write=mask");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .startsWith(
            "segment: %s: cannot write standard output: ".formatted(PHOTO)
                + "the program that reads it has ended, or the disk is full");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- | a photo from standard input needs --output DIR, or --output - for standard output",
        "- -o - | --output - writes one file. Choose it with --write, for example --write cutout",
        "- -o - --write mask,json | --output - writes one file. Choose it with --write, for",
        "- ../examples/photos/chelsea.png -o - --write mask | --output - takes one photo, found"
            + " 2 paths",
        "../examples -o - --write mask | --output - takes one photo, found the folder ../examples"
      })
  void rejectsWhatStreamsCannotDoBeforeRunning(String args, String message) {
    Run run = run(new byte[0], args.split(" "));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + message);
    assertThat(written.size()).isZero();
  }
}
