package io.github.pixelwise.zoo.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {
  /** As torchvision publishes them in the meta data of its weights. */
  @ParameterizedTest
  @CsvSource({
    "deeplabv3-resnet50, 42004074",
    "deeplabv3-resnet101, 60996202",
    "fcn-resnet50, 35322218",
    "fcn-resnet101, 54314346",
    "deeplabv3-mobilenet-v3-large, 11029328",
    "lraspp-mobilenet-v3-large, 3221538",
  })
  void haveTheNumberOfParametersThatTorchvisionPublishes(String name, long parameters) {
    Network network = Networks.of(name, NetworkOptions.ofClasses(21));

    assertThat(network.name()).isEqualTo(name);
    assertThat(network.parameterCount()).isEqualTo(parameters);
  }
}
