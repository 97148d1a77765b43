package io.github.pixelwise.imaging.stream;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the pixels of a TIFF are divided into blocks, which are tiles or strips, and where these are
 * in the file: row by row from the top, plane after plane.
 */
final class TiffGrid {
  static final int WIDTH = 256;
  static final int HEIGHT = 257;
  static final int BITS = 258;
  static final int COMPRESSION = 259;
  static final int STRIP_OFFSETS = 273;
  static final int SAMPLES = 277;
  static final int STRIP_ROWS = 278;
  static final int STRIP_LENGTHS = 279;
  static final int PLANES = 284;
  static final int TILE_WIDTH = 322;
  static final int TILE_HEIGHT = 323;
  static final int TILE_OFFSETS = 324;
  static final int TILE_LENGTHS = 325;

  /** What {@link #COMPRESSION} is for samples as they are. */
  static final int NONE = 1;

  private static final int SEPARATE = 2;

  /** Larger strips of samples as they are get cut into pieces. */
  private static final long PIECE_BYTES = 1 << 20;

  private final int width;
  private final int height;
  private final boolean tiled;
  private final int blockWidth;
  private final int blockHeight;
  private final int planes;
  private final long[] offsets;
  private final long[] lengths;

  private TiffGrid(
      int width,
      int height,
      boolean tiled,
      int blockWidth,
      int blockHeight,
      int planes,
      long[] offsets,
      long[] lengths) {
    this.width = width;
    this.height = height;
    this.tiled = tiled;
    this.blockWidth = blockWidth;
    this.blockHeight = blockHeight;
    this.planes = planes;
    this.offsets = offsets;
    this.lengths = lengths;
  }

  /**
   * Reads where the pixels of a file are.
   *
   * @throws IOException if the file does not say, or contradicts itself; the message says how
   */
  static TiffGrid read(TiffFile file) throws IOException {
    int width = side(file, WIDTH, "a width");
    int height = side(file, HEIGHT, "a height");
    boolean tiled = file.has(TILE_WIDTH) || file.has(TILE_HEIGHT) || file.has(TILE_OFFSETS);
    int blockWidth = tiled ? side(file, TILE_WIDTH, "a tile width") : width;
    int blockHeight =
        tiled
            ? side(file, TILE_HEIGHT, "a tile height")
            : (int) Math.min(height, file.integer(STRIP_ROWS, height));
    if (blockHeight < 1) {
      throw new IOException("it gives 0 rows in a strip");
    }
    long samples = file.integer(SAMPLES, 1);
    if (samples < 1 || samples > 0xffff) {
      throw new IOException("it gives %d samples for each pixel".formatted(samples));
    }
    int planes = file.integer(PLANES, 1) == SEPARATE ? (int) samples : 1;
    TiffGrid grid =
        new TiffGrid(
            width, height, tiled, blockWidth, blockHeight, planes, new long[0], new long[0]);
    return grid.withIndex(file).inPieces(file);
  }

  private static int side(TiffFile file, int tag, String what) throws IOException {
    long side = file.integer(tag, -1);
    if (side < 1 || side > Integer.MAX_VALUE) {
      throw new IOException(
          side < 0
              ? "it does not give %s (tag %d)".formatted(what, tag)
              : "it gives %s of %d".formatted(what, side));
    }
    return (int) side;
  }

