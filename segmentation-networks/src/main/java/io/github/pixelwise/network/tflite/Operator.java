package io.github.pixelwise.network.tflite;

import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Operation.Activation;
import io.github.pixelwise.network.TensorOperation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The operators that are supported, with their codes in the schema and the newest version that is
 * known. A newer version may mean something else.
 */
@SuppressWarnings("ImmutableEnumChecker") // Effects are functions.
enum Operator {
  ADD(0, 5, Arithmetic::add),
  AVERAGE_POOL_2D(1, 3, Pools::average),
  CONCATENATION(2, 4, Axes::concatenate),
  CONV_2D(3, 8, Convolutions::convolution),
  DEPTHWISE_CONV_2D(4, 7, Convolutions::depthwise),
  DEQUANTIZE(6, 6, (call, shape) -> shape),
  FULLY_CONNECTED(9, 13, Convolutions::fullyConnected),
  LOGISTIC(14, 3, Activation.SIGMOID),
  MAX_POOL_2D(17, 3, Pools::max),
  MUL(18, 7, Arithmetic::multiply),
  RELU(19, 3, Activation.RELU),
  RELU_N1_TO_1(20, 1, new TensorOperation.Clip(-1, 1)),
  RELU6(21, 3, Activation.RELU6),
  RESHAPE(22, 1, Axes::reshaped),
  RESIZE_BILINEAR(23, 4, Resizing::bilinear),
  SOFTMAX(25, 3, Arithmetic::softmax),
  TANH(28, 3, Activation.TANH),
  PAD(34, 4, Axes::pad),
  MEAN(40, 3, Pools::mean),
  SUB(41, 5, Arithmetic::subtract),
  SQUEEZE(43, 2, Axes::squeezed),
  CAST(53, 6, Axes::cast),
  PRELU(54, 2, Arithmetic::prelu),
  ARG_MAX(56, 3, Arithmetic::argMax),
  PADV2(60, 4, Axes::padWith),
  TRANSPOSE_CONV(67, 5, TransposedConvolutions::builtin),
  EXPAND_DIMS(70, 1, Axes::expanded),
  RESIZE_NEAREST_NEIGHBOR(97, 4, Resizing::nearest),
  LEAKY_RELU(98, 2, Arithmetic::leakyRelu),
  MIRROR_PAD(100, 3, Axes::mirrored),
  ELU(111, 1, Activation.ELU),
  QUANTIZE(114, 4, (call, shape) -> shape),
  HARD_SWISH(117, 1, Activation.HARD_SWISH),
  RELU_0_TO_1(152, 1, new TensorOperation.Clip(0, 1)),
  CONVOLUTION_2D_TRANSPOSE_BIAS("Convolution2DTransposeBias", TransposedConvolutions::withBias);

  /** Computes an operator's result. */
  @FunctionalInterface
  private interface Computation {
    Value of(Call call) throws IOException;
  }

  /** Computes the axes of a result whose numbers are those of the first input. */
  @FunctionalInterface
  private interface View {
    List<Integer> of(Call call, List<Integer> shape) throws IOException;
  }

  private final int code;
  private final String custom;
  private final int newest;
  private final Effect effect;

  /** What an operator adds to the graph. */
  @FunctionalInterface
  private interface Effect {
    void on(Call call) throws IOException;
  }

  Operator(int code, int newest, Computation computation) {
    this.code = code;
    this.custom = "";
    this.newest = newest;
    this.effect = defining(computation);
  }

  Operator(String custom, Computation computation) {
    this.code = Node.CUSTOM;
    this.custom = custom;
    this.newest = 1;
    this.effect = defining(computation);
  }

  Operator(int code, int newest, Operation function) {
    this(code, newest, call -> call.elementwise(function, call.input(0)));
  }

  Operator(int code, int newest, View view) {
    this.code = code;
    this.custom = "";
    this.newest = newest;
    this.effect =
        call -> {
          int output = call.node().output();
          Optional<StoredTensor> numbers = call.constant(0);
          if (numbers.isPresent()) {
            StoredTensor found = numbers.get();
            List<Integer> shape = view.of(call, found.shape());
            call.graph()
                .define(output, shape.equals(found.shape()) ? found : found.reshaped(shape));
          } else {
            Value input = call.input(0);
            call.graph().define(output, input.reshaped(view.of(call, input.shape())));
          }
        };
  }

  private static Effect defining(Computation computation) {
    return call -> call.graph().define(call.node().output(), computation.of(call));
  }

  /**
   * Adds an operator of a file to a graph.
   *
   * @throws IOException if it is unknown, too new, or does not fit its inputs
   * @throws IllegalArgumentException if it does not fit its inputs
   */
  static void add(Call call) throws IOException {
    Node node = call.node();
    Operator operator =
        Arrays.stream(values())
            .filter(o -> o.code == node.code() && o.custom.equals(node.customName()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        "this operator is not supported. Supported operators: " + supported()));
    if (node.version() < 1 || node.version() > operator.newest) {
      throw new IOException(
          "it has version %d; known versions: 1 to %d".formatted(node.version(), operator.newest));
    }
    operator.effect.on(call);
  }

  private static String supported() {
    return Arrays.stream(values())
        .map(operator -> operator.custom.isEmpty() ? operator.name() : operator.custom)
        .collect(Collectors.joining(", "));
  }
}
