package io.github.pixelwise;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The device that a network runs on: a kind of processor and an index. The library knows {@code
 * auto}, {@code cpu} and {@code cuda}; a backend may offer other kinds.
 */
public final class Device {
  /** The best available device. */
  public static final Device AUTO = new Device("auto", 0);

  /** The central processor. */
  public static final Device CPU = new Device("cpu", 0);

  private static final String CUDA = "cuda";
  private static final Pattern KIND_N = Pattern.compile("([a-z][a-z0-9-]*):(\\d{1,3})");

  private final String kind;
  private final int index;

  private Device(String kind, int index) {
    this.kind = kind;
    this.index = index;
  }

  /**
   * An NVIDIA GPU.
   *
   * @param index which one, from 0
   * @return the device
   * @throws IllegalArgumentException if the index is outside 0..999
   */
  public static Device cuda(int index) {
    return of(CUDA, index);
  }

  /**
   * A device of any kind.
   *
   * @param kind the kind of processor: lower-case letters, digits and hyphens, a letter first
   * @param index which one of them, 0 to 999; 0 for {@code auto} and {@code cpu}
   * @return the device
   * @throws IllegalArgumentException if the kind or the index is invalid
   */
  public static Device of(String kind, int index) {
    boolean single = kind.equals(AUTO.kind) || kind.equals(CPU.kind);
    return single && index == 0 ? new Device(kind, 0) : parse(kind + ":" + index);
  }

  /**
   * Reads a device from its name.
   *
   * @param name {@code auto}, {@code cpu}, {@code cuda:N} or another kind and number
   * @return the device
   * @throws IllegalArgumentException if the name is none of these
   */
  public static Device parse(String name) {
    Matcher numbered = KIND_N.matcher(name);
    if (name.equals(AUTO.kind) || name.equals(CPU.kind)) {
      return new Device(name, 0);
    }
    if (!numbered.matches() || name.matches("(auto|cpu):.*")) {
      throw new IllegalArgumentException(
          "a device is cpu, auto or cuda:N (cuda:0 is the first GPU), found \"" + name + "\"");
    }
    return new Device(numbered.group(1), Integer.parseInt(numbered.group(2)));
  }

  /** {@return the kind of processor, for example {@code cuda}} */
  public String kind() {
    return kind;
  }

  /** {@return which one of its kind, from 0} */
  public int index() {
    return index;
  }

  /** {@return whether this is {@link #AUTO}, which leaves the choice to the backend} */
  public boolean isAuto() {
    return equals(AUTO);
  }

  /** {@return whether this is an NVIDIA GPU} */
  public boolean isCuda() {
    return kind.equals(CUDA);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Device that && kind.equals(that.kind) && index == that.index;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, index);
  }

  /** Returns the name that {@link #parse} reads. */
  @Override
  public String toString() {
    return equals(AUTO) || equals(CPU) ? kind : kind + ":" + index;
  }
}
