package io.github.pixelwise;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a network runs.
 *
 * @param type the kind of processor
 * @param index which one of them, 0 for {@link Type#AUTO} and {@link Type#CPU}
 */
public record Device(Type type, int index) {
  /** The kinds of processors. */
  public enum Type {
    /** The best one that is there: CUDA if it works, else the CPU. */
    AUTO,
    /** The central processor. */
    CPU,
    /** An NVIDIA GPU. */
    CUDA
  }

  /** The best device that is there. */
  public static final Device AUTO = new Device(Type.AUTO, 0);

  /** The central processor. */
  public static final Device CPU = new Device(Type.CPU, 0);

  private static final Pattern CUDA_N = Pattern.compile("cuda:(\\d{1,3})");

  /**
   * Creates a device.
   *
   * @throws IllegalArgumentException if the index is negative, or above 0 for other types than CUDA
   */
  public Device {
    Objects.requireNonNull(type, "type");
    if (index < 0 || (type != Type.CUDA && index != 0)) {
      throw new IllegalArgumentException("there is no " + type + " device " + index);
    }
  }

  /**
   * An NVIDIA GPU.
   *
   * @param index which one, from 0
   * @return the device
   */
  public static Device cuda(int index) {
    return new Device(Type.CUDA, index);
  }

  /**
   * Reads a device from its name.
   *
   * @param name {@code auto}, {@code cpu} or {@code cuda:N}
   * @return the device
   * @throws IllegalArgumentException if the name is none of these
   */
  public static Device parse(String name) {
    Matcher cuda = CUDA_N.matcher(name);
    if (cuda.matches()) {
      return cuda(Integer.parseInt(cuda.group(1)));
    }
    return switch (name) {
      case "auto" -> AUTO;
      case "cpu" -> CPU;
      default ->
          throw new IllegalArgumentException(
              "a device is cpu, auto or cuda:N (cuda:0 is the first GPU), found \"" + name + "\"");
    };
  }

  /** Returns the name that {@link #parse} reads. */
  @Override
  public String toString() {
    return switch (type) {
      case AUTO -> "auto";
      case CPU -> "cpu";
      case CUDA -> "cuda:" + index;
    };
  }
}
