package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The samples in the blocks of a TIFF, and small TIFFs in memory that hold some of the blocks. May
 * be used by several threads.
 */
final class TiffSamples {
  private static final int PHOTOMETRIC = 262;
  private static final int PREDICTOR = 317;

  /**
   * Bits, compression, colors, order of bits, samples, FAX options, planes, predictor, palette,
   * inks, other samples, formats, ranges, JPEG tables, YCbCr, and the color profile.
   */
  private static final Set<Integer> COPIED =
      Set.of(
          258, 259, 262, 266, 277, 284, 290, 291, 292, 293, 317, 320, 332, 334, 336, 338, 339, 340,
          341, 347, 529, 530, 531, 532, 34675);

  private static final int GRAY = 1;
  private static final int RGB = 2;
  private static final int YCBCR = 6;
  private static final int DIFFERENCES = 2;

  /** A compressed block may have this many bytes more than it would have without compression... */
  private static final int OVERHEAD = 1 << 16;

  /** ...and this many times as many. */
  private static final int MOST_GROWTH = 8;

  private final TiffFile file;
  private final TiffGrid grid;
  private final Failures failures;
  private final Map<Integer, TiffField> fields = new TreeMap<>();
  private final int compression;
  private final long rowBytes;

  /** The bits of a sample. */
  private final int bits;

  /** Whether samples are differences from the pixel to the left. */
  private final boolean differences;

  /** Whether blocks are decompressed here. */
  private final boolean unpacked;

  TiffSamples(TiffFile file, TiffGrid grid, Failures failures) throws IOException {
    this.file = file;
    this.grid = grid;
    this.failures = failures;
    for (int tag : COPIED) {
      file.field(tag).ifPresent(field -> fields.put(tag, field.classic()));
    }
    compression = (int) file.integer(TiffGrid.COMPRESSION, TiffGrid.NONE);
    rowBytes = grid.rowBytes(file);
    requireMemory();
    bits = (int) file.integer(TiffGrid.BITS, 1);
    long predictor = file.integer(PREDICTOR, 1);
    boolean wholeBytes = rowBytes == (long) grid.blockWidth() * step();
    differences =
        predictor == DIFFERENCES
            && (compression == Compression.LZW || isDeflate())
            && (bits == 8 || bits == 16)
            && wholeBytes;
    boolean common = predictor == 1 || differences;
    // The JDK does not add up 16-bit differences, and does not notice if bytes are missing.
    unpacked = common && (isDeflate() || (differences && bits == 16));
  }

  private void requireMemory() throws UnreadablePictureException {
    long pixels = (long) grid.blockWidth() * grid.blockHeight();
    long bandBytes = 3L * grid.width() * grid.blockHeight();
    if (pixels > Images.MAX_PIXELS
        || Math.max(bandBytes, rowBytes * grid.blockHeight()) > Integer.MAX_VALUE - 8) {
      throw failures.unsupported(
          "its %s of %d x %d pixels are too large for memory"
              .formatted(grid.tiled() ? "tiles" : "strips", grid.blockWidth(), grid.blockHeight()),
          Failures.TILED_TIFF);
    }
  }

  private boolean isDeflate() {
    return compression == Compression.DEFLATE || compression == Compression.OLD_DEFLATE;
  }

  /** The bytes from a sample to the next one of the same band, if they have 8 or 16 bits. */
  private int step() {
    TiffField samples = fields.get(TiffGrid.SAMPLES);
    return bits / 8 * (grid.planes() > 1 || samples == null ? 1 : (int) samples.integer(0));
  }

  /** The order of the bytes of samples. */
  ByteOrder order() {
    return file.order();
  }

  /** What a block is called. */
  String name(int block) {
    return (grid.tiled() ? "tile " : "strip ") + block;
  }

  /**
   * A small TIFF of some blocks side by side and one below the other.
   *
   * @throws IOException if a block is damaged or not in the file
   */
  byte[] file(int across, int down, int countAcross, int countDown) throws IOException {
    boolean hole = grid.isHole(grid.block(0, across, down));
    List<byte[]> blocks = new ArrayList<>();
    for (int plane = 0; plane < grid.planes(); plane++) {
      for (int y = down; y < down + countDown; y++) {
        for (int x = across; x < across + countAcross; x++) {
          blocks.add(
              hole ? new byte[(int) (rowBytes * grid.rows(y))] : block(grid.block(plane, x, y), y));
        }
      }
    }
    int left = across * grid.blockWidth();
    int top = down * grid.blockHeight();
    return SmallTiff.of(
        file.order(),
        hole || unpacked ? withoutCompression(hole) : fields.values(),
        grid.tiled(),
        grid.blockWidth(),
        grid.blockHeight(),
        (int) Math.min((long) countAcross * grid.blockWidth(), grid.width() - left),
        (int) Math.min((long) countDown * grid.blockHeight(), grid.height() - top),
        blocks);
  }

