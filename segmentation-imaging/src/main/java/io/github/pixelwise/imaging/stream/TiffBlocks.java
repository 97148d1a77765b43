package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.internal.util.Rows;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The tiles or strips of a TIFF or BigTIFF, some rows of them at a time.
 *
 * <p>Some blocks become a small TIFF in memory, with the tags that describe samples and
 * compression, which {@link Images} reads. So no size is too large for the reader, every kind of
 * samples is read in the same way as in a small picture, to the bit, and several cores decode at
 * once.
 */
final class TiffBlocks implements Bands {
  private static final int ORIENTATION = 274;

  /** None, CCITT, LZW, JPEG, Deflate (two numbers), and PackBits: what the JDK reads. */
  private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, 7L, 8L, 32773L, 32946L);

  private static final Map<Long, String> OTHER_COMPRESSIONS =
      Map.of(
          6L, "old-style JPEG",
          34712L, "JPEG 2000",
          34887L, "LERC",
          34925L, "LZMA",
          50000L, "Zstandard",
          50001L, "WebP",
          50002L, "JPEG XL");

  /** A band has about this many rows, unless blocks are higher. */
  private static final int BAND_ROWS = 256;

  /** Blocks of about this many pixels in all are decoded at once by one thread. */
  private static final int RUN_PIXELS = 1 << 20;

  private final TiffFile file;
  private final TiffGrid grid;
  private final Failures failures;
  private final TiffSamples samples;

  /** The rows of blocks of a band. */
  private int bandDown;

  /** The next row of blocks. */
  private int down;

  /** Blocks that are decoded together. */
  private record Run(int across, int down, int width, int height) {}

  private TiffBlocks(TiffFile file, TiffGrid grid, Failures failures) throws IOException {
    this.file = file;
    this.grid = grid;
    this.failures = failures;
    samples = new TiffSamples(file, grid, failures);
    bandDown = Math.max(1, BAND_ROWS / grid.blockHeight());
  }

  /**
   * Opens a picture.
   *
   * @param channel its file, which belongs to the result
   * @throws IOException if it is damaged or of a kind that cannot be read in bands
   */
  static TiffBlocks open(FileChannel channel, Failures failures) throws IOException {
    TiffFile file;
    TiffGrid grid;
    try {
      file = TiffFile.open(channel);
      grid = TiffGrid.read(file);
      requireSupported(file, failures);
      return new TiffBlocks(file, grid, failures);
    } catch (UnreadablePictureException e) {
      throw e;
    } catch (IOException e) {
      throw failures.damaged(String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireSupported(TiffFile file, Failures failures) throws IOException {
    long orientation = file.integer(ORIENTATION, 1);
    if (orientation >= 2 && orientation <= 8) {
      throw failures.unsupported(
          "its rows are not stored from the top (orientation %d)".formatted(orientation),
          Failures.TURN);
    }
    long compression = file.integer(TiffGrid.COMPRESSION, TiffGrid.NONE);
    if (!COMPRESSIONS.contains(compression)) {
      throw failures.unsupported(
          "its compression is %s (%d)"
              .formatted(OTHER_COMPRESSIONS.getOrDefault(compression, "unknown"), compression),
          Failures.TILED_TIFF);
    }
  }

  @Override
  public int width() {
    return grid.width();
  }

  @Override
  public int height() {
    return grid.height();
  }

  @Override
  public int rows() {
    return (int) Math.min((long) bandDown * grid.blockHeight(), height() - row());
  }

  private int row() {
    return down * grid.blockHeight();
  }

  @Override
  public int pass() {
    int rows = rows();
    down += bandDown;
    return rows;
  }

  @Override
  public RgbImage next() throws IOException {
    try {
      RgbImage band = read(Math.min(bandDown, grid.down() - down));
      down += bandDown;
      return band;
    } catch (IOException e) {
      if (bandDown == 1) {
        throw e;
      }
      bandDown = 1; // to read what precedes the damage
      return next();
    }
  }

  private RgbImage read(int bandDown) throws IOException {
    int rows = rows();
    byte[] band = new byte[width() * 3 * rows];
    List<Run> runs = runs(bandDown);
    Map<Integer, IOException> failed = new ConcurrentSkipListMap<>(Comparator.naturalOrder());
    Rows.inParallel(
        runs.size(),
        1,
        (from, to) -> {
          for (int i = from; i < to && failed.isEmpty(); i++) {
            try {
              read(runs.get(i), band);
            } catch (IOException e) {
              failed.put(i, e);
            }
          }
        });
    for (IOException e : failed.values()) {
      throw e;
    }
    return RgbImage.of(width(), rows, band);
  }

  private List<Run> runs(int bandDown) {
    long pixels = (long) grid.blockWidth() * grid.blockHeight();
    int columns = (int) Math.max(1, Math.min(grid.across(), RUN_PIXELS / pixels));
    int rows = (int) Math.max(1, RUN_PIXELS / (pixels * columns));
    List<Run> runs = new ArrayList<>();
    for (int y = 0; y < bandDown; y += rows) {
      for (int x = 0; x < grid.across(); x += columns) {
        runs.add(
            new Run(
                x, down + y, Math.min(columns, grid.across() - x), Math.min(rows, bandDown - y)));
      }
    }
    return runs;
  }

  private void read(Run run, byte[] band) throws IOException {
    boolean single = run.width == 1 && run.height == 1;
    if (!single && hasHole(run)) {
      for (int i = 0; i < run.width * run.height; i++) {
        read(new Run(run.across + i % run.width, run.down + i / run.width, 1, 1), band);
      }
      return;
    }
    int x = run.across * grid.blockWidth();
    int y = run.down * grid.blockHeight();
    byte[] small = samples.file(run.across, run.down, run.width, run.height);
    RgbImage picture;
    try {
      picture = Images.read(small);
    } catch (UnreadablePictureException e) {
      throw failures.failed(y, name(run), e);
    }
    for (int i = 0; i < picture.height(); i++) {
      picture.copyRow(i, band, ((y - row() + i) * width() + x) * 3);
    }
  }

  /** Whether a block is not stored. */
  private boolean hasHole(Run run) {
    for (int y = run.down; y < run.down + run.height; y++) {
      for (int x = run.across; x < run.across + run.width; x++) {
        if (grid.isHole(grid.block(0, x, y))) {
          return true;
        }
      }
    }
    return false;
  }

  private String name(Run run) {
    int first = grid.block(0, run.across, run.down);
    int last = grid.block(0, run.across + run.width - 1, run.down + run.height - 1);
    return first == last ? samples.name(first) : samples.name(first) + " to " + last;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
