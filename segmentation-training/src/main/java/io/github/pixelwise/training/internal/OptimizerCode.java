package io.github.pixelwise.training.internal;

import io.github.pixelwise.training.Optimizer;

/**
 * Writes optimizers as methods of a TorchScript class. They change weights in place, one after the
 * other, with the operations of PyTorch's single-tensor optimizers in the same order.
 */
public final class OptimizerCode {
  /**
   * {@code clip(gradients, limit) -> Tensor} scales the gradients so that the norm of all together
   * is at most the limit, like {@code clip_grad_norm_}, and returns the norm before that.
   */
  public static final String CLIP =
      """
        def clip(self,
          gradients: List[Tensor],
          limit: float) -> Tensor:
          norms = annotate(List[Tensor], [])
          for i in range(torch.len(gradients)):
            _0 = torch.append(norms, torch.norm(gradients[i], 2))
          norm = torch.norm(torch.stack(norms), 2)
          inverse = torch.reciprocal(torch.add(norm, 1.0e-06))
          factor = torch.clamp_max(torch.mul(inverse, limit), 1.)
          for i in range(torch.len(gradients)):
            _1 = torch.mul_(gradients[i], factor)
          return norm
      """;

  /**
   * {@code accumulate(sums, gradients, factor)} adds the gradients times the factor to the sums.
   */
  public static final String ACCUMULATE =
      """
        def accumulate(self,
          sums: List[Tensor],
          gradients: List[Tensor],
          factor: float) -> NoneType:
          for i in range(torch.len(sums)):
            _0 = torch.add_(sums[i], gradients[i], alpha=factor)
          return None
      """;

  /**
   * {@code average(averages, weights, decay)} moves exponential moving averages by {@code 1 -
   * decay} toward the weights.
   */
  public static final String AVERAGE =
      """
        def average(self,
          averages: List[Tensor],
          weights: List[Tensor],
          decay: float) -> NoneType:
          for i in range(torch.len(averages)):
            average = torch.mul_(averages[i], decay)
            _0 = torch.add_(average, weights[i], alpha=torch.sub(1., decay))
          return None
      """;

  private OptimizerCode() {}

  /**
   * Returns the number of slots of each weight: tensors of the weight's size that the optimizer
   * keeps from step to step. They are 0 before the first step.
   *
   * @param optimizer the optimizer
   * @return the number, 0 or more
   */
  public static int slots(Optimizer optimizer) {
    if (optimizer instanceof Optimizer.Sgd sgd) {
      return sgd.momentum() == 0 ? 0 : 1;
    }
    if (optimizer instanceof Optimizer.RmsProp rmsProp) {
      return 1 + (rmsProp.centered() ? 1 : 0) + (rmsProp.momentum() == 0 ? 0 : 1);
    }
    return 2;
  }

  /**
   * Returns the method {@code update(weights, gradients, slots, rates, decays, step)}, which
   * changes weights and slots. The slots of weight i start at i times {@link #slots}. Each weight
   * has its own learning rate and weight decay; the optimizer's own is not used. Steps count from
   * 1.
   *
   * @param optimizer the optimizer
   * @return the method, indented by two spaces
   */
  public static String update(Optimizer optimizer) {
    return """
      def update(self,
        weights: List[Tensor],
        gradients: List[Tensor],
        slots: List[Tensor],
        rates: List[float],
        decays: List[float],
        step: int) -> NoneType:
        for i in range(torch.len(weights)):
          weight = weights[i]
          gradient = gradients[i]
          rate = rates[i]
          decay = decays[i]
          slot = torch.mul(i, %s)
          if torch.ne(decay, 0.):
    %s%s    return None
    """
        .formatted(slots(optimizer), decay(optimizer), body(optimizer));
  }

  private static String decay(Optimizer optimizer) {
    return optimizer instanceof Optimizer.Adam adam && adam.decoupled()
        ? """
                  weight = torch.mul_(weight, torch.sub(1., torch.mul(rate, decay)))
          """
        : """
                  gradient = torch.add(gradient, weight, alpha=decay)
          """;
  }

  private static String body(Optimizer optimizer) {
    if (optimizer instanceof Optimizer.Sgd sgd) {
      return sgd(sgd);
    }
    return optimizer instanceof Optimizer.Adam adam
        ? adam(adam)
        : rmsProp((Optimizer.RmsProp) optimizer);
  }

  /** The first step puts the whole gradient into the momentum, even with dampening. */
  private static String sgd(Optimizer.Sgd sgd) {
    String velocity =
        sgd.momentum() == 0
            ? ""
            : """
                    share = %s
                    if torch.eq(step, 1):
                      share = 1.
                    velocity = torch.add_(torch.mul_(slots[slot], %s), gradient, alpha=share)
              """
                .formatted(1 - sgd.dampening(), sgd.momentum());
    String direction =
        sgd.momentum() == 0
            ? "gradient"
            : sgd.nesterov()
                ? "torch.add(gradient, velocity, alpha=%s)".formatted(sgd.momentum())
                : "velocity";
    return velocity
        + "      _0 = torch.add_(weight, %s, alpha=torch.neg(rate))\n".formatted(direction);
  }

  private static String adam(Optimizer.Adam adam) {
    return """
          mean = torch.add_(torch.mul_(slots[slot], %s), gradient, alpha=%s)
          square = torch.mul_(slots[torch.add(slot, 1)], %s)
          square = torch.addcmul_(square, gradient, gradient, value=%s)
          correction = torch.sub(1., torch.pow(%s, step))
          root = torch.sqrt(torch.sub(1., torch.pow(%s, step)))
          divisor = torch.add_(torch.div(torch.sqrt(square), root), %s)
          size = torch.neg(torch.div(rate, correction))
          _0 = torch.addcdiv_(weight, mean, divisor, value=size)
    """
        .formatted(
            adam.beta1(),
            1 - adam.beta1(),
            adam.beta2(),
            1 - adam.beta2(),
            adam.beta1(),
            adam.beta2(),
            adam.epsilon());
  }

  private static String rmsProp(Optimizer.RmsProp rmsProp) {
    String squares =
        """
              square = torch.mul_(slots[slot], %s)
              square = torch.addcmul_(square, gradient, gradient, value=%s)
        """
            .formatted(rmsProp.alpha(), 1 - rmsProp.alpha());
    String variance =
        rmsProp.centered()
            ? """
                    mean = torch.mul_(slots[torch.add(slot, 1)], %s)
                    mean = torch.add_(mean, gradient, alpha=%s)
                    root = torch.sqrt_(torch.addcmul(square, mean, mean, value=-1))
              """
                .formatted(rmsProp.alpha(), 1 - rmsProp.alpha())
            : """
                    root = torch.sqrt(square)
              """;
    String divisor =
        """
              divisor = torch.add_(root, %s)
        """
            .formatted(rmsProp.epsilon());
    String step =
        rmsProp.momentum() == 0
            ? """
                    _0 = torch.addcdiv_(weight, gradient, divisor, value=torch.neg(rate))
              """
            : """
                    velocity = torch.mul_(slots[torch.add(slot, %s)], %s)
                    velocity = torch.addcdiv_(velocity, gradient, divisor)
                    _0 = torch.add_(weight, velocity, alpha=torch.neg(rate))
              """
                .formatted(rmsProp.centered() ? 2 : 1, rmsProp.momentum());
    return squares + variance + divisor + step;
  }
}
