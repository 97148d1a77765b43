package io.github.pixelwise.imaging.stream;

import io.github.pixelwise.Palette;
import io.github.pixelwise.internal.util.Colors;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** What a {@link MaskTiff} is like, and which run writes it. Immutable. */
public final class MaskLayout {
  /** The side of a tile in pixels. */
  static final int TILE = 256;

  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** How the description ends: the number of rows, which changes as they are written. */
  static final String ROWS = "rows written:";

  static final int ROWS_DIGITS = 11;
  static final int DESCRIPTION = 270;

  /** The category of pixels that belong to no class, as text. */
  static final int GDAL_NODATA = 42113;

  private static final int PHOTOMETRIC = 262;
  private static final int SOFTWARE = 305;
  private static final int PALETTE = 320;
  private static final int SAMPLE_FORMAT = 339;

  private static final int GRAY = 1;
  private static final int COLORS = 3;
  private static final int DEFLATE = 8;

  private static final int MOST_COLORS = 256;

  /** A TIFF that is not a BigTIFF has offsets of four bytes. */
  static final long CLASSIC_BYTES = 0xffffffffL;

  /** More than a tile grows when it is deflated, and than its entry in the index needs. */
  private static final int TILE_OVERHEAD = 1 << 10;

  /** More than the rest of the header needs. */
  private static final int HEADER_BYTES = 1 << 20;

  private final int width;
  private final int height;
  private final int classes;
  private final Palette palette;
  private final OptionalInt ignoreIndex;
  private final String run;
  private final Optional<GeoTags> geoTags;

  private MaskLayout(
      int width,
      int height,
      int classes,
      Palette palette,
      OptionalInt ignoreIndex,
      String run,
      Optional<GeoTags> geoTags) {
    this.width = width;
    this.height = height;
    this.classes = classes;
    this.palette = palette;
    this.ignoreIndex = ignoreIndex;
    this.run = run;
    this.geoTags = geoTags;
  }

  /**
   * Describes a mask.
   *
   * @param width the width in pixels, at least 1
   * @param height the height in pixels, at least 1
   * @param classes the number of classes: up to 256, samples are 8-bit indices of a palette, else
   *     16-bit gray without colors
   * @param palette the colors
   * @return the layout
   * @throws IllegalArgumentException if a number is below 1, or {@code classes} above 65536
   */
  public static MaskLayout of(int width, int height, int classes, Palette palette) {
    if (width < 1 || height < 1 || classes < 1 || classes > 1 << 16) {
      throw new IllegalArgumentException(
          "a mask needs at least 1 x 1 pixels and 1 to 65536 classes, found %d x %d and %d"
              .formatted(width, height, classes));
    }
    return new MaskLayout(
        width,
        height,
        classes,
        Objects.requireNonNull(palette, "palette"),
        OptionalInt.empty(),
        "",
        Optional.empty());
  }

  /**
   * Names the category of pixels that belong to no class, which is stored as GDAL's "no data".
   *
   * @param ignoreIndex the category, 0 to 65535
   * @return the changed layout
   * @throws IllegalArgumentException if it is out of range
   */
  public MaskLayout withIgnoreIndex(int ignoreIndex) {
    if (ignoreIndex < 0 || ignoreIndex >= 1 << 16) {
      throw new IllegalArgumentException(
          "the ignore index must be 0 to 65535, found " + ignoreIndex);
    }
    return new MaskLayout(
        width, height, classes, palette, OptionalInt.of(ignoreIndex), run, geoTags);
  }

  /**
   * Names the run that writes the mask, so that no other one resumes it.
   *
   * @param run all that the mask depends on, one line for each: the picture, the model, options. It
   *     is stored as the file's description.
   * @return the changed layout
   */
  public MaskLayout withRun(String run) {
    return new MaskLayout(width, height, classes, palette, ignoreIndex, run.strip(), geoTags);
  }

  /**
   * Adds where the picture lies on the map.
   *
   * @param geoTags the tags of the picture
   * @return the changed layout
   */
  public MaskLayout withGeoTags(GeoTags geoTags) {
    return new MaskLayout(width, height, classes, palette, ignoreIndex, run, Optional.of(geoTags));
  }

