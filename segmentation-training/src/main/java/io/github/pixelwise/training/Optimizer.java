package io.github.pixelwise.training;

/**
 * How a step changes the weights, with PyTorch's formulas, defaults, and meaning of weight decay
 * and epsilon. The learning rate is not part of it. Immutable.
 */
public abstract sealed class Optimizer {
  private final double weightDecay;

  private Optimizer(double weightDecay) {
    this.weightDecay = Range.notNegative("the weight decay", weightDecay);
  }

  /**
   * Stochastic gradient descent, like {@code SGD}.
   *
   * @param momentum the momentum, 0 or more, and less than 1; 0 for none, 0.9 is usual
   * @return the optimizer, without Nesterov momentum, dampening, or weight decay
   * @throws IllegalArgumentException if the momentum is out of its range
   */
  public static Sgd sgd(double momentum) {
    return new Sgd(momentum, false, 0, 0);
  }

  /**
   * Adam, like {@code Adam}. Weight decay is added to the gradient.
   *
   * @return the optimizer, with betas 0.9 and 0.999, epsilon 1e-8, and no weight decay
   */
  public static Adam adam() {
    return new Adam(false, 0.9, 0.999, 1e-8, 0);
  }

  /**
   * Adam with decoupled weight decay, like {@code AdamW}: weights shrink by the learning rate times
   * the weight decay.
   *
   * @return the optimizer, with betas 0.9 and 0.999, epsilon 1e-8, and weight decay 0.01
   */
  public static Adam adamW() {
    return new Adam(true, 0.9, 0.999, 1e-8, 0.01);
  }

  /**
   * RMSprop, like {@code RMSprop}. Weight decay is added to the gradient.
   *
   * @return the optimizer, with alpha 0.99 and epsilon 1e-8, not centered, without momentum or
   *     weight decay
   */
  public static RmsProp rmsProp() {
    return new RmsProp(0.99, 1e-8, 0, false, 0);
  }

  /**
   * Returns this optimizer with weight decay.
   *
   * @param decay the weight decay, 0 or more
   * @return the optimizer
   * @throws IllegalArgumentException if the weight decay is negative or not finite
   */
  public abstract Optimizer withWeightDecay(double decay);

  /** {@return the weight decay} */
  public double weightDecay() {
    return weightDecay;
  }

  /** Returns whether the other optimizer has the same settings. */
  @Override
  public final boolean equals(Object other) {
    return other instanceof Optimizer optimizer && toString().equals(optimizer.toString());
  }

  @Override
  public final int hashCode() {
    return toString().hashCode();
  }

  /**
   * Returns all settings, as in {@code adam(betas 0.9 0.999, epsilon 1.0E-8, weight decay 0.0)}.
   */
  @Override
  public abstract String toString();

  /** Stochastic gradient descent. */
  public static final class Sgd extends Optimizer {
    private final double momentum;
    private final boolean nesterov;
    private final double dampening;

    private Sgd(double momentum, boolean nesterov, double dampening, double weightDecay) {
      super(weightDecay);
      this.momentum = Range.belowOne("the momentum of SGD", momentum);
      this.nesterov = nesterov;
      this.dampening = Range.share("the dampening of SGD", dampening);
      if (nesterov && (momentum == 0 || dampening != 0)) {
        throw new IllegalArgumentException(
            ("Nesterov momentum needs a momentum above 0 and no dampening, found momentum %s and"
                    + " dampening %s")
                .formatted(momentum, dampening));
      }
    }

    /**
     * Returns this optimizer with Nesterov momentum.
     *
     * @return the optimizer
     * @throws IllegalArgumentException if there is no momentum, or there is dampening
     */
    public Sgd withNesterov() {
      return new Sgd(momentum, true, dampening, weightDecay());
    }

    /**
     * Returns this optimizer with dampening: after the first step, this share of the gradient does
     * not go into the momentum.
     *
     * @param share the share, from 0 to 1
     * @return the optimizer
     * @throws IllegalArgumentException if the share is out of its range, or above 0 with Nesterov
     *     momentum
     */
    public Sgd withDampening(double share) {
      return new Sgd(momentum, nesterov, share, weightDecay());
    }

    @Override
    public Sgd withWeightDecay(double decay) {
      return new Sgd(momentum, nesterov, dampening, decay);
    }

    /** {@return the momentum} */
    public double momentum() {
      return momentum;
    }

    /** {@return whether the momentum is Nesterov's} */
    public boolean nesterov() {
      return nesterov;
    }

    /** {@return the dampening} */
    public double dampening() {
      return dampening;
    }

    @Override
    public String toString() {
      return "sgd(momentum %s, nesterov %s, dampening %s, weight decay %s)"
          .formatted(momentum, nesterov, dampening, weightDecay());
    }
  }

