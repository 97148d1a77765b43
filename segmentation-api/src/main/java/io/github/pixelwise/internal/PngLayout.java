package io.github.pixelwise.internal;

/** How pixels lie in the rows of a PNG: channel by channel, 8 bits each. */
public final class PngLayout {
  /** Grey. */
  public static final PngLayout GREY = new PngLayout(0, 1, new byte[0]);

  /** Red, green, blue. */
  public static final PngLayout RGB = new PngLayout(2, 3, new byte[0]);

  /** Red, green, blue, alpha; colours are not multiplied by alpha. */
  public static final PngLayout RGBA = new PngLayout(6, 4, new byte[0]);

  private final int colorType;
  private final int channels;
  private final byte[] colors;

  private PngLayout(int colorType, int channels, byte[] colors) {
    this.colorType = colorType;
    this.channels = channels;
    this.colors = colors;
  }

  /**
   * Indices of a palette.
   *
   * @param colors 1 to 256 colours, R G B; not copied
   */
  public static PngLayout palette(byte[] colors) {
    return new PngLayout(3, 1, colors);
  }

  /** PNG's number for the kind of pixels. */
  int colorType() {
    return colorType;
  }

  /** The palette; empty if there is none. */
  byte[] colors() {
    return colors;
  }

  /** Whether it helps to filter rows; neighbouring indices are no nearer than others. */
  boolean isFiltered() {
    return colors.length == 0;
  }

  /** The bytes from a pixel's channel to the next pixel's, if rows are filtered. */
  int pixelBytes() {
    return channels;
  }

  /**
   * The bytes from one look for a match to the next; 0 where runs of one byte are enough. Without
   * such matches every opaque pixel pays for its alpha; pictures without alpha gain little.
   */
  int matchStride() {
    return channels == 4 ? channels : 0;
  }

  /** The bytes of a row, without the one that says how it is filtered. */
  int rowBytes(int width) {
    return Math.multiplyExact(width, channels);
  }
}
