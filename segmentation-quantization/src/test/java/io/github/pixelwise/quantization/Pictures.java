package io.github.pixelwise.quantization;

import io.github.pixelwise.model.FloatTensor;
import java.util.List;

/** What a network is calibrated on in tests. */
record Pictures(List<FloatTensor> tensors) implements Activations.Inputs {
  @Override
  public int count() {
    return tensors.size();
  }

  @Override
  public FloatTensor input(int photo) {
    return tensors.get(photo);
  }

  @Override
  public String name(int photo) {
    return "picture " + photo;
  }
}