  /** Adam, with usual or decoupled weight decay. */
  public static final class Adam extends Optimizer {
    private final boolean decoupled;
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    private Adam(
        boolean decoupled, double beta1, double beta2, double epsilon, double weightDecay) {
      super(weightDecay);
      this.decoupled = decoupled;
      this.beta1 = Range.belowOne("the first beta of Adam", beta1);
      this.beta2 = Range.belowOne("the second beta of Adam", beta2);
      this.epsilon = Range.positive("the epsilon of Adam", epsilon);
    }

    /**
     * Returns this optimizer with other betas.
     *
     * @param first how slowly the mean of the gradients changes, 0 or more, and less than 1
     * @param second the same for the mean of their squares
     * @return the optimizer
     * @throws IllegalArgumentException if a beta is out of its range
     */
    public Adam withBetas(double first, double second) {
      return new Adam(decoupled, first, second, epsilon, weightDecay());
    }

    /**
     * Returns this optimizer with another epsilon, which is added to the denominator.
     *
     * @param value the number, more than 0
     * @return the optimizer
     * @throws IllegalArgumentException if the number is not more than 0, or not finite
     */
    public Adam withEpsilon(double value) {
      return new Adam(decoupled, beta1, beta2, value, weightDecay());
    }

    @Override
    public Adam withWeightDecay(double decay) {
      return new Adam(decoupled, beta1, beta2, epsilon, decay);
    }

    /** {@return whether weight decay is decoupled from the gradient, as in AdamW} */
    public boolean decoupled() {
      return decoupled;
    }

    /** {@return how slowly the mean of the gradients changes} */
    public double beta1() {
      return beta1;
    }

    /** {@return how slowly the mean of the gradients' squares changes} */
    public double beta2() {
      return beta2;
    }

    /** {@return what is added to the denominator} */
    public double epsilon() {
      return epsilon;
    }

    @Override
    public String toString() {
      return "%s(betas %s %s, epsilon %s, weight decay %s)"
          .formatted(decoupled ? "adamw" : "adam", beta1, beta2, epsilon, weightDecay());
    }
  }

  /** RMSprop. */
  public static final class RmsProp extends Optimizer {
    private final double alpha;
    private final double epsilon;
    private final double momentum;
    private final boolean centered;

    private RmsProp(
        double alpha, double epsilon, double momentum, boolean centered, double weightDecay) {
      super(weightDecay);
      this.alpha = Range.belowOne("the alpha of RMSprop", alpha);
      this.epsilon = Range.positive("the epsilon of RMSprop", epsilon);
      this.momentum = Range.belowOne("the momentum of RMSprop", momentum);
      this.centered = centered;
    }

    /**
     * Returns this optimizer with another alpha.
     *
     * @param value how slowly the mean of the gradients' squares changes, 0 or more, and less than
     *     1
     * @return the optimizer
     * @throws IllegalArgumentException if alpha is out of its range
     */
    public RmsProp withAlpha(double value) {
      return new RmsProp(value, epsilon, momentum, centered, weightDecay());
    }

    /**
     * Returns this optimizer with another epsilon, which is added to the denominator. Keras uses
     * 1e-7.
     *
     * @param value the number, more than 0
     * @return the optimizer
     * @throws IllegalArgumentException if the number is not more than 0, or not finite
     */
    public RmsProp withEpsilon(double value) {
      return new RmsProp(alpha, value, momentum, centered, weightDecay());
    }

    /**
     * Returns this optimizer with momentum.
     *
     * @param value the momentum, 0 or more, and less than 1
     * @return the optimizer
     * @throws IllegalArgumentException if the momentum is out of its range
     */
    public RmsProp withMomentum(double value) {
      return new RmsProp(alpha, epsilon, value, centered, weightDecay());
    }

    /**
     * Returns this optimizer with the gradients' variance in place of the mean of their squares.
     *
     * @return the optimizer
     */
    public RmsProp withCentering() {
      return new RmsProp(alpha, epsilon, momentum, true, weightDecay());
    }

    @Override
    public RmsProp withWeightDecay(double decay) {
      return new RmsProp(alpha, epsilon, momentum, centered, decay);
    }

    /** {@return how slowly the mean of the gradients' squares changes} */
    public double alpha() {
      return alpha;
    }

    /** {@return what is added to the denominator} */
    public double epsilon() {
      return epsilon;
    }

    /** {@return the momentum} */
    public double momentum() {
      return momentum;
    }

    /** {@return whether the gradients' variance is used} */
    public boolean centered() {
      return centered;
    }

    @Override
    public String toString() {
      return "rmsprop(alpha %s, epsilon %s, momentum %s, centered %s, weight decay %s)"
          .formatted(alpha, epsilon, momentum, centered, weightDecay());
    }
  }
}
