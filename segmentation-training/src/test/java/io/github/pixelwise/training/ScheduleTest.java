package io.github.pixelwise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.training.internal.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
  private static final Offset<Double> ROUNDING = within(1e-13);

  private static final Map<String, Schedule> SCHEDULES =
      Map.ofEntries(
          Map.entry("poly", Schedule.poly(0.9)),
          Map.entry("poly-2", Schedule.poly(2)),
          Map.entry("step", Schedule.step(2, 0.5)),
          Map.entry("milestones", Schedule.milestones(0.3, 1, 3)),
          Map.entry("cosine", Schedule.cosine(0)),
          Map.entry("cosine-0.05", Schedule.cosine(0.05)),
          Map.entry("one-cycle", Schedule.oneCycle(0.3, 25, 1e4)),
          Map.entry("one-cycle-late", Schedule.oneCycle(0.62, 10, 100)),
          Map.entry("constant-warm", Schedule.constant().withWarmUp(7, 0.001)),
          Map.entry("poly-warm", Schedule.poly(0.9).withWarmUp(7, 0.1)),
          Map.entry("step-warm", Schedule.step(2, 0.5).withWarmUp(5, 0.25)));

  private static final Golden GOLDEN = new Golden("schedules");

  private static Stream<String> cases() {
    return GOLDEN.keys().stream()
        .filter(key -> !key.startsWith("steps") && !key.matches(".*[A-Z].*"))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyStepHasPyTorchsRate(String name) {
    Schedule schedule = Objects.requireNonNull(SCHEDULES.get(name), name);
    long steps = GOLDEN.integers("steps")[0];
    long perEpoch = GOLDEN.integers("stepsPerEpoch")[0];

    double[] factors =
        LongStream.range(0, steps)
            .mapToDouble(step -> schedule.factor(step, steps, perEpoch, List.of()))
            .toArray();

    assertThat(factors).containsExactly(GOLDEN.numbers(name), ROUNDING);
    assertThat(schedule.metric()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void plateausLowerTheRateWherePyTorchDoes(Metric metric) {
    Schedule patient = Schedule.reduceOnPlateau(metric, 0.1, 2, 1e-4);
    Schedule eager = Schedule.reduceOnPlateau(metric, 0.5, 0, 0.01);
    double[] metrics = GOLDEN.numbers(metric.name() + ".metrics");

    assertThat(factorsByEpoch(patient, metrics))
        .containsExactly(GOLDEN.numbers(metric.name() + "/plateau"), ROUNDING);
    assertThat(factorsByEpoch(eager, metrics))
        .containsExactly(GOLDEN.numbers(metric.name() + "/plateau-eager"), ROUNDING);
    assertThat(patient.metric()).hasValue(metric);
  }

  private static double[] factorsByEpoch(Schedule schedule, double[] metrics) {
    List<Double> all = Arrays.stream(metrics).boxed().toList();
    return IntStream.rangeClosed(0, all.size())
        .mapToDouble(epoch -> schedule.factor(epoch, 100, 1, all.subList(0, epoch)))
        .toArray();
  }

  @Test
  void aConstantRateStaysTheBaseRate() {
    assertThat(Schedule.constant().factor(7, 8, 2, List.of())).isEqualTo(1);
  }

  @Test
  void aWarmUpMayBeLongerThanTheRun() {
    Schedule schedule = Schedule.poly(0.9).withWarmUp(10, 0);

    assertThat(schedule.factor(4, 5, 5, List.of())).isEqualTo(0.4);
  }

  @Test
  void oneCycleOfFewStepsStartsAtThePeak() {
    Schedule schedule = Schedule.oneCycle(0.3, 25, 1e4);

    assertThat(schedule.factor(0, 1, 1, List.of())).isEqualTo(1);
    assertThat(schedule.factor(0, 2, 1, List.of())).isEqualTo(1);
  }

  @Test
  void theRunMustHaveTheStep() {
    Schedule schedule = Schedule.constant();

    assertThatThrownBy(() -> schedule.factor(40, 40, 8, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("step 40 was asked for, but the steps of this run are 0 to 39");
    assertThatThrownBy(() -> schedule.factor(0, 40, 0, List.of()))
        .hasMessage("an epoch has 0 steps; it must have 1 or more");
  }

  @Test
  void settingsMustBeInTheirRanges() {
    Schedule constant = Schedule.constant();
    assertRefused(
        () -> Schedule.poly(0), "the power of the poly schedule is 0.0; it must be more than 0");
    assertRefused(
        () -> Schedule.step(0, 0.1),
        "the number of epochs of the step schedule is 0; it must be 1 or more");
    assertRefused(
        () -> Schedule.step(1, -0.1),
        "the factor of the step schedule is -0.1; it must be more than 0");
    assertRefused(
        () -> Schedule.milestones(0.1, 3, 3),
        "milestone 3 comes after 3; they must be 1 or more, and ascend");
    assertRefused(
        () -> Schedule.milestones(0.1, 0),
        "milestone 0 comes after 0; they must be 1 or more, and ascend");
    assertRefused(
        () -> Schedule.cosine(1.5),
        "the minimum of the cosine schedule is 1.5; it must be from 0 to 1");
    assertRefused(
        () -> Schedule.oneCycle(-1, 25, 1e4),
        "the warm share of the one-cycle schedule is -1.0; it must be from 0 to 1");
    assertRefused(
        () -> Schedule.oneCycle(0.3, 0.5, 1e4),
        "the start divisor of the one-cycle schedule is 0.5; it must be 1 or more");
    assertRefused(
        () -> Schedule.reduceOnPlateau(Metric.LOSS, 1, 10, 1e-4),
        "the factor of the plateau schedule is 1.0; it must be more than 0, and less than 1");
    assertRefused(
        () -> Schedule.reduceOnPlateau(Metric.LOSS, 0.1, -1, 1e-4),
        "the patience of the plateau schedule is -1; it must be 0 or more");
    assertRefused(
        () -> Schedule.reduceOnPlateau(Metric.LOSS, 0.1, 10, 1),
        "the threshold of the plateau schedule is 1.0; it must be 0 or more, and less than 1");
    assertRefused(
        () -> constant.withWarmUp(0, 0.1),
        "the number of warm-up steps is 0; it must be 1 or more");
    assertRefused(
        () -> constant.withWarmUp(10, Double.NaN),
        "the start factor of the warm-up is NaN; it must be from 0 to 1");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  @Test
  void theTextHasAllSettings() {
    assertThat(Schedule.poly(0.9).withWarmUp(500, 0.001))
        .hasToString("poly(power 0.9) after warm-up(steps 500, start factor 0.001)")
        .isEqualTo(Schedule.poly(0.9).withWarmUp(500, 0.001))
        .hasSameHashCodeAs(Schedule.poly(0.9).withWarmUp(500, 0.001))
        .isNotEqualTo(Schedule.poly(0.9));
    assertThat(Schedule.constant()).hasToString("constant");
    assertThat(Schedule.step(10, 0.1)).hasToString("step(every 10 epochs, factor 0.1)");
    assertThat(Schedule.milestones(0.1, 20, 40))
        .hasToString("milestones(factor 0.1, after epochs 20 40)");
    assertThat(Schedule.cosine(0.01)).hasToString("cosine(minimum 0.01)");
    assertThat(Schedule.oneCycle(0.3, 25, 100))
        .hasToString("one-cycle(warm share 0.3, divisors 25.0 and 100.0)");
    assertThat(Schedule.reduceOnPlateau(Metric.MEAN_IOU, 0.1, 5, 0.001))
        .hasToString("plateau(mean IoU, factor 0.1, patience 5, threshold 0.001)");
  }
}
