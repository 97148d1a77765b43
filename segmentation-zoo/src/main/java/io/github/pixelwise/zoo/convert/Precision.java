package io.github.pixelwise.zoo.convert;

/** How weights are stored. Input and output are float32 always. */
public enum Precision {
  /** As they are. */
  FLOAT32,

  /** In half the space; the network computes in float32. */
  FLOAT16,

  /**
   * In half the space, and the network computes in bfloat16: for TorchScript, on CPUs with AMX or
   * AVX512-BF16.
   */
  BFLOAT16;

  /** How many bytes a weight takes. */
  int bytes() {
    return this == FLOAT32 ? Float.BYTES : Short.BYTES;
  }
}
