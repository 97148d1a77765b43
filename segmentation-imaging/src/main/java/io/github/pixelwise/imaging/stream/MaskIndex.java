package io.github.pixelwise.imaging.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Which tiles of a mask's file are written, and where. */
final class MaskIndex {
  private static final int TILE = MaskLayout.TILE;

  private final FileChannel channel;
  private final MaskLayout layout;
  private final long offsets;
  private final long lengths;
  private final long rowCount;

  /** The rows that are written. */
  private int rows;

  /** Where the next tile is written. */
  private long end;

  private MaskIndex(FileChannel channel, MaskLayout layout, TiffFile file) throws IOException {
    this.channel = channel;
    this.layout = layout;
    offsets = file.position(TiffGrid.TILE_OFFSETS);
    lengths = file.position(TiffGrid.TILE_LENGTHS);
    int description = file.field(MaskLayout.DESCRIPTION).map(TiffField::count).orElse(0);
    rowCount = file.position(MaskLayout.DESCRIPTION) + description - 1 - MaskLayout.ROWS_DIGITS;
  }

  /** Writes the index of a mask without tiles to a file. */
  static MaskIndex create(FileChannel channel, MaskLayout layout) throws IOException {
    TiffLayout header = layout.header();
    ByteBuffer start = ByteBuffer.allocate(header.size());
    header.write(start);
    write(channel, start.rewind(), 0);
    MaskIndex index = new MaskIndex(channel, layout, TiffFile.open(channel));
    index.end = header.size();
    return index;
  }

  /**
   * Reads the index of a file, and removes from the file what no tile refers to. A mask without
   * rows is begun anew, because nothing of it can be lost.
   *
   * @throws IOException if it is not a mask of this layout; the message names the difference
   */
  static MaskIndex resume(FileChannel channel, MaskLayout layout) throws IOException {
    TiffFile file = TiffFile.open(channel);
    TiffGrid grid = TiffGrid.read(file);
    String text = file.field(MaskLayout.DESCRIPTION).map(TiffField::text).orElse("");
    int split = text.lastIndexOf("\n" + MaskLayout.ROWS);
    if (split < 0 || !grid.tiled() || grid.blockWidth() != TILE || grid.blockHeight() != TILE) {
      throw new IOException("it was not written by a run that can be resumed");
    }
    String rows = text.substring(split + 1 + MaskLayout.ROWS.length());
    if (rows.strip().equals("0")) {
      channel.truncate(0);
      return create(channel, layout);
    }
    requireSame(layout, file, grid, text.substring(0, split));
    MaskIndex index = new MaskIndex(channel, layout, file);
    index.end = layout.header().size();
    index.findRows(grid, rows);
    channel.truncate(index.end);
    return index;
  }

  private static void requireSame(MaskLayout layout, TiffFile file, TiffGrid grid, String run)
      throws IOException {
    if (grid.width() != layout.width() || grid.height() != layout.height()) {
      throw new IOException(
          "it is a mask of %d x %d pixels, this one has %d x %d"
              .formatted(grid.width(), grid.height(), layout.width(), layout.height()));
    }
    long bits = file.integer(TiffGrid.BITS, 1);
    if (bits != layout.sampleBytes() * 8L) {
      throw new IOException(
          "it has categories of %d bits, this one has %d"
              .formatted(bits, layout.sampleBytes() * 8));
    }
    if (!run.equals(layout.run())) {
      List<String> before = new ArrayList<>(run.lines().toList());
      List<String> now = new ArrayList<>(layout.run().lines().toList());
      before.removeAll(layout.run().lines().toList());
      now.removeAll(run.lines().toList());
      throw new IOException("it was begun with %s, but this run has %s".formatted(before, now));
    }
  }

  /** Counts the rows before the first tile that is missing. */
  private void findRows(TiffGrid grid, String claimed) throws IOException {
    int claim;
    try {
      claim = Integer.parseInt(claimed.strip());
    } catch (NumberFormatException e) {
      throw new IOException("it does not say how many rows it has", e);
    }
    int complete = 0;
    long tilesEnd = end;
    for (int down = 0; down < grid.down(); down++) {
      for (int across = 0; across < grid.across(); across++) {
        int block = grid.block(0, across, down);
        long blockEnd = grid.offset(block) + grid.length(block);
        if (grid.offset(block) < end || blockEnd > channel.size()) {
          rows = Math.min(claim, complete);
          return;
        }
        tilesEnd = Math.max(tilesEnd, blockEnd);
      }
      end = tilesEnd;
      complete = Math.min((down + 1) * TILE, grid.height());
    }
    rows = Math.min(claim, complete);
  }

  /** The number of rows in the file. */
  int rows() {
    return rows;
  }

  /** The first row that must be written; a row of tiles is written as a whole. */
  int firstMissingRow() {
    return rows == layout.height() ? rows : rows - rows % TILE;
  }

  /**
   * Writes a row of tiles, first the tiles, then their places.
   *
   * @param rows the number of rows of the mask that are written then
   */
  void write(int down, List<byte[]> tiles, int rows) throws IOException {
    boolean big = layout.isBig();
    int bytes = big ? 8 : 4;
    ByteBuffer places = ByteBuffer.allocate(tiles.size() * bytes).order(MaskLayout.ORDER);
    ByteBuffer sizes = ByteBuffer.allocate(tiles.size() * bytes).order(MaskLayout.ORDER);
    long next = end;
    for (byte[] tile : tiles) {
      write(channel, ByteBuffer.wrap(tile), next);
      if (big) {
        places.putLong(next);
        sizes.putLong(tile.length);
      } else {
        places.putInt((int) next);
        sizes.putInt(tile.length);
      }
      next += tile.length;
    }
    if (!big && next > MaskLayout.CLASSIC_BYTES) {
      throw new IOException("it has been resumed so often that it is too large for a TIFF");
    }
    channel.force(false);
    long first = (long) down * tiles.size() * bytes;
    write(channel, sizes.flip(), lengths + first);
    write(channel, places.flip(), offsets + first);
    String count = ("%" + MaskLayout.ROWS_DIGITS + "d").formatted(rows);
    write(channel, ByteBuffer.wrap(count.getBytes(StandardCharsets.US_ASCII)), rowCount);
    end = next;
    this.rows = rows;
  }

  private static void write(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long next = position;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }
}