  private TiffGrid withIndex(TiffFile file) throws IOException {
    long blocks = (long) across() * down() * planes;
    Optional<TiffField> places = file.field(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    if (places.isEmpty() && tiled) {
      places = file.field(STRIP_OFFSETS); // as some old writers call it
    }
    long found = places.map(TiffField::count).orElse(0);
    if (found < blocks) {
      throw new IOException(
          "%d x %d pixels in %s of %d x %d%s need %d of them, but it gives the places of %d"
              .formatted(
                  width,
                  height,
                  tiled ? "tiles" : "strips",
                  blockWidth,
                  blockHeight,
                  planes > 1 ? " in %d planes".formatted(planes) : "",
                  blocks,
                  found));
    }
    long[] offsets = numbers(places.orElseThrow(), (int) blocks);
    Optional<TiffField> sizes = file.field(tiled ? TILE_LENGTHS : STRIP_LENGTHS);
    if (sizes.isEmpty() && tiled) {
      sizes = file.field(STRIP_LENGTHS);
    }
    boolean plain = file.integer(COMPRESSION, NONE) == NONE;
    if (!plain && sizes.map(TiffField::count).orElse(0) < blocks) {
      throw new IOException(
          "it has %d %s, but gives the lengths of %d"
              .formatted(
                  blocks, tiled ? "tiles" : "strips", sizes.map(TiffField::count).orElse(0)));
    }
    long[] lengths =
        sizes.isPresent() && sizes.get().count() >= blocks
            ? numbers(sizes.get(), (int) blocks)
            : plainLengths(file, (int) blocks);
    return new TiffGrid(width, height, tiled, blockWidth, blockHeight, planes, offsets, lengths);
  }

  private static long[] numbers(TiffField field, int count) {
    long[] numbers = new long[count];
    Arrays.setAll(numbers, field::integer);
    return numbers;
  }

  private long[] plainLengths(TiffFile file, int blocks) throws IOException {
    long[] lengths = new long[blocks];
    long rowBytes = rowBytes(file);
    Arrays.setAll(lengths, block -> rowBytes * rows(block / across() % down()));
    return lengths;
  }

  /** The bytes of a row of a block whose samples are not compressed. */
  long rowBytes(TiffFile file) throws IOException {
    Optional<TiffField> bits = file.field(BITS);
    long samples = planes > 1 ? 1 : file.integer(SAMPLES, 1);
    long perPixel = 0;
    for (int i = 0; i < samples; i++) {
      perPixel += bits.isEmpty() ? 1 : bits.get().integer(Math.min(i, bits.get().count() - 1));
    }
    return (blockWidth * perPixel + 7) / 8;
  }

  /** The same pixels; strips that are too large to be in memory are divided. */
  private TiffGrid inPieces(TiffFile file) throws IOException {
    long rowBytes = rowBytes(file);
    if (tiled
        || planes > 1
        || file.integer(COMPRESSION, NONE) != NONE
        || rowBytes * blockHeight <= PIECE_BYTES) {
      return this;
    }
    int rows = (int) Math.max(1, PIECE_BYTES / rowBytes);
    while (blockHeight < height && blockHeight % rows != 0) {
      rows--;
    }
    int pieces = (blockHeight - 1) / rows + 1;
    int piecesInAll = (height - 1) / rows + 1;
    long[] starts = new long[piecesInAll];
    long[] sizes = new long[piecesInAll];
    for (int i = 0; i < piecesInAll; i++) {
      long inStrip = rowBytes * rows * (i % pieces);
      starts[i] = offsets[i / pieces] + inStrip;
      long rest = Math.max(0, lengths[i / pieces] - inStrip);
      sizes[i] = Math.min(rest, rowBytes * Math.min(rows, height - i * rows));
    }
    return new TiffGrid(width, height, false, width, rows, 1, starts, sizes);
  }

  /** The width of the picture. */
  int width() {
    return width;
  }

  /** The height of the picture. */
  int height() {
    return height;
  }

  /** Whether blocks are tiles, which are all of the same size, even at the borders. */
  boolean tiled() {
    return tiled;
  }

  /** The width of a block. */
  int blockWidth() {
    return blockWidth;
  }

  /** The height of a block; the last strip may be lower. */
  int blockHeight() {
    return blockHeight;
  }

  /** 1, or the number of bands if each has blocks of its own. */
  int planes() {
    return planes;
  }

  /** Where a block begins in the file. */
  long offset(int block) {
    return offsets[block];
  }

  /** The bytes of a block. */
  long length(int block) {
    return lengths[block];
  }

  /** Whether a block is not stored, which by GDAL's convention means that it is empty. */
  boolean isHole(int block) {
    return offsets[block] == 0 && lengths[block] == 0;
  }

  /** The number of blocks side by side. */
  int across() {
    return (width - 1) / blockWidth + 1;
  }

  /** The number of blocks one below the other. */
  int down() {
    return (height - 1) / blockHeight + 1;
  }

  /** The number of rows that are stored in the blocks of a row of blocks. */
  int rows(int down) {
    return tiled ? blockHeight : Math.min(blockHeight, height - down * blockHeight);
  }

  /** The index of a block. */
  int block(int plane, int across, int down) {
    return (plane * down() + down) * across() + across;
  }
}
