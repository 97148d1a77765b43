package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.TensorOperation.Clip;
import io.github.pixelwise.network.TensorOperation.Constant;
import io.github.pixelwise.network.TensorOperation.Pad;
import io.github.pixelwise.network.TensorOperation.Resize;
import io.github.pixelwise.network.TensorOperation.Subtract;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TensorOperationTest {
  private static final Shape GRID = new Shape(4, 6, 5);

  private final Layer image =
      Layer.input(3, InputSpec.builder("input", SizeRule.fixed(8, 8)).build());

  @Test
  void aConstantBelongsToTheNetworkOfALayer() {
    Layer constant = image.constant("offset", new Shape(3, 1, 1));

    Network network = Network.of("shifted", image.plus(constant));

    assertThat(network.parameters())
        .containsExactly(new Parameter("offset.value", List.of(1, 3, 1, 1), true));
    assertThat(network.image()).isSameAs(image);
  }

  @Test
  void subtractionRepeatsEitherInput() {
    assertThat(new Subtract().shape(List.of(GRID, new Shape(4, 1, 1)))).isEqualTo(GRID);
    assertThat(new Subtract().shape(List.of(new Shape(1, 6, 5), GRID))).isEqualTo(GRID);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Subtract().shape(List.of(GRID, new Shape(3, 6, 5))))
        .withMessage(
            "cannot subtract 4 x 5 x 6 and 3 x 5 x 6: channels and sides must be equal or 1");
  }

  @Test
  void aClipHasTwoEnds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Clip(1, 0))
        .withMessage("a range must have two finite ends in order, found 1.0 and 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Clip(0, Float.NaN))
        .withMessage("a range must have two finite ends in order, found 0.0 and NaN");
  }

  @Test
  void aPaddingAddsToEachSide() {
    assertThat(new Pad(1, 2, 3, 4, 5, Pad.Fill.ZERO).shape(List.of(GRID)))
        .isEqualTo(new Shape(9, 9, 12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Pad(0, -1, 0, 0, 0, Pad.Fill.ZERO))
        .withMessage(
            "a padding must be at least 0, found left 0, right -1, top 0, bottom 0, channels 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Pad(0, 0, 0, 0, 1, Pad.Fill.EDGE))
        .withMessage("only channels of zeros can be added, found EDGE");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Pad(6, 0, 0, 0, 0, Pad.Fill.REFLECT).shape(List.of(GRID)))
        .withMessage(
            "a reflected padding must be smaller than the input, found left 6, right 0, top 0,"
                + " bottom 0 for 4 x 5 x 6");
  }

  @Test
  void aResizeHasItsOwnSize() {
    assertThat(new Resize(3, 2, Resize.Sampling.NEAREST).shape(List.of(GRID)))
        .isEqualTo(new Shape(4, 3, 2));
  }

  @Test
  void aResizeHasNodes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Resize(3, 0, Resize.Sampling.NEAREST))
        .withMessage("the new sides must be at least 1, found 3 x 0");
  }

  @SuppressWarnings("NullAway") // as callers without a null checker may pass them
  private static Stream<Arguments> lacking() {
    return Stream.of(
        arguments("shape", (ThrowingCallable) () -> new Constant(null)),
        arguments("fill", (ThrowingCallable) () -> new Pad(1, 1, 1, 1, 0, null)),
        arguments("sampling", (ThrowingCallable) () -> new Resize(1, 1, null)),
        arguments(
            "alignment", (ThrowingCallable) () -> new Operation.Upsample(OptionalInt.of(2), null)));
  }

  @ParameterizedTest
  @MethodSource("lacking")
  void nothingMayBeNull(String component, ThrowingCallable creation) {
    assertThatThrownBy(creation).isInstanceOf(NullPointerException.class).hasMessage(component);
  }

  @Test
  void sidesThatAStrideDoesNotGiveAreTold() {
    Layer odd = image.apply("", new Resize(5, 7, Resize.Sampling.NEAREST));

    assertThat(odd.hasStride()).isFalse();
    assertThat(image.apply("", new Resize(4, 4, Resize.Sampling.NEAREST)).hasStride()).isTrue();
    assertThatIllegalArgumentException()
        .isThrownBy(odd::stride)
        .withMessage(
            "Resize has no constant stride: its output is 3 x 7 x 5 for an input of 1 x 8 x 8");
  }

  @Test
  void initialWeightsLeaveNumbersAsTheyAre() {
    Layer product =
        image
            .constant("zeros", new Shape(3, 1, 1))
            .plus(image.constant("more", new Shape(3, 1, 1)));
    Network network =
        Network.of("tiny", image.plus(product).apply("slope", new TensorOperation.PRelu()));

    Weights weights = Weights.initial(network, 1);

    assertThat(weights.values("zeros.value")).containsExactly(0, 0, 0);
    assertThat(weights.values("slope.weight")).containsExactly(1, 1, 1);
  }
}
