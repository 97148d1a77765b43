package io.github.pixelwise.network.convert;

import io.github.pixelwise.network.Operation;
import java.util.List;

/**
 * One operation of a program.
 *
 * @param result the name of the result, unique in the program
 * @param operation what it computes; never the input, batch norm, or dropout. An upsampling without
 *     a factor has a second input, which gives the size
 * @param inputs the names of its inputs
 * @param constants for convolutions, the weight and the bias if there is one; the factors of a
 *     PReLU; the numbers of a constant, which have the name of the result; otherwise empty
 */
record Step(String result, Operation operation, List<String> inputs, List<Constant> constants) {
  /** The error for an operation that cannot occur in a program. */
  static IllegalStateException impossible(Operation operation) {
    return new IllegalStateException("a program cannot contain " + operation);
  }
}
