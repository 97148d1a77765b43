package io.github.pixelwise.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.quantization.Int8Weights.Layout;
import java.util.List;
import org.junit.jupiter.api.Test;

class Int8WeightsTest {
  /** Two channels of three inputs. */
  private static final Layout ROWS = Layout.of(List.of(2L, 3L), 0);

  private static Int8Weights of(float[] values, Layout layout, boolean pairs) {
    return Int8Weights.of(values, layout, pairs, new float[layout.channels()]);
  }

  @Test
  void eachChannelHasItsOwnScale() {
    Int8Weights weights = of(new float[] {127, -1, 0, 1.27f, 0.01f, -0.5f}, ROWS, false);

    assertThat(weights.scales()).containsExactly(1, 0.01f);
    assertThat(weights.bytes()).containsExactly(127, -1, 0, 127, 1, -50);
  }

  @Test
  void channelsAreColumnsOfAMatrixProduct() {
    Layout columns = Layout.of(List.of(3L, 2L), 1);

    Int8Weights weights = of(new float[] {127, 1.27f, -1, 0.01f, 0, -0.5f}, columns, false);

    assertThat(weights.scales()).containsExactly(1, 0.01f);
    assertThat(weights.bytes()).containsExactly(127, 127, -1, 1, 0, -50);
  }

  @Test
  void aChannelOfZerosHasAScaleOfOne() {
    assertThat(of(new float[6], ROWS, true).scales()).containsExactly(1, 1);
  }

  @Test
  void neighborsThatAreAddedIn16BitsStayBelow129() {
    Int8Weights weights = of(new float[] {100, 100, 50, 100, -100, 50}, ROWS, true);

    assertThat(weights.bytes()[0] + weights.bytes()[1]).isBetween(126, 128);
    assertThat(weights.bytes()[3]).isEqualTo((byte) 127);
  }

  @Test
  void neighborsInAKernelAreItsChannelsAtTheSamePlace() {
    // [1 x 2 x 1 x 2]: the first channel is 100, -100, the second too.
    Layout layout = Layout.of(List.of(1L, 2L, 1L, 2L), 0);

    Int8Weights weights = of(new float[] {100, -100, 100, -100}, layout, true);

    assertThat(weights.bytes()).containsExactly(64, -64, 64, -64);
  }

  @Test
  void scalesAreGreatEnoughForTheBias() {
    float[] least = Int8Weights.leastScales(new float[] {1e9f, 1}, 1e-6f);

    Int8Weights weights = Int8Weights.of(new float[6], ROWS, false, least);

    float[] sums = weights.sumScales(1e-6f);
    assertThat(Int8Weights.round(new float[] {1e9f, 1}, sums)[0]).isBetween(1 << 29, 1 << 30);
  }

  @Test
  void shiftsAreWhatRoundingTakesFromSumsOnAverage() {
    float[] values = {127, 0.25f, 0, 127, 0, -0.25f};
    Int8Weights weights = of(values, ROWS, false);

    assertThat(weights.shifts(values, ROWS, new float[] {5, 8, 4})).containsExactly(2, -1);
  }

  @Test
  void shiftsOfADepthwiseConvolutionAreThoseOfItsChannels() {
    float[] values = {127, 0.25f, 127, -0.25f};
    Layout layout = Layout.of(List.of(2L, 1L, 1L, 2L), 0);
    Int8Weights weights = of(values, layout, false);

    assertThat(weights.shifts(values, layout, new float[] {4, 8})).containsExactly(1, -2);
  }
}
