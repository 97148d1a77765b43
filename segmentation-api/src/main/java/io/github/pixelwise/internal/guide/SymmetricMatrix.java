package io.github.pixelwise.internal.guide;

/** A symmetric 3 x 3 matrix: the covariance of colors. Not safe for use by several threads. */
public final class SymmetricMatrix {
  private double rr;
  private double rg;
  private double rb;
  private double gg;
  private double gb;
  private double bb;

  /** Sets all elements. */
  public void set(double rr, double rg, double rb, double gg, double gb, double bb) {
    this.rr = rr;
    this.rg = rg;
    this.rb = rb;
    this.gg = gg;
    this.gb = gb;
    this.bb = bb;
  }

  /** Adds a vector times itself. */
  public void add(double r, double g, double b, double weight) {
    rr += weight * r * r;
    rg += weight * r * g;
    rb += weight * r * b;
    gg += weight * g * g;
    gb += weight * g * b;
    bb += weight * b * b;
  }

  /**
   * Turns it into its inverse.
   *
   * @param regularization what is added to the diagonal first, above 0
   */
  public void invert(double regularization) {
    double r = rr + regularization;
    double g = gg + regularization;
    double b = bb + regularization;
    double cofactorRr = g * b - gb * gb;
    double cofactorRg = rb * gb - rg * b;
    double cofactorRb = rg * gb - rb * g;
    double determinant = r * cofactorRr + rg * cofactorRg + rb * cofactorRb;
    set(
        cofactorRr / determinant,
        cofactorRg / determinant,
        cofactorRb / determinant,
        (r * b - rb * rb) / determinant,
        (rb * rg - r * gb) / determinant,
        (r * g - rg * rg) / determinant);
  }

  /** Multiplies it by the three elements of {@code vector} from {@code from} on. */
  public void multiply(double[] vector, int from, double[] product, int to) {
    double r = vector[from];
    double g = vector[from + 1];
    double b = vector[from + 2];
    product[to] = rr * r + rg * g + rb * b;
    product[to + 1] = rg * r + gg * g + gb * b;
    product[to + 2] = rb * r + gb * g + bb * b;
  }
}
