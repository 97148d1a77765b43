package io.github.pixelwise.network.internal;

import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.TensorOperation;

/** How networks end. */
public final class Endings {
  private Endings() {}

  /** Returns the layer whose result a layer only resizes; the layer itself if it does not. */
  public static Layer beneathResizes(Layer layer) {
    Layer end = layer;
    while (end.operation() instanceof Operation.Upsample
        || end.operation() instanceof TensorOperation.Resize) {
      end = end.inputs().get(0);
    }
    return end;
  }
}
