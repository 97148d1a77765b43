package io.github.pixelwise.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file is read back by ImageIO, and by a reader here that lets nothing pass. */
class PngWriterTest {
  /** Some of one strip and some of more strips than are worked on at once. */
  private static final int[][] SIZES = {
    {1, 1}, {1, 700}, {700, 1}, {33, 17}, {640, 480}, {3, 99999}
  };

  /** Rows of samples, of {@code channels} each. */
  private static final class Picture {
    private final int width;
    private final int height;
    private final int channels;
    private final byte[] samples;

    Picture(int width, int height, int channels, byte[] samples) {
      this.width = width;
      this.height = height;
      this.channels = channels;
      this.samples = samples;
    }

    void copyRow(int y, byte[] target, int offset) {
      System.arraycopy(samples, y * width * channels, target, offset, width * channels);
    }

    byte[] png(PngLayout layout) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PngWriter.write(layout, width, height, this::copyRow, out);
      return out.toByteArray();
    }
  }

  private static Picture noise(int width, int height, int channels) {
    byte[] samples = new byte[width * height * channels];
    new Random(3).nextBytes(samples);
    return new Picture(width, height, channels, samples);
  }

  /** Waves along both sides, so that both filters get their turn. */
  private static Picture smooth(int width, int height, int channels) {
    byte[] samples = new byte[width * height * channels];
    for (int i = 0; i < samples.length; i++) {
      int x = i / channels % width;
      int y = i / channels / width;
      double wave = y % 64 < 32 ? Math.sin(x * 0.2) : Math.sin(y * 0.2);
      samples[i] = (byte) (128 + 100 * wave + i % channels);
    }
    return new Picture(width, height, channels, samples);
  }

  static Stream<Arguments> sizesAndChannels() {
    return Stream.of(SIZES)
        .flatMap(size -> Stream.of(1, 3, 4).map(count -> Arguments.of(size[0], size[1], count)));
  }

  private static PngLayout layout(int channels) {
    return channels == 1 ? PngLayout.GREY : channels == 3 ? PngLayout.RGB : PngLayout.RGBA;
  }

  @ParameterizedTest
  @MethodSource("sizesAndChannels")
  void picturesAreReadBackToTheBit(int width, int height, int channels)
      throws IOException, DataFormatException {
    for (Picture picture :
        List.of(noise(width, height, channels), smooth(width, height, channels))) {
      byte[] png = picture.png(layout(channels));

      assertThat(decode(png, channels)).isEqualTo(picture.samples);
      Raster raster = ImageIO.read(new ByteArrayInputStream(png)).getRaster();
      assertThat((byte[]) raster.getDataElements(0, 0, width, height, null))
          .isEqualTo(picture.samples);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 256})
  void indicesComeWithTheirPalette(int size) throws IOException, DataFormatException {
    byte[] colors = new byte[size * 3];
    new Random(4).nextBytes(colors);
    int width = 13;
    int[] indices = new Random(5).ints(width * 9L, 0, size).toArray();
    byte[] rows = new byte[indices.length];
    for (int i = 0; i < indices.length; i++) {
      rows[i] = (byte) indices[i];
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PngWriter.write(
        PngLayout.palette(colors),
        width,
        9,
        (y, target, offset) -> System.arraycopy(rows, y * width, target, offset, width),
        out);

    assertThat(decode(out.toByteArray(), 1)).isEqualTo(rows);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    assertThat(image.getRaster().getSamples(0, 0, width, 9, 0, (int[]) null)).isEqualTo(indices);
    IndexColorModel model = (IndexColorModel) image.getColorModel();
    for (int i = 0; i < size; i++) {
      assertThat(new int[] {model.getRed(i), model.getGreen(i), model.getBlue(i)})
          .containsExactly(
              colors[i * 3] & 0xff, colors[i * 3 + 1] & 0xff, colors[i * 3 + 2] & 0xff);
    }
  }

  @Test
  void indicesOf16BitsAreGrayAndNotFiltered() throws IOException, DataFormatException {
    Picture picture = noise(13, 9, 2);
    byte[] png = picture.png(PngLayout.INDICES_16);

    assertThat(decode(png, 2)).isEqualTo(picture.samples);
    assertThat(kinds(png, 27)).containsOnly(0);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_USHORT_GRAY);
    short[] samples = new short[13 * 9];
    ByteBuffer.wrap(picture.samples).asShortBuffer().get(samples);
    assertThat((short[]) image.getRaster().getDataElements(0, 0, 13, 9, null)).isEqualTo(samples);
  }

  @Test
  void theFileDoesNotDependOnTheNumberOfThreads() throws Exception {
    Picture picture = smooth(1000, 900, 3);
    ForkJoinPool alone = new ForkJoinPool(1);
    try {
      byte[] byOne = alone.submit(() -> picture.png(PngLayout.RGB)).get();

      assertThat(picture.png(PngLayout.RGB)).isEqualTo(byOne);
    } finally {
      alone.shutdown();
    }
  }

  @Test
  void theChecksumOfStripsIsThatOfTheWhole() {
    byte[] bytes = new byte[400_000];
    new Random(6).nextBytes(bytes);
    Arrays.fill(bytes, 0, 256, (byte) 255);
    bytes[256] = (byte) 240; // with these the first sum is 0
    for (int length : new int[] {0, 1, 256, 257, 65521, 131_073, 400_000}) {
      assertThat(
              PngWriter.append(
                  adler(bytes, 0, length),
                  adler(bytes, length, bytes.length - length),
                  bytes.length - length))
          .isEqualTo(adler(bytes, 0, bytes.length));
    }
  }

  private static int adler(byte[] bytes, int from, int length) {
    Adler32 checksum = new Adler32();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }

  @Test
  void photographsAreFilteredAndIndicesAreNot() throws IOException {
    Picture picture = smooth(200, 200, 1);
    byte[] grey = picture.png(PngLayout.GREY);
    byte[] palette = picture.png(PngLayout.palette(new byte[768]));

    assertThat(kinds(grey, 201)).containsOnly(1, 2);
    assertThat(kinds(palette, 201)).containsOnly(0);
  }

  @Test
  void aFailureOfTheStreamIsPassedOn() {
    IOException failure = new IOException("disk full");
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw failure;
          }
        };

    assertThatThrownBy(() -> PngWriter.write(PngLayout.GREY, 2, 2, noise(2, 2, 1)::copyRow, out))
        .isSameAs(failure);
  }

  @Test
  void aFailureOfTheSourceIsPassedOn() {
    RuntimeException failure = new IllegalStateException("no such row");

    assertThatThrownBy(
            () ->
                PngWriter.write(
                    PngLayout.RGB,
                    9,
                    9,
                    (y, target, offset) -> {
                      throw failure;
                    },
                    OutputStream.nullOutputStream()))
        .isSameAs(failure);
  }

  private static List<Integer> kinds(byte[] png, int lineBytes) throws IOException {
    try {
      byte[] lines = inflate(png);
      List<Integer> kinds = new ArrayList<>();
      for (int i = 0; i < lines.length; i += lineBytes) {
        kinds.add((int) lines[i]);
      }
      return kinds;
    } catch (DataFormatException e) {
      throw new IOException(e);
    }
  }

  /** Takes the chunks apart, checks each, and returns the filtered lines. */
  private static byte[] inflate(byte[] png) throws DataFormatException {
    ByteBuffer in = ByteBuffer.wrap(png);
    assertThat(in.getLong()).isEqualTo(0x89504e470d0a1a0aL);
    List<String> types = new ArrayList<>();
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    while (in.hasRemaining()) {
      byte[] content = new byte[in.getInt()];
      byte[] type = new byte[4];
      in.get(type).get(content);
      CRC32 checksum = new CRC32();
      checksum.update(type);
      checksum.update(content);
      assertThat(in.getInt()).isEqualTo((int) checksum.getValue());
      types.add(new String(type, StandardCharsets.US_ASCII));
      if (types.get(types.size() - 1).equals("IDAT")) {
        deflated.writeBytes(content);
      }
    }
    assertThat(String.join(" ", types)).matches("IHDR (PLTE )?(IDAT )+IEND");
    assertThat(ByteBuffer.wrap(png, 26, 3)).as("methods").isEqualTo(ByteBuffer.allocate(3));

    Inflater inflater = new Inflater(); // compares the checksum
    inflater.setInput(deflated.toByteArray());
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    byte[] part = new byte[100_000];
    while (!inflater.finished()) {
      int length = inflater.inflate(part);
      assertThat(length > 0 || inflater.finished()).as("there is more").isTrue();
      lines.write(part, 0, length);
    }
    assertThat(inflater.getRemaining()).as("bytes after the stream").isZero();
    inflater.end();
    return lines.toByteArray();
  }

  /** The rows of a picture, by the words of the PNG specification. */
  private static byte[] decode(byte[] png, int pixelBytes) throws DataFormatException {
    byte[] lines = inflate(png);
    int height = ByteBuffer.wrap(png).getInt(20);
    assertThat(lines.length % height).isZero();
    int rowBytes = lines.length / height - 1;
    byte[] rows = new byte[rowBytes * height];
    for (int y = 0, in = 0, out = 0; y < height; y++) {
      int kind = lines[in++];
      assertThat(kind).isBetween(0, 2);
      for (int i = 0; i < rowBytes; i++, in++, out++) {
        int left = i < pixelBytes ? 0 : rows[out - pixelBytes];
        int above = y == 0 ? 0 : rows[out - rowBytes];
        rows[out] = (byte) (lines[in] + (kind == 1 ? left : kind == 2 ? above : 0));
      }
    }
    return rows;
  }
}
