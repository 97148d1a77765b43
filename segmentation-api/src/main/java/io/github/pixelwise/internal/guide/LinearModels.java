package io.github.pixelwise.internal.guide;

import io.github.pixelwise.Parallelism;

/**
 * Values as a linear function of the color, {@code value = r * red + g * green + b * blue + c}, in
 * the surroundings of each uncertain pixel (K. He, J. Sun, X. Tang: "Guided Image Filtering", ECCV
 * 2010). Elsewhere they are constant.
 */
public final class LinearModels {
  /** How far the surroundings of a pixel reach. */
  private static final int RADIUS = 1;

  /** Added to the variance of colors of 0 to 1: contrasts well below its root are not followed. */
  private static final double EPSILON = 1e-4;

  private final SmallPhoto picture;
  private final boolean[] uncertain;
  private final float[] values;
  private final Parallelism parallelism;
  private final float[][] coefficients = new float[4][];

  private LinearModels(
      SmallPhoto picture, boolean[] uncertain, float[] values, Parallelism parallelism) {
    this.picture = picture;
    this.uncertain = uncertain;
    this.values = values;
    this.parallelism = parallelism;
  }

  /**
   * Fits the models. The result does not depend on the number of threads.
   *
   * @param uncertain for which pixels, by their index in the picture
   * @param values the value of each pixel
   */
  public static LinearModels fit(
      SmallPhoto picture, boolean[] uncertain, float[] values, Parallelism parallelism) {
    LinearModels models = new LinearModels(picture, uncertain, values, parallelism);
    float[][] single = new float[4][picture.size()];
    models.eachRow((y, matrix, scratch) -> models.fitRow(y, matrix, scratch, single));
    for (int n = 0; n < 4; n++) {
      models.coefficients[n] = new float[picture.size()];
    }
    models.eachRow((y, matrix, scratch) -> models.averageRow(y, single));
    return models;
  }

  /** Works on a row. */
  @FunctionalInterface
  private interface Row {
    void work(int y, SymmetricMatrix matrix, double[] scratch);
  }

  private void eachRow(Row row) {
    parallelism.forRows(
        picture.height(),
        8,
        (from, to) -> {
          SymmetricMatrix matrix = new SymmetricMatrix();
          double[] scratch = new double[6];
          for (int y = from; y < to; y++) {
            row.work(y, matrix, scratch);
          }
        });
  }

  private void fitRow(int y, SymmetricMatrix matrix, double[] scratch, float[][] single) {
    for (int x = 0, i = picture.index(0, y); x < picture.width(); x++, i++) {
      if (uncertain[i]) {
        fit(x, y, matrix, scratch, single);
      } else {
        single[3][i] = values[i];
      }
    }
  }

  private void fit(int x, int y, SymmetricMatrix matrix, double[] scratch, float[][] single) {
    int left = Math.max(0, x - RADIUS);
    int right = Math.min(picture.width() - 1, x + RADIUS);
    int top = Math.max(0, y - RADIUS);
    int bottom = Math.min(picture.height() - 1, y + RADIUS);
    double count = (double) (right - left + 1) * (bottom - top + 1);
    double r = 0;
    double g = 0;
    double b = 0;
    double v = 0;
    double rr = 0;
    double rg = 0;
    double rb = 0;
    double gg = 0;
    double gb = 0;
    double bb = 0;
    double rv = 0;
    double gv = 0;
    double bv = 0;
    for (int row = top; row <= bottom; row++) {
      for (int i = picture.index(left, row); i <= picture.index(right, row); i++) {
        float red = picture.red(i);
        float green = picture.green(i);
        float blue = picture.blue(i);
        float value = values[i];
        r += red;
        g += green;
        b += blue;
        v += value;
        rr += red * red;
        rg += red * green;
        rb += red * blue;
        gg += green * green;
        gb += green * blue;
        bb += blue * blue;
        rv += red * value;
        gv += green * value;
        bv += blue * value;
      }
    }
    r /= count;
    g /= count;
    b /= count;
    v /= count;
    matrix.set(
        rr / count - r * r,
        rg / count - r * g,
        rb / count - r * b,
        gg / count - g * g,
        gb / count - g * b,
        bb / count - b * b);
    matrix.invert(EPSILON);
    scratch[0] = rv / count - r * v;
    scratch[1] = gv / count - g * v;
    scratch[2] = bv / count - b * v;
    matrix.multiply(scratch, 0, scratch, 3);
    int i = picture.index(x, y);
    for (int n = 0; n < 3; n++) {
      single[n][i] = (float) scratch[3 + n];
    }
    single[3][i] = (float) (v - scratch[3] * r - scratch[4] * g - scratch[5] * b);
  }

  private void averageRow(int y, float[][] single) {
    for (int x = 0, i = picture.index(0, y); x < picture.width(); x++, i++) {
      if (!uncertain[i]) {
        coefficients[3][i] = values[i];
        continue;
      }
      int left = Math.max(0, x - RADIUS);
      int right = Math.min(picture.width() - 1, x + RADIUS);
      int top = Math.max(0, y - RADIUS);
      int bottom = Math.min(picture.height() - 1, y + RADIUS);
      float r = 0;
      float g = 0;
      float b = 0;
      float c = 0;
      int count = 0;
      for (int row = top; row <= bottom; row++) {
        for (int j = picture.index(left, row); j <= picture.index(right, row); j++) {
          if (uncertain[j]) {
            r += single[0][j];
            g += single[1][j];
            b += single[2][j];
            c += single[3][j];
            count++;
          }
        }
      }
      coefficients[0][i] = r / count;
      coefficients[1][i] = g / count;
      coefficients[2][i] = b / count;
      coefficients[3][i] = c / count;
    }
  }

  /** {@return a plane of coefficients: 0 of red, 1 of green, 2 of blue, 3 the constant} */
  public float[] plane(int n) {
    return coefficients[n];
  }
}
