package io.github.pixelwise.network;

/** An axis of a layer's result for one image. */
public enum Axis {
  /** The channels; for attention, its heads. */
  CHANNELS(1),
  /** The height: the rows. */
  HEIGHT(2),
  /** The width: the columns. */
  WIDTH(3);

  private final int index;

  Axis(int index) {
    this.index = index;
  }

  /** {@return the axis's index in a tensor of several images} */
  public int index() {
    return index;
  }

  int lengthIn(Shape shape) {
    return switch (this) {
      case CHANNELS -> shape.channels();
      case HEIGHT -> shape.height();
      case WIDTH -> shape.width();
    };
  }
}
