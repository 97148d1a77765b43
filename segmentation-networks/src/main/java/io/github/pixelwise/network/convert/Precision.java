package io.github.pixelwise.network.convert;

import io.github.pixelwise.internal.util.Bfloat16;

/** How weights are stored. Input and output are float32 always. */
public enum Precision {
  /** As they are. */
  FLOAT32,

  /** In half the space; the network computes in float32. */
  FLOAT16,

  /**
   * In half the space, and the network computes in bfloat16: for TorchScript, on CPUs with AMX or
   * AVX512-BF16. Its first layers, on grids as fine as a quarter of the input's sides, stay in
   * float32: there are few weights in them, and their rounding would change most pixels.
   */
  BFLOAT16;

  /**
   * Tells whether this machine's processor runs such a network many times slower than one in
   * float32, because it computes in bfloat16 and has no instructions for that. Found out on Linux
   * alone.
   *
   * @return whether it does; false where that is not known
   */
  public boolean isSlowHere() {
    return this == BFLOAT16 && Bfloat16.isSlow();
  }

  /** How many bytes a weight takes. */
  int bytes() {
    return this == FLOAT32 ? Float.BYTES : Short.BYTES;
  }
}
