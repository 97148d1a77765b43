package io.github.pixelwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes of users lead to no crash, no stack trace, and no silent default. */
class BadInputTest {
  private static final Path CAT = Path.of("../examples/photos/chelsea.png");
  private static final String MODEL = "deeplabv3plus-mobilenetv2-voc";

  @TempDir private Path folder;
  private byte[] photo;

  @BeforeEach
  void readThePhotograph() throws IOException {
    photo = Files.readAllBytes(CAT);
  }

  private void requireFailure(Run run, String... messageParts) {
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).startsWith("segment: ").contains(messageParts);
    assertThat(run.err()).doesNotContain("\tat ").doesNotContain("unexpected");
  }

  @Test
  void reportsFilesThatAreNotPhotosAndSegmentsTheRest() throws IOException {
    byte[] random = new byte[5000];
    new Random(1).nextBytes(random);
    Files.createFile(folder.resolve("zero.jpg"));
    Files.write(folder.resolve("cut.png"), Arrays.copyOf(photo, photo.length / 2));
    Files.write(folder.resolve("random.jpg"), random);
    Files.writeString(folder.resolve("text.png"), "This is no photograph.");
    Files.write(folder.resolve("huge.png"), headerOf(30000, 30000));
    Files.copy(CAT, folder.resolve("good.png"));

    Run run = Run.of("run", folder, "--write", "mask");

    requireFailure(run, "huge.png: ");
    for (String name : new String[] {"zero.jpg", "cut.png", "random.jpg", "text.png", "huge.png"}) {
      assertThat(run.err().lines().filter(line -> line.contains(name)).count())
          .as(name)
          .isEqualTo(1);
    }
    assertThat(run.err()).contains("huge.png: the file ends, with 33 bytes. Copy or download it");
    assertThat(run.out()).startsWith("1 segmented, 0 skipped, 5 failed; 1 files written");
    assertThat(folder.resolve("good.mask.png")).exists();
  }

  /** A PNG that ends after its header. */
  private static byte[] headerOf(int width, int height) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(chunk);
    data.write("IHDR".getBytes(StandardCharsets.US_ASCII));
    data.writeInt(width);
    data.writeInt(height);
    data.write(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.toByteArray());
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(png);
    out.writeLong(0x89504e470d0a1a0aL);
    out.writeInt(13);
    out.write(chunk.toByteArray());
    out.writeInt((int) crc.getValue());
    return png.toByteArray();
  }

  @Test
  void reportsAMissingPhotoAndAnEmptyFolder() {
    Path missing = folder.resolve("missing.jpg");

    Run run = Run.of("run", missing, folder);

    requireFailure(
        run,
        "segment: " + missing + ": there is no such file or folder",
        "segment: " + folder + ": there are no photos in this folder (apng, bmp, ");
    assertThat(run.out()).startsWith("0 segmented, 0 skipped, 2 failed; 0 files written");
  }

  @Test
  void reportsAnOutputFolderThatIsAFile() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    Run run = Run.of("run", CAT, "-o", file);

    requireFailure(run, CAT + ": cannot write " + file.resolve("chelsea.mask.png"));
  }

  @Test
  void reportsAReadOnlyOutputFolder() throws IOException {
    Path readOnly =
        Files.createDirectory(
            folder.resolve("read-only"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
    // The superuser may write anywhere but in /proc.
    Path output = Files.isWritable(readOnly) ? Path.of("/proc") : readOnly;
    assumeFalse(!Files.exists(output), "skipped: this system has no folder that cannot be written");

    Run run = Run.of("run", CAT, "-o", output);

    requireFailure(run, CAT + ": cannot write " + output.resolve("chelsea.mask.png"));
    assertThat(output.resolve("chelsea.mask.png")).doesNotExist();
  }

  /** Copies the embedded model and its card, with one line replaced, to a separate folder. */
  private Path card(String line, String replacement) throws IOException {
    try (InputStream model = resource(MODEL + ".onnx");
        InputStream card = resource(MODEL + ".properties")) {
      Files.copy(model, folder.resolve(MODEL + ".onnx"));
      String content = new String(card.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(content).containsPattern("(?m)^" + line);
      return Files.writeString(
          folder.resolve("card.properties"),
          content.replaceFirst("(?m)^" + line + ".*$", replacement));
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        BadInputTest.class.getResourceAsStream("/META-INF/pixelwise/models/onnx/" + name), name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input.mean | input.maen = 0, 0, 0 | unknown key input.maen (did you mean \"input.mean\"?),"
            + " found \"0, 0, 0\"",
        "input.mean | input.mean = 0.5, 0.5 | key input.mean: expected three numbers, found \"0.5,"
            + " 0.5\" (there are 2)"
      })
  void rejectsAWrongCardBeforeRunning(String line, String replacement, String message)
      throws IOException {
    Path card = card(line, replacement);

    Run run = Run.of("run", CAT, "-o", folder, "--model", card);

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("segment: " + card + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file.onnx.sha256 | file.onnx.sha256 ="
            + " 0000000000000000000000000000000000000000000000000000000000000000 | its card expects"
            + " 0000000000000000000000000000000000000000000000000000000000000000 for"
            + " file.onnx.sha256",
        "file.onnx = | file.onnx = gone.onnx | there is no file",
        "output.name | output.name = logits | backend onnx needs the output \"logits\",",
        "input.name | input.name = image | backend onnx needs one input named \"image\",",
        "labels | labels = cityscapes | output \"scores\" should be NCHW [1 x 19 x",
        "output.stride | output.stride = 8 | output \"scores\" should be NCHW [1 x 21 x",
        "output.layout | output.layout = NHWC | output \"scores\" should be NHWC [1 x",
        "input.layout | input.layout = NHWC | and backend onnx was given FloatTensor[1 x"
      })
  void rejectsACardThatContradictsItsModelOnOpen(String line, String replacement, String message)
      throws IOException {
    Path card = card(line, replacement);

    Run run = Run.of("run", CAT, "-o", folder.resolve("out"), "--model", card);

    requireFailure(run, "model " + MODEL, message);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void reportsATruncatedModel() throws IOException {
    Path card = card("file.onnx.sha256", "");
    Path model = folder.resolve(MODEL + ".onnx");
    byte[] bytes = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(bytes, bytes.length / 2));

    Run run = Run.of("run", CAT, "-o", folder.resolve("out"), "--model", card);

    requireFailure(
        run,
        "segment: model " + MODEL + ": backend onnx cannot open " + model + ": ",
        "It is damaged or not an ONNX model. Download it again.");
  }
}