  private Iterable<TiffField> withoutCompression(boolean hole) {
    Map<Integer, TiffField> changed = new TreeMap<>(fields);
    changed.remove(TiffGrid.COMPRESSION);
    changed.remove(PREDICTOR);
    TiffField colors = fields.get(PHOTOMETRIC);
    if (hole && colors != null && colors.integer(0) == YCBCR) { // zeros are not black there
      changed.put(PHOTOMETRIC, TiffField.shorts(PHOTOMETRIC, file.order(), RGB));
    }
    return changed.values();
  }

  private byte[] block(int index, int down) throws IOException {
    if (unpacked) {
      return samples(index, down);
    }
    byte[] block = bytes(index, down);
    requireWhole(block, index, down);
    return block;
  }

  private void requireWhole(byte[] block, int index, int down) throws IOException {
    try {
      Compression.requireSize(compression, block, rowBytes * grid.rows(down));
    } catch (IOException e) {
      throw failures.damaged(down * grid.blockHeight(), name(index) + " " + e.getMessage(), e);
    }
  }

  /**
   * The samples of a block of 8 or 16 bits, without compression and differences.
   *
   * @throws IOException if the block is damaged or not in the file
   */
  byte[] samples(int index, int down) throws IOException {
    byte[] block = bytes(index, down);
    byte[] samples;
    if (compression == TiffGrid.NONE) {
      samples = block;
    } else if (isDeflate()) {
      try {
        samples = Compression.inflate(block, (int) (rowBytes * grid.rows(down)));
      } catch (IOException e) {
        throw failures.damaged(down * grid.blockHeight(), name(index) + " " + e.getMessage(), e);
      }
    } else {
      requireWhole(block, index, down);
      samples = asGray(block, index, down);
    }
    if (differences) {
      addUp(samples);
    }
    return samples;
  }

  /** Lets the JDK undo the compression, by calling the bytes of samples 8-bit gray. */
  private byte[] asGray(byte[] block, int index, int down) throws IOException {
    List<TiffField> gray = new ArrayList<>();
    for (int tag : List.of(TiffGrid.COMPRESSION, 266, 292, 293)) {
      TiffField field = fields.get(tag);
      if (field != null) {
        gray.add(field);
      }
    }
    gray.add(TiffField.shorts(TiffGrid.BITS, file.order(), 8));
    gray.add(TiffField.shorts(PHOTOMETRIC, file.order(), GRAY));
    int rows = grid.rows(down);
    byte[] small =
        SmallTiff.of(
            file.order(), gray, false, (int) rowBytes, rows, (int) rowBytes, rows, List.of(block));
    RgbImage picture;
    try {
      picture = Images.read(small);
    } catch (UnreadablePictureException e) {
      throw failures.failed(down * grid.blockHeight(), name(index), e);
    }
    byte[] samples = new byte[(int) rowBytes * rows];
    byte[] row = new byte[3 * (int) rowBytes];
    for (int y = 0; y < rows; y++) {
      picture.copyRow(y, row, 0);
      for (int x = 0; x < rowBytes; x++) {
        samples[y * (int) rowBytes + x] = row[3 * x];
      }
    }
    return samples;
  }

  private void addUp(byte[] samples) {
    int step = step();
    ByteBuffer values = ByteBuffer.wrap(samples).order(file.order());
    for (int row = 0; row < samples.length; row += (int) rowBytes) {
      for (int i = row + step; i < row + rowBytes && bits == 8; i++) {
        samples[i] += samples[i - step];
      }
      for (int i = row + step; i < row + rowBytes && bits == 16; i += 2) {
        values.putShort(i, (short) (values.getShort(i) + values.getShort(i - step)));
      }
    }
  }

  /** The bytes of a block as they are in the file. */
  private byte[] bytes(int index, int down) throws IOException {
    int row = down * grid.blockHeight();
    long offset = grid.offset(index);
    long length = grid.length(index);
    long needed = rowBytes * grid.rows(down);
    boolean plain = compression == TiffGrid.NONE;
    if (plain && length < needed) {
      throw failures.damaged(
          row, "%s needs %d bytes, but has %d".formatted(name(index), needed, length), null);
    }
    long used = plain ? needed : length;
    if (used < 0 || used > needed * MOST_GROWTH + OVERHEAD) {
      throw failures.damaged(
          row,
          "%s has %d bytes, which is too much for %d x %d pixels"
              .formatted(name(index), length, grid.blockWidth(), grid.blockHeight()),
          null);
    }
    try {
      return file.bytes(offset, (int) used);
    } catch (EOFException e) {
      throw failures.damaged(
          row,
          "%s should be at the bytes %d to %d, but the file has %d bytes"
              .formatted(name(index), offset, offset + used, file.length()),
          e);
    }
  }
}
