package io.github.pixelwise.zoo.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UNetTest {
  @Test
  void hasTheNumberOfParametersOfTheReference() {
    assertThat(Networks.of("unet", NetworkOptions.ofClasses(2)).parameterCount())
        .isEqualTo(31_037_698);
  }
}
