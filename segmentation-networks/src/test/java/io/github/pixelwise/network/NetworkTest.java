package io.github.pixelwise.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class NetworkTest {
  private final Layer image = LayerTest.image();
  private final Layer stem = image.convolution("stem", 8, Kernel.of(3)).relu();
  private final Layer scores = stem.convolution("scores", 2, Kernel.of(1).withBias());

  @Test
  void listsEachLayerOnceAfterWhatItIsComputedFrom() {
    Network network = Network.of("tiny", scores.plus(scores));

    assertThat(network.layers())
        .containsExactly(image, stem.inputs().get(0), stem, scores, network.output());
  }

  @Test
  void countsAuxiliaryOutputsToo() {
    Layer auxiliary = stem.convolution("aux", 2, Kernel.of(1));
    Network network = Network.of("tiny", scores).withAuxiliary(auxiliary);

    assertThat(network.layers()).endsWith(auxiliary);
    assertThat(network.auxiliaryParameters()).containsExactly("aux.weight");
    assertThat(network).hasToString("network tiny, 250 parameters");
  }

  @Test
  void refusesTwoParametersOfOneName() {
    Layer twice = stem.convolution("stem", 8, Kernel.of(3));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Network.of("tiny", twice))
        .withMessage("network tiny has two parameters named stem.weight");
  }

  @Test
  void refusesTwoInputs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Network.of("tiny", image.plus(LayerTest.image())))
        .withMessage("network tiny must have one input, found 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Network.of("tiny", scores).withAuxiliary(LayerTest.image()))
        .withMessage("network tiny must have one input, found 2");
  }

  @Test
  void refusesToEndInItsInput() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Network.of("tiny", image))
        .withMessage("network tiny has no layers besides its input; add some");
  }

  @Test
  void refusesASizeThatALayerDoesNotTake() {
    Network network = Networks.of("unet", NetworkOptions.ofClasses(2));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.shapes(96, 100))
        .withMessage(
            "network unet does not support an input of 96 x 100: Concatenate: cannot concatenate"
                + " 256 x 25 x 24 and 256 x 24 x 24: their sides differ");
  }
}
