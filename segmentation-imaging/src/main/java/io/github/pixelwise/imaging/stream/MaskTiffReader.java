package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.imaging.MaskFile;
import java.io.IOException;
import java.nio.ByteOrder;

/** Reads the categories of a TIFF as a whole. */
final class MaskTiffReader {
  private final TiffGrid grid;
  private final TiffSamples samples;
  private final int sampleBytes;

  /** The category of what is not written. */
  private final int empty;

  private MaskTiffReader(TiffFile file, Failures failures) throws IOException {
    grid = TiffGrid.read(file);
    long bits = file.integer(TiffGrid.BITS, 1);
    long bands = file.integer(TiffGrid.SAMPLES, 1);
    if (bands != 1 || (bits != 8 && bits != 16)) {
      throw failures.noMask(
          "it has %d bands of %d bits, expected one of 8 or 16".formatted(bands, bits),
          "Save the categories as gray or with a palette.");
    }
    if ((long) grid.width() * grid.height() > MaskFile.MAX_PIXELS) {
      throw failures.noMask(
          "it has %d x %d pixels, more than %d"
              .formatted(grid.width(), grid.height(), MaskFile.MAX_PIXELS),
          "Cut it into pieces.");
    }
    sampleBytes = (int) bits / 8;
    samples = new TiffSamples(file, grid, failures);
    String noData = file.field(MaskLayout.GDAL_NODATA).map(TiffField::text).orElse("").strip();
    empty = noData.matches("[0-9]{1,5}") ? Integer.parseInt(noData) : 0;
  }

  static CategoryMask read(TiffFile file, Failures failures) throws IOException {
    return new MaskTiffReader(file, failures).read();
  }

  private CategoryMask read() throws IOException {
    byte[] low = new byte[grid.width() * grid.height()];
    byte[] high = new byte[sampleBytes == 1 ? 0 : low.length];
    for (int down = 0; down < grid.down(); down++) {
      for (int across = 0; across < grid.across(); across++) {
        int index = grid.block(0, across, down);
        byte[] block = grid.isHole(index) ? new byte[0] : samples.samples(index, down);
        copy(block, across * grid.blockWidth(), down * grid.blockHeight(), low, high);
      }
    }
    return sampleBytes == 1
        ? CategoryMask.of(grid.width(), grid.height(), low)
        : CategoryMask.of(grid.width(), grid.height(), low, high);
  }

  private void copy(byte[] block, int left, int top, byte[] low, byte[] high) {
    int lowAt = samples.order() == ByteOrder.LITTLE_ENDIAN ? 0 : sampleBytes - 1;
    for (int y = top; y < Math.min(top + grid.blockHeight(), grid.height()); y++) {
      for (int x = left; x < Math.min(left + grid.blockWidth(), grid.width()); x++) {
        int from = ((y - top) * grid.blockWidth() + x - left) * sampleBytes;
        int to = y * grid.width() + x;
        low[to] = block.length == 0 ? (byte) empty : block[from + lowAt];
        if (sampleBytes == 2) {
          high[to] = block.length == 0 ? (byte) (empty >> 8) : block[from + 1 - lowAt];
        }
      }
    }
  }
}
