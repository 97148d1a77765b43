package io.github.pixelwise.imaging;

/** How pixels are stored in the rows of a PNG: channel by channel. */
public final class PngLayout {
  private static final byte[] NO_COLORS = {};

  /** Gray. */
  public static final PngLayout GREY = new PngLayout(0, 8, 1, true, NO_COLORS);

  /** Red, green, blue. */
  public static final PngLayout RGB = new PngLayout(2, 8, 3, true, NO_COLORS);

  /** Red, green, blue, alpha; colors are not premultiplied. */
  public static final PngLayout RGBA = new PngLayout(6, 8, 4, true, NO_COLORS);

  /** Gray samples of 16 bits, the higher byte first, that are indices, not shades. */
  public static final PngLayout INDICES_16 = new PngLayout(0, 16, 2, false, NO_COLORS);

  private final int colorType;
  private final int sampleBits;
  private final int pixelBytes;
  private final boolean filtered;
  private final byte[] colors;

  private PngLayout(
      int colorType, int sampleBits, int pixelBytes, boolean filtered, byte[] colors) {
    this.colorType = colorType;
    this.sampleBits = sampleBits;
    this.pixelBytes = pixelBytes;
    this.filtered = filtered;
    this.colors = colors;
  }

  /**
   * Indices of a palette.
   *
   * @param colors 1 to 256 colors, R G B; not copied
   * @return the layout
   */
  public static PngLayout palette(byte[] colors) {
    return new PngLayout(3, 8, 1, false, colors);
  }

  /** The bits of each channel. */
  int sampleBits() {
    return sampleBits;
  }

  /** PNG's number for the color type. */
  int colorType() {
    return colorType;
  }

  /** The palette; empty if there is none. */
  byte[] colors() {
    return colors;
  }

  /**
   * Whether filtering rows helps; it does not for indices, because similar indices have nothing in
   * common.
   */
  boolean isFiltered() {
    return filtered;
  }

  /** The number of bytes per pixel. */
  int pixelBytes() {
    return pixelBytes;
  }

  /**
   * The number of bytes from one search for a match to the next; 0 if runs of one byte are enough.
   * Without such matches, every opaque pixel takes bits for its alpha, and so does every 16-bit
   * index; pictures without alpha gain little.
   */
  int matchStride() {
    return pixelBytes == 4 || sampleBits == 16 ? pixelBytes : 0;
  }

  /** The number of bytes in a row, without the one for the filter type. */
  int rowBytes(int width) {
    return Math.multiplyExact(width, pixelBytes);
  }
}
