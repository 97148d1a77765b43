package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskFileTest {
  @TempDir Path folder;

  /** A PNG file of one row. */
  private Path png(int kind, int bits, int width, byte[] row, byte[]... chunks) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    file.write(
        chunk(
            "IHDR",
            ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(1)
                .put((byte) bits)
                .put((byte) kind)
                .array()));
    for (byte[] chunk : chunks) {
      file.write(chunk);
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      deflater.write(0);
      deflater.write(row);
    }
    file.write(chunk("IDAT", packed.toByteArray()));
    file.write(chunk("IEND", new byte[0]));
    return Files.write(folder.resolve("mask.png"), file.toByteArray());
  }

  private static byte[] chunk(String name, byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(data.length);
    out.writeBytes(name);
    out.write(data);
    CRC32 checksum = new CRC32();
    checksum.update(bytes.toByteArray(), 4, data.length + 4);
    out.writeInt((int) checksum.getValue());
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void readsIndicesOfFewBitsAsTheyAre(int bits) throws IOException {
    int last = (1 << bits) - 1;
    byte[] row = bits == 8 ? new byte[] {-1, 0} : new byte[] {(byte) (last << (8 - bits))};
    int width = 2;
    byte[] palette = chunk("PLTE", new byte[3 << bits]);

    assertThat(MaskFile.read(png(0, bits, width, row)).indices()).containsExactly(last, 0);
    assertThat(MaskFile.read(png(3, bits, width, row, palette)).indices()).containsExactly(last, 0);
  }

  @Test
  void readsSixteenBits() throws IOException {
    Path file = png(0, 16, 2, new byte[] {1, 2, -1, -1});
    assertThat(MaskFile.read(file).indices()).containsExactly(258, 65535);
  }

  @Test
  void takesNoNoticeOfGammaAndTransparency() throws IOException {
    byte[] gamma = chunk("gAMA", new byte[] {0, 0, 0x40, 0});
    Path gray = png(0, 8, 2, new byte[] {7, 100}, gamma, chunk("tRNS", new byte[] {0, 7}));
    assertThat(MaskFile.read(gray).indices()).containsExactly(7, 100);

    Path rgb = png(2, 8, 1, new byte[] {1, 2, (byte) 200}, gamma);
    assertThat(MaskFile.read(rgb).colors()).containsExactly(0x0102c8);

    Path clear = png(6, 8, 1, new byte[] {1, 2, 3, 0});
    assertThat(MaskFile.read(clear).colors()).containsExactly(0x010203);
  }

  @Test
  void readsColorsThatAnEncoderTurnedIntoAPaletteOrGray() throws IOException {
    byte[] palette = chunk("PLTE", new byte[] {0, 0, 0, (byte) 128, 64, 32});
    assertThat(MaskFile.read(png(3, 1, 2, new byte[] {0x40}, palette)).colors())
        .containsExactly(0, 0x804020);
    assertThat(MaskFile.read(png(0, 4, 2, new byte[] {0x1f})).colors())
        .containsExactly(0x111111, 0xffffff);
  }

  @Test
  void readsWhatImageIoWrites() throws IOException {
    byte[] shades = {0, 50, 100, (byte) 150};
    BufferedImage image =
        new BufferedImage(
            3,
            1,
            BufferedImage.TYPE_BYTE_BINARY,
            new IndexColorModel(2, 4, shades, shades, shades));
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {3, 0, 2});
    Path file = folder.resolve("a.png");
    ImageIO.write(image, "png", file.toFile());
    assertThat(MaskFile.read(file).indices()).containsExactly(3, 0, 2);
  }

  @Test
  void refusesFilesThatAreNotWhole() throws IOException {
    byte[] whole = Files.readAllBytes(png(0, 8, 2, new byte[] {1, 2}));
    Path file = folder.resolve("cut.png");
    for (int length = 8; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> MaskFile.read(file))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "%s: the mask is cut short, at %d bytes; copy or export it again"
                  .formatted(file, Files.size(file)));
    }
    for (int i = 16; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(file, damaged);
      assertThatThrownBy(() -> MaskFile.read(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("copy or export it again");
    }
  }

  @Test
  void refusesOtherFormats() throws IOException {
    Path file = folder.resolve("a.png");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff});
    assertThatThrownBy(() -> MaskFile.read(file))
        .hasMessageContaining("the mask is a JPEG file, which does not keep the values of pixels");
    Files.writeString(file, "GIF89a...");
    assertThatThrownBy(() -> MaskFile.read(file))
        .hasMessage(file + ": expected a mask as a PNG file, found another format");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> MaskFile.read(file))
        .hasMessage(file + ": the mask is empty, a file of 0 bytes");
    assertThatThrownBy(() -> MaskFile.read(folder.resolve("b.png")))
        .hasMessage(
            "cannot read the mask %s: there is no such file or folder"
                .formatted(folder.resolve("b.png")));
  }

  @Test
  void asksForColorsOfRgbMasks() throws IOException {
    MaskFile mask = MaskFile.read(png(2, 8, 1, new byte[] {1, 2, 3}));
    assertThatThrownBy(mask::indices)
        .hasMessageContaining(
            "expected a palette or gray mask, found RGB of 8 bits; say which color is which class"
                + " (colors)");
    MaskFile wide = MaskFile.read(png(0, 16, 1, new byte[] {1, 2}));
    assertThatThrownBy(wide::colors)
        .hasMessageContaining("expected colors of 8 bits a channel, found gray of 16 bits");
  }
}
