package io.github.pixelwise.imaging.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.imaging.UnreadablePictureException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of pictures that cannot be read row by row, and which rows are read before. */
class DamagedStreamTest {
  @TempDir Path folder;

  private Path write(byte[] file) throws IOException {
    return Files.write(folder.resolve("picture"), file);
  }

  private static byte[] golden(String name) {
    return GoldenStream.named(name).file();
  }

  /** Reads rows until it fails; returns the failure. */
  static UnreadablePictureException failure(Path file, List<byte[]> rows) {
    return catchThrowableOfType(
        UnreadablePictureException.class,
        () -> {
          try (PictureStream picture = PictureStream.open(file)) {
            while (true) {
              byte[] row = new byte[3 * picture.width()];
              picture.read(row, 0, 1);
              rows.add(row);
            }
          }
        });
  }

  /** Requires that the rows before the failure are those of the whole picture. */
  static void requireRows(RgbImage whole, List<byte[]> rows, int count) {
    assertThat(rows).hasSize(count);
    byte[] expected = new byte[3 * whole.width()];
    for (int y = 0; y < count; y++) {
      whole.copyRow(y, expected, 0);
      assertThat(rows.get(y)).isEqualTo(expected);
    }
  }

  private void requireOpenFails(byte[] file, Reason reason, String message) throws IOException {
    requireOpenFails(write(file), reason, message);
  }

  static void requireOpenFails(Path path, Reason reason, String message) {
    UnreadablePictureException e =
        catchThrowableOfType(
            UnreadablePictureException.class, () -> PictureStream.open(path).close());
    assertThat(e).hasMessage(message.replace("FILE", path.toString()));
    assertThat(e.reason()).isEqualTo(reason);
  }

  @Test
  void aFileThatIsMissingOrAFolderIsNamed() {
    Path missing = folder.resolve("missing.tif");
    assertThatThrownBy(() -> PictureStream.open(missing))
        .hasMessage("cannot read %s: there is no such file. Check the path.", missing);
    assertThatThrownBy(() -> PictureStream.open(folder))
        .hasMessage("cannot read %s: it is a folder. Name an image file in it.", folder);
  }

  @Test
  void anEmptyFileIsNamed() throws IOException {
    requireOpenFails(
        new byte[0], Reason.EMPTY, "cannot read FILE: it is empty. Copy or download it again.");
  }

  @Test
  void anotherFormatIsRefusedWithAdvice() throws IOException {
    ByteArrayOutputStream gif = new ByteArrayOutputStream();
    ImageIO.write(Images.toBufferedImage(RgbImage.of(1, 1, new byte[3])), "gif", gif);
    requireOpenFails(
        gif.toByteArray(),
        Reason.UNSUPPORTED,
        "cannot read FILE row by row: its format must be read as a whole. " + Failures.TILED_TIFF);
  }

  @Test
  void aFileThatIsNoPictureIsRefused() throws IOException {
    Path file = write("not a picture".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> PictureStream.open(file))
        .hasMessageStartingWith("cannot read " + file + ": it begins with the bytes 6e 6f 74");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void anInterlacedOrProgressivePictureIsRefusedWithAdvice(String format) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.setOutput(out);
      RgbImage picture = RgbImage.of(9, 9, new byte[243]);
      writer.write(null, new IIOImage(Images.toBufferedImage(picture), null, null), param);
    } finally {
      writer.dispose();
    }
    requireOpenFails(
        file.toByteArray(),
        Reason.UNSUPPORTED,
        format.equals("png")
            ? "cannot read FILE row by row: it is interlaced. " + Failures.TILED_TIFF
            : "cannot read FILE row by row: it is a progressive JPEG, none of whose rows is"
                + " complete before its end. Rewrite it without loss: jpegtran -copy all -outfile"
                + " OUT.jpg IN.jpg");
  }

  @Test
  void aTurnedPictureIsRefusedWithAdvice() throws IOException {
    byte[] exif = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1};
    byte[] entry = {1, 18, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0};
    byte[] jpeg = golden("jpeg-420");
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(jpeg, 0, 2);
    turned.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe1, 0, 34});
    turned.writeBytes(exif);
    turned.writeBytes(entry);
    turned.write(jpeg, 2, jpeg.length - 2);
    requireOpenFails(
        turned.toByteArray(),
        Reason.UNSUPPORTED,
        "cannot read FILE row by row: its EXIF data says that it must be turned. " + Failures.TURN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png-rgb", "png-palette", "jpeg-420", "jpeg-restarts", "jpeg-gray"})
  void rowsBeforeTheEndOfAPictureThatIsCutShortAreRead(String name) throws IOException {
    byte[] file = golden(name);
    Path whole = write(file);
    RgbImage picture = Images.read(whole);
    Random random = new Random(1);
    int read = 0;
    for (int i = 0; i < 10; i++) {
      int length = file.length / 2 + random.nextInt(file.length / 2 - 30);
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(file, length));
      List<byte[]> rows = new ArrayList<>();
      UnreadablePictureException e = failure(cut, rows);
      assertThat(e)
          .hasMessage(
              "cannot read %s from row %d on: the file ends, with %d bytes. Copy or download it"
                  + " again.",
              cut, rows.size(), length);
      requireRows(picture, rows, rows.size());
      read += rows.size();
    }
    assertThat(read).isGreaterThan(10 * picture.height() / 3);
  }

  @Test
  void aWrongChecksumIsDamage() throws IOException {
    byte[] file = golden("png-rgb");
    file[file.length - 40] ^= 1;
    Path path = write(file);
    List<byte[]> rows = new ArrayList<>();
    assertThat(failure(path, rows).reason()).isEqualTo(Reason.DAMAGED);
    assertThat(rows.size()).isBetween(300, 599);
  }

  /** Whatever is changed: an IOException, or rows. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bigtiff-tiles",
        "tiff-LZW-strips",
        "bigtiff-differences-16-LZW-BIG",
        "jpeg-tiff",
        "png-palette",
        "jpeg-restarts",
        "jpeg-420"
      })
  void damageOfAnyKindIsAnIoException(String name) throws IOException {
    byte[] file = golden(name);
    Random random = new Random(2);
    for (int i = 0; i < 150; i++) {
      byte[] damaged = file.clone();
      for (int j = 0; j < 1 + random.nextInt(4); j++) {
        damaged[random.nextInt(Math.min(damaged.length, 1 + random.nextInt(damaged.length)))] =
            (byte) random.nextInt();
      }
      Path path = write(damaged);
      try (PictureStream picture = PictureStream.open(path)) {
        byte[] row = new byte[Math.min(3 * picture.width(), 1 << 22)];
        while (picture.row() < Math.min(1000, picture.height()) && picture.width() < 100_000) {
          picture.read(row, 0, 1);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining(path.toString());
      }
    }
  }
}
