package io.github.pixelwise;

/** The images of the golden vectors, made by the generator of {@code resize_golden.py}. */
public final class Noise {
  private Noise() {}

  /** An image whose bytes come from one generator, in row-major RGB order. */
  public static RgbImage of(int width, int height, int seed) {
    return RgbImage.of(width, height, bytes(width * height * 3, seed));
  }

  /** The generator's first bytes. */
  public static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    int state = seed;
    for (int i = 0; i < bytes.length; i++) {
      state = state * 1664525 + 1013904223;
      bytes[i] = (byte) (state >>> 24);
    }
    return bytes;
  }
}
