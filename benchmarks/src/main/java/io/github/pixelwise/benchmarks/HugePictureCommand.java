package io.github.pixelwise.benchmarks;

import io.github.pixelwise.RgbImage;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.zip.Deflater;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a picture that is too large for memory. */
@Command(
    name = "huge-picture",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes a square BigTIFF of tiles, a photo side by side and one below the other."
          + " Each tile of the photo is stored once, so the file is small, but is read like any"
          + " other."
    })
final class HugePictureCommand implements Callable<Integer> {
  private static final int PHOTO = 4096;

  /** The header of a BigTIFF, then the number of entries. */
  private static final int ENTRIES_AT = 16 + 8;

  private static final int ENTRIES = 10;
  private static final int ENTRY_BYTES = 20;

  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int LONG8 = 16;

  @Parameters(paramLabel = "FILE", description = "The file to write.")
  private Path file = Path.of("huge.tif");

  @Option(names = "--side", paramLabel = "PIXELS", description = "Default: ${DEFAULT-VALUE}.")
  private int side = 50_000;

  @Option(
      names = "--tile",
      paramLabel = "PIXELS",
      description = "A power of two of 16 to 4096. Default: ${DEFAULT-VALUE}.")
  private int tile = 512;

  @Option(names = "--plain", description = "Does not compress the tiles.")
  private boolean plain;

  @Override
  public Integer call() throws IOException {
    if (tile < 16 || tile > PHOTO || Integer.bitCount(tile) != 1) {
      throw new IllegalArgumentException(
          "tiles must have a power of two of 16 to %d pixels, found %d".formatted(PHOTO, tile));
    }
    byte[][] stored = tiles();
    int across = (side - 1) / tile + 1;
    int blocks = Math.multiplyExact(across, across);
    long offsets = ENTRIES_AT + ENTRIES * ENTRY_BYTES + 8L; // after the place of the next directory
    long lengths = offsets + 8L * blocks;
    long[] places = new long[stored.length];
    long end = lengths + 8L * blocks;
    for (int i = 0; i < stored.length; i++) {
      places[i] = end;
      end += stored[i].length;
    }
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeLong(0x4d4d_002b_0008_0000L);
      out.writeLong(16);
      out.writeLong(ENTRIES);
      write(out, 256, LONG, 1, (long) side << 32);
      write(out, 257, LONG, 1, (long) side << 32);
      write(out, 258, SHORT, 3, 0x0008_0008_0008_0000L);
      write(out, 259, SHORT, 1, (plain ? 1L : 8L) << 48); // none or Deflate
      write(out, 262, SHORT, 1, 2L << 48); // RGB
      write(out, 277, SHORT, 1, 3L << 48);
      write(out, 322, LONG, 1, (long) tile << 32);
      write(out, 323, LONG, 1, (long) tile << 32);
      write(out, 324, LONG8, blocks, offsets);
      write(out, 325, LONG8, blocks, lengths);
      out.writeLong(0); // there is no other directory
      for (int i = 0; i < blocks; i++) {
        out.writeLong(places[inPhoto(i, across)]);
      }
      for (int i = 0; i < blocks; i++) {
        out.writeLong(stored[inPhoto(i, across)].length);
      }
      for (byte[] one : stored) {
        out.write(one);
      }
    }
    System.out.printf("%s: %d x %d pixels, %d bytes%n", file, side, side, Files.size(file));
    return 0;
  }

  private static void write(DataOutputStream out, int tag, int type, long count, long value)
      throws IOException {
    out.writeShort(tag);
    out.writeShort(type);
    out.writeLong(count);
    out.writeLong(value);
  }

  private int inPhoto(int block, int across) {
    int perSide = PHOTO / tile;
    return block / across % perSide * perSide + block % across % perSide;
  }

  /** The tiles of a photo as they are stored. */
  private byte[][] tiles() throws IOException {
    RgbImage photo = Photographs.of(PHOTO, PHOTO);
    int perSide = PHOTO / tile;
    byte[][] tiles = new byte[perSide * perSide][];
    for (int i = 0; i < tiles.length; i++) {
      int x = i % perSide * tile;
      int y = i / perSide * tile;
      byte[] samples = photo.crop(x, y, tile, tile).toByteArray();
      tiles[i] = plain ? samples : deflate(samples);
    }
    return tiles;
  }

  private static byte[] deflate(byte[] samples) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(samples);
      deflater.finish();
      byte[] deflated = new byte[samples.length + (1 << 16)];
      return Arrays.copyOf(deflated, deflater.deflate(deflated));
    } finally {
      deflater.end();
    }
  }
}
