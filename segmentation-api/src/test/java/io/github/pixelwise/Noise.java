package io.github.pixelwise;

/** The images of the golden vectors, made by the generator of {@code resize_golden.py}. */
public final class Noise {
  private Noise() {}

  /** An image whose bytes come from one generator, in row-major RGB order. */
  public static RgbImage of(int width, int height, int seed) {
    byte[] bytes = new byte[width * height * 3];
    int state = seed;
    for (int i = 0; i < bytes.length; i++) {
      state = state * 1664525 + 1013904223;
      bytes[i] = (byte) (state >>> 24);
    }
    return RgbImage.of(width, height, bytes);
  }
}
