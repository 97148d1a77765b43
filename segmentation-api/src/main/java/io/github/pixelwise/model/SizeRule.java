package io.github.pixelwise.model;

import io.github.pixelwise.internal.card.CardValues;
import java.util.Locale;
import java.util.Objects;

/**
 * The rule for a network's input size.
 *
 * <p>For edge rules the image is scaled so that its long or short edge has the given length, then
 * each side becomes a number of the form {@code multiple * k + remainder}: the nearest or next
 * lower one when stretched, the next higher one when padded.
 */
public final class SizeRule {
  /** How sides are rounded. */
  public enum Rounding {
    /** To the nearest, halves to the even one. */
    NEAREST,
    /** Down, as torchvision's {@code Resize} does. */
    DOWN
  }

  /** Which sides a rule gives. */
  public enum Kind {
    /** Both, the same for every image. */
    FIXED,
    /** The longer one; the other follows in proportion. */
    LONG_EDGE,
    /** The shorter one; the other follows in proportion. */
    SHORT_EDGE
  }

  /** Inputs above 64 megapixels (768 MiB of floats) are rejected. */
  private static final long MAX_PIXELS = 1L << 26;

  private static final int MAX_CROP = 8192;

  private final Kind kind;
  private final int width;
  private final int height;
  private final int multiple;
  private final int remainder;
  private final Rounding rounding;

