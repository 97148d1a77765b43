package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  @Test
  void settingsMustBeInTheirRanges() {
    Optimizer.Sgd sgd = Optimizer.sgd(0.9);
    Optimizer.Sgd plain = Optimizer.sgd(0);
    Optimizer.Sgd nesterov = sgd.withNesterov();
    Optimizer.Adam adam = Optimizer.adam();
    Optimizer.RmsProp rmsProp = Optimizer.rmsProp();
    assertRefused(
        () -> Optimizer.sgd(1),
        "the momentum of SGD is 1.0; it must be 0 or more, and less than 1");
    assertRefused(
        () -> sgd.withDampening(-0.5), "the dampening of SGD is -0.5; it must be from 0 to 1");
    assertRefused(
        plain::withNesterov,
        "Nesterov momentum needs a momentum above 0 and no dampening, found momentum 0.0 and"
            + " dampening 0.0");
    assertRefused(
        () -> nesterov.withDampening(0.5),
        "Nesterov momentum needs a momentum above 0 and no dampening, found momentum 0.9 and"
            + " dampening 0.5");
    assertRefused(() -> adam.withWeightDecay(-1), "the weight decay is -1.0; it must be 0 or more");
    assertRefused(
        () -> adam.withBetas(1, 0.9),
        "the first beta of Adam is 1.0; it must be 0 or more, and less than 1");
    assertRefused(
        () -> adam.withBetas(0.9, -1),
        "the second beta of Adam is -1.0; it must be 0 or more, and less than 1");
    assertRefused(() -> adam.withEpsilon(0), "the epsilon of Adam is 0.0; it must be more than 0");
    assertRefused(
        () -> rmsProp.withAlpha(2),
        "the alpha of RMSprop is 2.0; it must be 0 or more, and less than 1");
    assertRefused(
        () -> rmsProp.withEpsilon(Double.NaN),
        "the epsilon of RMSprop is NaN; it must be more than 0");
    assertRefused(
        () -> rmsProp.withMomentum(-1),
        "the momentum of RMSprop is -1.0; it must be 0 or more, and less than 1");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void theTextHasAllSettings() {
    assertThat(Optimizer.sgd(0.9).withNesterov().withWeightDecay(0.0001))
        .hasToString("sgd(momentum 0.9, nesterov true, dampening 0.0, weight decay 1.0E-4)");
    assertThat(Optimizer.adam())
        .hasToString("adam(betas 0.9 0.999, epsilon 1.0E-8, weight decay 0.0)");
    assertThat(Optimizer.adamW())
        .hasToString("adamw(betas 0.9 0.999, epsilon 1.0E-8, weight decay 0.01)");
    assertThat(Optimizer.rmsProp().withCentering())
        .hasToString(
            "rmsprop(alpha 0.99, epsilon 1.0E-8, momentum 0.0, centered true, weight decay 0.0)");
  }

  @Test
  void optimizersWithTheSameSettingsAreEqual() {
    assertThat(Optimizer.adam().withWeightDecay(0.01))
        .isEqualTo(Optimizer.adam().withWeightDecay(0.01))
        .hasSameHashCodeAs(Optimizer.adam().withWeightDecay(0.01))
        .isNotEqualTo(Optimizer.adamW());
  }
}