  /** {@return the width in pixels} */
  public int width() {
    return width;
  }

  /** {@return the height in pixels} */
  public int height() {
    return height;
  }

  /** The number of classes. */
  int classes() {
    return classes;
  }

  /** What the mask depends on. */
  String run() {
    return run;
  }

  /** The bytes of a sample, 1 or 2. */
  int sampleBytes() {
    return classes <= MOST_COLORS && ignoreIndex.orElse(0) < MOST_COLORS ? 1 : 2;
  }

  /** The category of what is not written, in all bytes of a sample. */
  byte emptyByte(int inSample) {
    return (byte) (ignoreIndex.orElse(0) >> (8 * inSample));
  }

  /** The number of tiles side by side. */
  int across() {
    return (width - 1) / TILE + 1;
  }

  /** The number of tiles one below the other. */
  int down() {
    return (height - 1) / TILE + 1;
  }

  /** The bytes of a tile that is not deflated. */
  int tileBytes() {
    return TILE * TILE * sampleBytes();
  }

  /** Whether four bytes may be too few for an offset, even if nothing can be compressed. */
  boolean isBig() {
    return (long) across() * down() * (tileBytes() + TILE_OVERHEAD) + HEADER_BYTES > CLASSIC_BYTES;
  }

  /** The beginning of a file in which no tile is written. */
  TiffLayout header() {
    boolean big = isBig();
    boolean colors = sampleBytes() == 1;
    long[] nothing = new long[Math.multiplyExact(across(), down())];
    List<TiffField> fields = new ArrayList<>();
    fields.add(TiffField.longs(TiffGrid.WIDTH, ORDER, false, width));
    fields.add(TiffField.longs(TiffGrid.HEIGHT, ORDER, false, height));
    fields.add(TiffField.shorts(TiffGrid.BITS, ORDER, 8 * sampleBytes()));
    fields.add(TiffField.shorts(TiffGrid.COMPRESSION, ORDER, DEFLATE));
    fields.add(TiffField.shorts(PHOTOMETRIC, ORDER, colors ? COLORS : GRAY));
    fields.add(TiffField.text(DESCRIPTION, ORDER, description(run, 0)));
    fields.add(TiffField.shorts(TiffGrid.SAMPLES, ORDER, 1));
    fields.add(TiffField.shorts(TiffGrid.PLANES, ORDER, 1));
    fields.add(TiffField.text(SOFTWARE, ORDER, "Pixelwise"));
    if (colors) {
      fields.add(TiffField.shorts(PALETTE, ORDER, colors()));
    }
    fields.add(TiffField.shorts(TiffGrid.TILE_WIDTH, ORDER, TILE));
    fields.add(TiffField.shorts(TiffGrid.TILE_HEIGHT, ORDER, TILE));
    fields.add(TiffField.longs(TiffGrid.TILE_OFFSETS, ORDER, big, nothing));
    fields.add(TiffField.longs(TiffGrid.TILE_LENGTHS, ORDER, big, nothing));
    fields.add(TiffField.shorts(SAMPLE_FORMAT, ORDER, 1));
    ignoreIndex.ifPresent(
        index -> fields.add(TiffField.text(GDAL_NODATA, ORDER, String.valueOf(index))));
    geoTags.ifPresent(tags -> tags.fields().forEach(field -> fields.add(field.in(ORDER))));
    return new TiffLayout(ORDER, big, fields);
  }

  static String description(String run, int rows) {
    return run + "\n" + ROWS + ("%" + ROWS_DIGITS + "d").formatted(rows);
  }

  /** All reds, then all greens, then all blues, of 16 bits each. */
  private int[] colors() {
    int[] colors = new int[3 * MOST_COLORS];
    for (int category = 0; category < MOST_COLORS; category++) {
      int rgb = Colors.require("the color of category " + category, palette.rgb(category));
      colors[category] = (rgb >> 16) * 257;
      colors[MOST_COLORS + category] = (rgb >> 8 & 0xff) * 257;
      colors[2 * MOST_COLORS + category] = (rgb & 0xff) * 257;
    }
    return colors;
  }
}
