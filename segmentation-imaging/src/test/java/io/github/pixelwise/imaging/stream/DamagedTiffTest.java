package io.github.pixelwise.imaging.stream;

import static io.github.pixelwise.imaging.stream.DamagedStreamTest.failure;
import static io.github.pixelwise.imaging.stream.DamagedStreamTest.requireRows;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.imaging.UnreadablePictureException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of TIFFs whose directory or tiles are damaged. */
class DamagedTiffTest {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  @TempDir Path folder;

  private Path write(byte[] file) throws IOException {
    return Files.write(folder.resolve("picture"), file);
  }

  private void requireOpenFails(byte[] file, Reason reason, String message) throws IOException {
    DamagedStreamTest.requireOpenFails(write(file), reason, message);
  }

  /** A TIFF of 20 x 20 pixels in four tiles of 16 x 16, with some fields more or other. */
  private static byte[] tiff(TiffField... others) throws IOException {
    List<TiffField> fields = new ArrayList<>();
    fields.add(TiffField.shorts(TiffGrid.BITS, ORDER, 8));
    fields.add(TiffField.shorts(262, ORDER, 1));
    byte[] file =
        SmallTiff.of(
            ORDER, fields, true, 16, 16, 20, 20, List.of(tile(1), tile(2), tile(3), tile(4)));
    return others.length == 0 ? file : changed(file, others);
  }

  private static byte[] tile(int level) {
    byte[] tile = new byte[256];
    Arrays.fill(tile, (byte) level);
    return tile;
  }

  /** A file with a new directory at its end, in which some fields are added or replaced. */
  private static byte[] changed(byte[] file, TiffField... others) {
    ByteBuffer before = ByteBuffer.wrap(file).order(ORDER);
    List<byte[]> entries = new ArrayList<>();
    int count = before.getShort(8);
    for (int i = 0; i < count; i++) {
      entries.add(Arrays.copyOfRange(file, 10 + 12 * i, 22 + 12 * i));
    }
    int end = file.length;
    int valuesAt = end + 2 + 12 * (count + others.length) + 4;
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (TiffField field : others) {
      entries.removeIf(
          entry -> (ByteBuffer.wrap(entry).order(ORDER).getShort() & 0xffff) == field.tag());
      ByteBuffer entry = ByteBuffer.allocate(12).order(ORDER);
      entry.putShort((short) field.tag()).putShort((short) field.type()).putInt(field.count());
      if (field.value().length <= 4) {
        entry.put(field.value());
      } else {
        entry.putInt(valuesAt + values.size());
        values.writeBytes(field.value());
      }
      entries.add(entry.array());
    }
    entries.sort((a, b) -> Integer.compare(tag(a), tag(b)));
    ByteBuffer after = ByteBuffer.allocate(valuesAt + values.size()).order(ORDER);
    after.put(file).putInt(4, end).putShort((short) entries.size());
    entries.forEach(after::put);
    after.putInt(0);
    return after.put(valuesAt, values.toByteArray()).array();
  }

  private static int tag(byte[] entry) {
    return ByteBuffer.wrap(entry).order(ORDER).getShort() & 0xffff;
  }

  private static TiffField longs(int tag, long... values) {
    return TiffField.longs(tag, ORDER, false, values);
  }

  @Test
  void theFileThatTheseTestsDamageIsWhole() throws IOException {
    List<byte[]> rows = new ArrayList<>();
    Path file = write(changed(tiff(), longs(TiffGrid.TILE_WIDTH, 16)));
    try (PictureStream picture = PictureStream.open(file)) {
      byte[] rgb = new byte[20 * 20 * 3];
      picture.read(rgb, 0, 20);
      rows.add(rgb);
    }
    assertThat(rows.get(0)[0]).isEqualTo((byte) 1);
    assertThat(rows.get(0)[20 * 20 * 3 - 1]).isEqualTo((byte) 4);
    assertThat(RgbImage.of(20, 20, rows.get(0))).isEqualTo(Images.read(file));
  }

  private void requireDamaged(String why, TiffField... fields) throws IOException {
    requireOpenFails(
        tiff(fields),
        Reason.DAMAGED,
        "cannot read FILE: %s. Copy or download it again.".formatted(why));
  }

  @Test
  void anIndexOfTooFewTilesIsDamage() throws IOException {
    requireDamaged(
        "20 x 20 pixels in tiles of 16 x 16 need 4 of them, but it gives the places of 3",
        longs(TiffGrid.TILE_OFFSETS, 8, 8, 8));
  }

  @Test
  void aPictureThatIsLargerThanItsIndexIsDamage() throws IOException {
    requireDamaged(
        "20 x 2000000 pixels in tiles of 16 x 16 need 250000 of them, but it gives the places of 4",
        longs(TiffGrid.HEIGHT, 2_000_000));
  }

  @Test
  void sidesOfZeroAreDamage() throws IOException {
    requireDamaged("it gives a tile width of 0", longs(TiffGrid.TILE_WIDTH, 0));
    requireDamaged("it gives a tile height of 0", longs(TiffGrid.TILE_HEIGHT, 0));
    requireDamaged("it gives a width of 0", longs(TiffGrid.WIDTH, 0));
    requireDamaged("it gives a height of 4294967295", longs(TiffGrid.HEIGHT, 0xffffffffL));
  }

  @Test
  void compressedTilesWithoutLengthsAreDamage() throws IOException {
    requireDamaged(
        "it has 4 tiles, but gives the lengths of 2",
        TiffField.shorts(TiffGrid.COMPRESSION, ORDER, 8),
        longs(TiffGrid.TILE_LENGTHS, 256, 256));
  }