  private SizeRule(
      Kind kind, int width, int height, int multiple, int remainder, Rounding rounding) {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(rounding, "rounding");
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "sides must be at least 1, found " + width + " x " + height);
    }
    if (kind != Kind.FIXED && width != height) {
      throw new IllegalArgumentException(
          "an edge rule has one length, found " + width + " and " + height);
    }
    if (multiple < 1 || remainder < 0 || remainder >= multiple) {
      throw new IllegalArgumentException(
          "multiple must be at least 1 and remainder in 0..multiple-1, found %d and %d"
              .formatted(multiple, remainder));
    }
    if (kind == Kind.FIXED && multiple != 1) {
      throw new IllegalArgumentException("a fixed size has no multiple, found " + multiple);
    }
    this.kind = kind;
    this.width = width;
    this.height = height;
    this.multiple = multiple;
    this.remainder = remainder;
    this.rounding = rounding;
  }

  /**
   * Parses a rule as it is written on a model card.
   *
   * @param value {@code fixed W x H}, {@code long-edge N} or {@code short-edge N}
   * @return the rule
   * @throws IllegalArgumentException if it is none of these
   */
  public static SizeRule parse(String value) {
    try {
      return CardValues.parseSize(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "a size is \"fixed W x H\", \"long-edge N\" or \"short-edge N\", found \"%s\""
              .formatted(value),
          e);
    }
  }

  /**
   * Creates a rule with one size for every image.
   *
   * @param width the input's width
   * @param height the input's height
   * @return the rule
   */
  public static SizeRule fixed(int width, int height) {
    return new SizeRule(Kind.FIXED, width, height, 1, 0, Rounding.NEAREST);
  }

  /**
   * Creates the size of the center that is cut out of a resized image.
   *
   * @param width the width in pixels
   * @param height the height in pixels
   * @return the fixed size
   * @throws IllegalArgumentException if a side is outside 1..8192
   */
  public static SizeRule crop(int width, int height) {
    if (width < 1 || height < 1 || width > MAX_CROP || height > MAX_CROP) {
      throw new IllegalArgumentException(
          "the sides of a crop must lie in 1..%d, found %d x %d"
              .formatted(MAX_CROP, width, height));
    }
    return fixed(width, height);
  }

  /**
   * Creates a rule that gives the longer edge this length.
   *
   * @param length the length in pixels
   * @return the rule, without a multiple
   */
  public static SizeRule longEdge(int length) {
    return new SizeRule(Kind.LONG_EDGE, length, length, 1, 0, Rounding.NEAREST);
  }

  /**
   * Creates a rule that gives the shorter edge this length.
   *
   * @param length the length in pixels
   * @return the rule, without a multiple
   */
  public static SizeRule shortEdge(int length) {
    return new SizeRule(Kind.SHORT_EDGE, length, length, 1, 0, Rounding.NEAREST);
  }

  /**
   * Returns this rule with sides of the form {@code multiple * k + remainder}.
   *
   * @param multiple the multiple, at least 1
   * @param remainder the remainder, 0 to {@code multiple - 1}
   * @return the new rule
   */
  public SizeRule withMultiple(int multiple, int remainder) {
    return new SizeRule(kind, width, height, multiple, remainder, rounding);
  }

  /**
   * Returns this rule with another rounding.
   *
   * @param rounding the rounding
   * @return the new rule
   */
  public SizeRule withRounding(Rounding rounding) {
    return new SizeRule(kind, width, height, multiple, remainder, rounding);
  }

  /** This edge rule with another length, which is rounded to the nearest pixel. */
  SizeRule scaled(double factor) {
    int length = Math.max(1, (int) Math.rint(width * factor));
    return new SizeRule(kind, length, length, multiple, remainder, rounding);
  }

  ImageGeometry geometry(ResizeMode mode, int sourceWidth, int sourceHeight) {
    double scaleX = (double) width / sourceWidth;
    double scaleY = (double) height / sourceHeight;
    // At most one division, so that exact results stay exact.
    double scaledWidth =
        follows(scaleX, scaleY) ? (double) height * sourceWidth / sourceHeight : width;
    double scaledHeight =
        follows(scaleY, scaleX) ? (double) width * sourceHeight / sourceWidth : height;
    if (mode == ResizeMode.STRETCH) {
      int w = kind == Kind.FIXED ? width : rounded(scaledWidth);
      int h = kind == Kind.FIXED ? height : rounded(scaledHeight);
      return bounded(ImageGeometry.stretched(sourceWidth, sourceHeight, w, h));
    }
    int contentWidth = Math.max(1, (int) round(scaledWidth));
    int contentHeight = Math.max(1, (int) round(scaledHeight));
    int w = kind == Kind.FIXED ? width : atLeast(contentWidth);
    int h = kind == Kind.FIXED ? height : atLeast(contentHeight);
    boolean centered = mode == ResizeMode.LETTERBOX;
    return bounded(
        ImageGeometry.stretched(sourceWidth, sourceHeight, w, h)
            .withContent(
                centered ? (w - contentWidth) / 2 : 0,
                centered ? (h - contentHeight) / 2 : 0,
                contentWidth,
                contentHeight));
  }

  /** Whether the side with this scale follows from the other one, which decides. */
  private boolean follows(double scale, double otherScale) {
    return kind == Kind.SHORT_EDGE ? scale < otherScale : scale > otherScale;
  }

  private double round(double number) {
    return rounding == Rounding.DOWN ? Math.floor(number) : Math.rint(number);
  }

  private int rounded(double side) {
    double k = round((side - remainder) / multiple);
    return (int) Math.max(k * multiple + remainder, remainder == 0 ? multiple : remainder);
  }

  private int atLeast(int side) {
    int over = Math.floorMod(side - remainder, multiple);
    return over == 0 ? side : side - over + multiple;
  }

  private ImageGeometry bounded(ImageGeometry geometry) {
    if ((long) geometry.inputWidth() * geometry.inputHeight() > MAX_PIXELS) {
      throw new IllegalArgumentException(
          "an image of %d x %d needs an input of %d x %d by the rule %s, which exceeds the limit of %d pixels"
              .formatted(
                  geometry.sourceWidth(),
                  geometry.sourceHeight(),
                  geometry.inputWidth(),
                  geometry.inputHeight(),
                  this,
                  MAX_PIXELS));
    }
    return geometry;
  }

  /** Returns the rule in words, for example {@code long-edge 513, sides 16k+1}. */
  @Override
  public String toString() {
    String edge = kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + width;
    String sides =
        (multiple == 1 ? "" : ", sides " + multiple + "k")
            + (remainder == 0 ? "" : "+" + remainder);
    String down = rounding == Rounding.DOWN ? ", rounded down" : "";
    return (kind == Kind.FIXED ? edge + " x " + height : edge + sides) + down;
  }

  /** {@return which sides are given} */
  public Kind kind() {
    return kind;
  }

  /** {@return the width for {@link Kind#FIXED}, else the length of the edge} */
  public int width() {
    return width;
  }

  /** {@return the height for {@link Kind#FIXED}, else the length of the edge} */
  public int height() {
    return height;
  }

  /**
   * {@return the multiple, for sides of the form {@code multiple * k + remainder}; 1 for fixed
   * sizes}
   */
  public int multiple() {
    return multiple;
  }

  /** {@return the remainder, 0 to {@code multiple - 1}} */
  public int remainder() {
    return remainder;
  }

  /**
   * {@return how a side that follows in proportion is rounded to a whole number, or to one of that
   * form}
   */
  public Rounding rounding() {
    return rounding;
  }

  /** The geometry of a resized image's center of this size. */
  ImageGeometry centerOf(ImageGeometry whole) {
    return ImageGeometry.stretched(whole.sourceWidth(), whole.sourceHeight(), width, height)
        .withContent(
            whole.contentLeft() + start(whole.inputWidth(), width),
            whole.contentTop() + start(whole.inputHeight(), height),
            whole.contentWidth(),
            whole.contentHeight());
  }

  /**
   * Where a side begins in the crop, as the function {@code center_crop} of transformers places it
   * or, to the nearest, torchvision's, which rounds padded halves down and cropped ones to even.
   */
  private int start(int side, int crop) {
    if (rounding == Rounding.DOWN) {
      return -Math.floorDiv(side - crop, 2);
    }
    return crop > side ? (crop - side) / 2 : -(int) Math.rint((side - crop) / 2.0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SizeRule that
        && kind.equals(that.kind)
        && width == that.width
        && height == that.height
        && multiple == that.multiple
        && remainder == that.remainder
        && rounding.equals(that.rounding);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, width, height, multiple, remainder, rounding);
  }
}
