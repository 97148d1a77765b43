package io.github.pixelwise.zoo;

/**
 * OpenCV's conversion from sRGB to CIE L*a*b* for floats: a table of 33 nodes per channel with
 * interpolation in sixteenths. Everything is computed in integers: 2^14 stands for 1, for 100 in L*
 * and for 256 in a* and b*.
 *
 * <p>The table is computed from the CIE's formula with OpenCV's primaries and white point (D65).
 * OpenCV computes it in floats and not in doubles, so 89 of the 107811 numbers differ by 1
 * (measured with OpenCV 4.6).
 */
final class LabTable {
  private static final int NODES = 33;
  private static final int ONE = 1 << 14;

  /** A number in 0..2^14 consists of a node, four bits of fraction, and five unused bits. */
  private static final int NODE_SHIFT = 9;

  private static final int FRACTION_SHIFT = 5;

  /** Linear red, green and blue to X, Y and Z, relative to the white point. */
  private static final double[][] XYZ = {
    {0.412453 / 0.950456, 0.357580 / 0.950456, 0.180423 / 0.950456},
    {0.212671, 0.715160, 0.072169},
    {0.019334 / 1.088754, 0.119193 / 1.088754, 0.950227 / 1.088754}
  };

  /** Below this value, the CIE's cube root is a line. */
  private static final double THRESHOLD = 216 / 24389.0;

  /** L*, a* and b* of every node, with blue varying fastest. */
  private final short[] table = new short[NODES * NODES * NODES * 3];

  LabTable() {
    double[] linear = new double[NODES];
    for (int i = 0; i < NODES; i++) {
      double x = i / (NODES - 1.0);
      linear[i] = x <= 0.04045 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4);
    }
    int i = 0;
    for (double red : linear) {
      for (double green : linear) {
        for (double blue : linear) {
          double y = dot(XYZ[1], red, green, blue);
          double fx = root(dot(XYZ[0], red, green, blue));
          double fy = root(y);
          double fz = root(dot(XYZ[2], red, green, blue));
          double lightness = y > THRESHOLD ? 116 * fy - 16 : y * 24389 / 27;
          table[i++] = (short) Math.rint(lightness / 100 * ONE);
          table[i++] = (short) Math.rint((500 * (fx - fy) + 128) / 256 * ONE);
          table[i++] = (short) Math.rint((200 * (fy - fz) + 128) / 256 * ONE);
        }
      }
    }
  }

  private static double dot(double[] factors, double red, double green, double blue) {
    return factors[0] * red + factors[1] * green + factors[2] * blue;
  }

  private static double root(double t) {
    return t > THRESHOLD ? Math.cbrt(t) : t * 841 / 108 + 16 / 116.0;
  }

  /**
   * Converts a pixel.
   *
   * @param planes the planes B, G, R, L*, a*, b*, of which the last three are written
   * @param pixel the pixel's index in a plane
   * @param size the numbers in a plane
   */
  void convert(float[] planes, int pixel, int size) {
    int blue = scaled(planes[pixel]);
    int green = scaled(planes[pixel + size]);
    int red = scaled(planes[pixel + 2 * size]);
    int lightness = 0;
    int a = 0;
    int b = 0;
    for (int corner = 0; corner < 8; corner++) {
      int upRed = corner >> 2;
      int upGreen = corner >> 1 & 1;
      int upBlue = corner & 1;
      int weight = weight(red, upRed) * weight(green, upGreen) * weight(blue, upBlue);
      int node = (node(red, upRed) * NODES + node(green, upGreen)) * NODES + node(blue, upBlue);
      lightness += weight * table[3 * node];
      a += weight * table[3 * node + 1];
      b += weight * table[3 * node + 2];
    }
    planes[pixel + 3 * size] = rounded(lightness) * 100;
    planes[pixel + 4 * size] = rounded(a) * 256 - 128;
    planes[pixel + 5 * size] = rounded(b) * 256 - 128;
  }

  private static int scaled(float value) {
    return (int) Math.rint(Math.max(0, Math.min(1, value)) * ONE);
  }

  private static int node(int value, int up) {
    return Math.min((value >> NODE_SHIFT) + up, NODES - 1);
  }

  private static int weight(int value, int up) {
    int fraction = value >> FRACTION_SHIFT & 15;
    return up == 1 ? fraction : 16 - fraction;
  }

  /** A sum of weights of 16 * 16 * 16, as a number of 0..1. */
  private static float rounded(int sum) {
    return (float) ((sum + 2048) >> 12) / ONE;
  }
}
