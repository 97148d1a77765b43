package io.github.pixelwise.network.convert;

import io.github.pixelwise.internal.util.Bfloat16;

/** How weights are stored. Input and output are always float32. */
public enum Precision {
  /** 32 bits. */
  FLOAT32,

  /** 16 bits; the network computes in float32. */
  FLOAT16,

  /**
   * 16 bits, and the network computes in bfloat16. Only for TorchScript, on CPUs with AMX or
   * AVX512-BF16. The first layers, up to stride 4, stay in float32: they have few weights, and
   * rounding them would change the most pixels.
   */
  BFLOAT16;

  /**
   * Returns whether this machine runs a network of this precision many times slower than in
   * float32, because it computes in bfloat16 and the processor has no instructions for that.
   * Detected only on Linux.
   *
   * @return whether it is slow here; false if unknown
   */
  public boolean isSlowHere() {
    return this == BFLOAT16 && Bfloat16.isSlow();
  }

  /** The bytes per weight. */
  int bytes() {
    return this == FLOAT32 ? Float.BYTES : Short.BYTES;
  }
}
