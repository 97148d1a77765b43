package io.github.pixelwise.imaging.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Makes TIFFs in memory of blocks of another one. */
final class SmallTiff {
  private SmallTiff() {}

  /**
   * Makes a file.
   *
   * @param order the order of its bytes
   * @param samples the fields that describe the samples
   * @param tiled whether blocks are tiles or strips
   * @param blockWidth the width of a tile
   * @param blockHeight the height of a block
   * @param width the width of the picture
   * @param height its height
   * @param blocks the blocks
   * @throws IOException if it would be too large for memory
   */
  static byte[] of(
      ByteOrder order,
      Iterable<TiffField> samples,
      boolean tiled,
      int blockWidth,
      int blockHeight,
      int width,
      int height,
      List<byte[]> blocks)
      throws IOException {
    List<TiffField> fields = new ArrayList<>();
    samples.forEach(fields::add);
    fields.add(TiffField.longs(TiffGrid.WIDTH, order, false, width));
    fields.add(TiffField.longs(TiffGrid.HEIGHT, order, false, height));
    if (tiled) {
      fields.add(TiffField.longs(TiffGrid.TILE_WIDTH, order, false, blockWidth));
      fields.add(TiffField.longs(TiffGrid.TILE_HEIGHT, order, false, blockHeight));
    } else {
      fields.add(TiffField.longs(TiffGrid.STRIP_ROWS, order, false, blockHeight));
    }
    long[] lengths = blocks.stream().mapToLong(block -> block.length).toArray();
    int lengthsTag = tiled ? TiffGrid.TILE_LENGTHS : TiffGrid.STRIP_LENGTHS;
    fields.add(TiffField.longs(lengthsTag, order, false, lengths));
    int offsetsTag = tiled ? TiffGrid.TILE_OFFSETS : TiffGrid.STRIP_OFFSETS;
    long[] offsets = new long[lengths.length];
    fields.add(TiffField.longs(offsetsTag, order, false, offsets)); // zeros, to learn the size
    long end = new TiffLayout(order, false, fields).size();
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = end;
      end += lengths[i];
    }
    if (end > Integer.MAX_VALUE - 8) {
      throw new IOException("its blocks of %d bytes are too large for memory".formatted(end));
    }
    fields.set(fields.size() - 1, TiffField.longs(offsetsTag, order, false, offsets));
    TiffLayout layout = new TiffLayout(order, false, fields);
    ByteBuffer file = ByteBuffer.allocate((int) end);
    layout.write(file);
    file.position(layout.size());
    blocks.forEach(file::put);
    return file.array();
  }
}
