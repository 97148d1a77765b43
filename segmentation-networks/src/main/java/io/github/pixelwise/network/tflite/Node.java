package io.github.pixelwise.network.tflite;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An operator of a file, as it is stored.
 *
 * @param index its index in the graph
 * @param code what it computes
 * @param custom the name of what it computes, if that is not one of TensorFlow Lite's own operators
 * @param version the version of its settings
 * @param inputs its input tensors; -1 for one that is left out
 * @param outputs its output tensors
 * @param options its settings, as a table
 * @param customOptions its settings, if it is not one of TensorFlow Lite's own
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Node(
    int index,
    int code,
    String custom,
    int version,
    int[] inputs,
    int[] outputs,
    FlatTable options,
    ByteBuffer customOptions) {
  /** The code of operators that are not TensorFlow Lite's own. */
  static final int CUSTOM = 32;

  /** Whether an input is given. */
  boolean has(int input) {
    return input < inputs.length && inputs[input] != -1;
  }

  int input(int input) throws IOException {
    if (!has(input)) {
      throw new IOException(
          "it has %d inputs; expected at least %d".formatted(inputs.length, input + 1));
    }
    return inputs[input];
  }

  int output() throws IOException {
    if (outputs.length != 1) {
      throw new IOException("it has %d outputs; expected 1".formatted(outputs.length));
    }
    return outputs[0];
  }

  /** The name of a custom operator; empty for those of TensorFlow Lite. */
  String customName() {
    return code == CUSTOM ? custom : "";
  }

  /** The name of what it computes. */
  String type() {
    return code == CUSTOM ? "the custom operator " + custom : OperatorNames.of(code);
  }
}
