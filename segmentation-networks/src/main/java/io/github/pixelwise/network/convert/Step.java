package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.Operation;
import java.util.List;

/**
 * One operation of a program.
 *
 * @param result the name of what it computes, unique in the program
 * @param operation what it computes; never the input or batch norm. An upsampling without a factor
 *     has a second input, whose sides it takes
 * @param inputs the names of what it is computed from
 * @param constants for convolutions the weight, and the bias if there is one; else empty
 */
record Step(String result, Operation operation, List<String> inputs, List<Constant> constants) {
  /** The error for an operation that programs do not have. */
  static IllegalStateException impossible(Operation operation) {
    return new IllegalStateException("a program has no " + operation);
  }
}