  @Test
  void aDirectoryBeyondTheEndIsDamage() throws IOException {
    byte[] file = tiff();
    ByteBuffer.wrap(file).order(ORDER).putInt(4, 100_000);
    requireOpenFails(
        file,
        Reason.DAMAGED,
        ("cannot read FILE: its directory at byte 100000 lies beyond the end of the file, which has"
                + " %d bytes. Copy or download it again.")
            .formatted(file.length));
  }

  @Test
  void tilesThatAreTooLargeForMemoryAreRefusedWithAdvice() throws IOException {
    requireOpenFails(
        tiff(longs(TiffGrid.TILE_WIDTH, 70_000), longs(TiffGrid.TILE_HEIGHT, 70_000)),
        Reason.UNSUPPORTED,
        "cannot read FILE row by row: its tiles of 70000 x 70000 pixels are too large for memory. "
            + Failures.TILED_TIFF);
  }

  @Test
  void aCompressionThatTheJdkLacksIsNamed() throws IOException {
    requireOpenFails(
        tiff(longs(TiffGrid.COMPRESSION, 50_000)),
        Reason.UNSUPPORTED,
        "cannot read FILE row by row: its compression is Zstandard (50000). "
            + Failures.TILED_TIFF);
  }

  @Test
  void tilesOfStrangeSizesAreRead() throws IOException {
    byte[] odd = new byte[7 * 3];
    Arrays.fill(odd, (byte) 9);
    List<TiffField> gray =
        List.of(TiffField.shorts(TiffGrid.BITS, ORDER, 8), TiffField.shorts(262, ORDER, 1));
    byte[] file = SmallTiff.of(ORDER, gray, true, 7, 3, 13, 5, List.of(odd, odd, odd, odd));
    try (PictureStream picture = PictureStream.open(write(file))) {
      byte[] rgb = new byte[13 * 5 * 3];
      picture.read(rgb, 0, 5);
      assertThat(rgb).containsOnly(9);
    }
  }

  @Test
  void rowsBeforeATileBeyondTheEndAreRead() throws IOException {
    byte[] file = tiff();
    int end = file.length - 100;
    Path path = write(Arrays.copyOf(file, end));
    List<byte[]> rows = new ArrayList<>();
    UnreadablePictureException e = failure(path, rows);
    assertThat(e)
        .hasMessage(
            "cannot read %s from row 16 on: tile 3 should be at the bytes %d to %d, but the file"
                + " has %d bytes. Copy or download it again.",
            path, file.length - 256, file.length, end);
    assertThat(e.reason()).isEqualTo(Reason.DAMAGED);
    assertThat(rows).hasSize(16);
    assertThat(rows.get(15)).containsOnly(1, 2);
  }

  @Test
  void aTileOfTooFewBytesIsDamage() throws IOException {
    Path path = write(tiff(longs(TiffGrid.TILE_LENGTHS, 256, 256, 255, 256)));
    assertThat(failure(path, new ArrayList<>()))
        .hasMessage(
            "cannot read %s from row 16 on: tile 2 needs 256 bytes, but has 255. Copy or download"
                + " it again.",
            path);
  }

  @Test
  void aTileThatClaimsToBeHugeIsDamage() throws IOException {
    Path path =
        write(
            tiff(
                TiffField.shorts(TiffGrid.COMPRESSION, ORDER, 8),
                longs(TiffGrid.TILE_LENGTHS, 0x7fffffff, 9, 9, 9)));
    assertThat(failure(path, new ArrayList<>()))
        .hasMessage(
            "cannot read %s from row 0 on: tile 0 has 2147483647 bytes, which is too much for 16 x"
                + " 16 pixels. Copy or download it again.",
            path);
  }

  @Test
  void compressedSamplesThatAreDamagedAreNamed() throws IOException {
    Path path = write(tiff(TiffField.shorts(TiffGrid.COMPRESSION, ORDER, 8)));
    assertThat(failure(path, new ArrayList<>()))
        .hasMessage(
            "cannot read %s from row 0 on: tile 0 is damaged (incorrect header check). Copy or"
                + " download it again.",
            path);
  }

  /** The JDK's own reader fills up the tile with zeros. */
  @ParameterizedTest
  @ValueSource(strings = {"LZW", "DEFLATE", "PACKBITS"})
  void aCompressedTileThatEndsEarlyIsDamage(String compression) throws IOException {
    byte[] file = GoldenStream.named("tiff-%s-tiles".formatted(compression)).file();
    long[] lengths;
    try (TiffFile tiff = TiffFile.open(FileChannel.open(write(file)))) {
      TiffGrid grid = TiffGrid.read(tiff);
      lengths = new long[grid.across() * grid.down()];
      Arrays.setAll(lengths, grid::length);
    }
    lengths[4] /= 2;
    Path path = write(changed(file, longs(TiffGrid.TILE_LENGTHS, lengths)));
    List<byte[]> rows = new ArrayList<>();
    assertThat(failure(path, rows))
        .hasMessageMatching(
            "cannot read .*picture from row 16 on: tile 4 needs 768 bytes, but has [2-6][0-9]{2}"
                + " when it is decompressed\\. Copy or download it again\\.");
    requireRows(GoldenStream.named("tiff-NONE-tiles").pixels().orElseThrow(), rows, 16);
  }

  @Test
  void aTurnedPictureIsRefusedWithAdvice() throws IOException {
    requireOpenFails(
        tiff(TiffField.shorts(274, ORDER, 6)),
        Reason.UNSUPPORTED,
        "cannot read FILE row by row: its rows are not stored from the top (orientation 6). "
            + Failures.TURN);
  }
}
