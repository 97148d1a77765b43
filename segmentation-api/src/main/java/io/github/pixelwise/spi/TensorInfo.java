package io.github.pixelwise.spi;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Describes an input or output of a network: name, element type and sides, as far as the engine
 * knows them. Immutable.
 *
 * <pre>{@code
 * TensorInfo.of("image", ElementType.FLOAT32).withSides(1, 3, TensorInfo.ANY, TensorInfo.ANY)
 * }</pre>
 */
public final class TensorInfo {
  /** Stands for a side that may have any length. */
  public static final int ANY = -1;

  private final String name;
  private final Optional<ElementType> type;

  /** What it is instead of a tensor of numbers; empty if it is one. */
  private final String otherKind;

  /** Null if they are unknown. */
  private final int @Nullable [] sides;

  private TensorInfo(
      String name, Optional<ElementType> type, String otherKind, int @Nullable [] sides) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = type;
    this.otherKind = Objects.requireNonNull(otherKind, "otherKind");
    this.sides = sides;
  }

  /**
   * Creates a tensor of which only the name is known.
   *
   * @param name its name in the network
   * @return the tensor, type and sides unknown
   */
  public static TensorInfo of(String name) {
    return new TensorInfo(name, Optional.empty(), "", null);
  }

  /**
   * Creates a tensor of numbers.
   *
   * @param name its name in the network
   * @param type how the network stores its numbers
   * @return the tensor, sides unknown
   */
  public static TensorInfo of(String name, ElementType type) {
    return new TensorInfo(name, Optional.of(type), "", null);
  }

  /**
   * Creates an input or output that is not a tensor of numbers, so the library cannot use it.
   * Backends list it anyway, because error messages show everything that a network has.
   *
   * @param name its name in the network
   * @param kind what it is, for example {@code a sequence of tensors} or {@code a tensor of
   *     strings}
   * @return the value
   */
  public static TensorInfo ofOtherKind(String name, String kind) {
    if (kind.isBlank()) {
      throw new IllegalArgumentException("the kind of \"" + name + "\" is blank");
    }
    return new TensorInfo(name, Optional.empty(), kind, null);
  }

  /**
   * Returns this tensor with known sides.
   *
   * @param sides the length of each axis, at least 1, or {@link #ANY}
   * @return the new description
   * @throws IllegalArgumentException if a side is neither
   */
  public TensorInfo withSides(int... sides) {
    int[] copy = sides.clone();
    for (int side : copy) {
      if (side < 1 && side != ANY) {
        throw new IllegalArgumentException(
            "sides of \"%s\" must be at least 1, or ANY, found %s"
                .formatted(name, Arrays.toString(copy)));
      }
    }
    return new TensorInfo(name, type, otherKind, copy);
  }

  /** {@return the name in the network} */
  public String name() {
    return name;
  }

  /** {@return how the network stores the numbers; empty if unknown, or if there are none} */
  public Optional<ElementType> type() {
    return type;
  }

  /** {@return what this is if it is not a tensor of numbers; empty if it is one} */
  public Optional<String> otherKind() {
    return otherKind.isEmpty() ? Optional.empty() : Optional.of(otherKind);
  }

  /** {@return the length of each axis, {@link #ANY} if any length will do; empty if unknown} */
  public Optional<int[]> sides() {
    return sides == null ? Optional.empty() : Optional.of(sides.clone());
  }

  /**
   * Returns the only batch size that the network takes.
   *
   * @return the length of the first axis; empty if any will do, or the sides are unknown
   */
  public OptionalInt fixedBatch() {
    return sides == null || sides.length == 0 || sides[0] == ANY
        ? OptionalInt.empty()
        : OptionalInt.of(sides[0]);
  }

  /**
   * Returns whether a tensor of this shape fits.
   *
   * @param shape the length of each axis
   * @return true if the number of axes and all known sides are the same, or if the sides are
   *     unknown
   */
  public boolean fits(int... shape) {
    if (sides == null) {
      return true;
    }
    boolean fits = shape.length == sides.length;
    for (int axis = 0; fits && axis < sides.length; axis++) {
      fits = sides[axis] == ANY || sides[axis] == shape[axis];
    }
    return fits;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorInfo that
        && name.equals(that.name)
        && type.equals(that.type)
        && otherKind.equals(that.otherKind)
        && Arrays.equals(sides, that.sides);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, type, otherKind, Arrays.hashCode(sides));
  }

  /** Returns the sides, for example {@code [1 x 3 x ? x ?]}; {@code [...]} if they are unknown. */
  @Override
  public String toString() {
    return sides == null
        ? "[...]"
        : Arrays.stream(sides)
            .mapToObj(side -> side == ANY ? "?" : Integer.toString(side))
            .collect(Collectors.joining(" x ", "[", "]"));
  }
}
