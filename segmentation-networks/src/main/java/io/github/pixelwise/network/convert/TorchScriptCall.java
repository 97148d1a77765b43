package io.github.pixelwise.network.convert;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.network.AttentionOperation;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.OperationVisitor;
import io.github.pixelwise.network.TensorOperation;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Writes the call of the PyTorch operator that computes an operation.
 *
 * @param operands the variables of the inputs
 * @param weights the attributes of the weight and bias, if any
 * @param singleNode whether the result has one node per channel for every input size
 * @param overwrites whether the call may overwrite its first operand
 */
record TorchScriptCall(
    List<String> operands, List<String> weights, boolean singleNode, boolean overwrites)
    implements OperationVisitor<String> {
  /**
   * The most padding that is left to the convolution itself. On some AVX-512 processors, oneDNN
   * 3.7.1 (in PyTorch 2.7.1) computes channels-last depthwise convolutions with more padding
   * incorrectly. Padding the input first gives the right result.
   */
  private static final int WIDEST_PADDING = 6;

  /** Padding that is never the largest number; it fits into bfloat16. */
  private static final String LOWEST = "-3e+38";

  private String first() {
    return operands.get(0);
  }

  @Override
  public String convolution(Operation.Convolution operation) {
    if (singleNode) {
      return linear();
    }
    Kernel kernel = operation.kernel();
    int widest = Math.max(kernel.horizontal().before(), kernel.vertical().before());
    boolean padded = !kernel.isSymmetric() || (kernel.groups() > 1 && widest > WIDEST_PADDING);
    return "torch.conv2d(%s, %s, %s, %s, %s, %s, %s)"
        .formatted(
            padded ? padded(first(), kernel, "0") : first(),
            weight(0),
            weight(1),
            pair(kernel, Kernel.Axis::stride),
            padded ? "[0, 0]" : pair(kernel, Kernel.Axis::before),
            pair(kernel, Kernel.Axis::dilation),
            kernel.groups());
  }

  /**
   * A 1 x 1 convolution of a single node, as a linear layer. For such a small convolution, PyTorch
   * would try NNPACK, which prints a warning each time if it does not support the processor.
   */
  private String linear() {
    String numbers =
        "torch.linear(torch.flatten(%s, 1), torch.flatten(%s, 1), %s)"
            .formatted(first(), weight(0), weight(1));
    return "torch.unsqueeze(torch.unsqueeze(" + numbers + ", 2), 3)";
  }

  @Override
  public String transposedConvolution(Operation.TransposedConvolution operation) {
    Kernel kernel = operation.kernel();
    return "torch.conv_transpose2d(%s, %s, %s, %s, %s, [0, 0], %s, %s)"
        .formatted(
            first(),
            weight(0),
            weight(1),
            pair(kernel, Kernel.Axis::stride),
            pair(kernel, Kernel.Axis::before),
            kernel.groups(),
            pair(kernel, Kernel.Axis::dilation));
  }

  private String weight(int index) {
    return index < weights.size() ? weights.get(index) : "None";
  }

  @Override
  public String activation(Operation.Activation operation) {
    String name =
        switch (operation) {
          case RELU -> "relu";
          case RELU6 -> "hardtanh";
          case HARD_SWISH -> "hardswish";
          case HARD_SIGMOID -> "hardsigmoid";
          case SIGMOID -> "sigmoid";
          case ELU -> "elu";
          case GELU -> "gelu";
          case TANH -> "tanh";
        };
    String range = operation == Operation.Activation.RELU6 ? ", 0., 6." : "";
    boolean overwriting = operation != Operation.Activation.GELU;
    return "torch.%s(%s%s)".formatted(overwriting ? name + inPlace() : name, first(), range);
  }

  /** The suffix of operators that overwrite their first operand. */
  private String inPlace() {
    return overwrites ? "_" : "";
  }

  @Override
  public String maxPool(Operation.MaxPool operation) {
    Kernel window = operation.window();
    String from = window.isSymmetric() ? first() : padded(first(), window, LOWEST);
    return "torch.max_pool2d(%s, %s, [1, 1], False)".formatted(from, window(window));
  }

  @Override
  public String averagePool(Operation.AveragePool operation) {
    Kernel window = operation.window();
    boolean counts = operation.countsPadding();
    if (window.isSymmetric()) {
      return average(first(), window, counts ? "True" : "False");
    }
    String mean = average(padded(first(), window, "0"), window, "True");
    if (counts) {
      return mean;
    }
    // The mean of ones is the share of the window that is not padding.
    String ones = padded("torch.ones_like(" + first() + ")", window, "0");
    return "torch.div(%s, %s)".formatted(mean, average(ones, window, "True"));
  }

  private static String average(String from, Kernel window, String countsPadding) {
    return "torch.avg_pool2d(%s, %s, False, %s)".formatted(from, window(window), countsPadding);
  }

  /** Pads a tensor as a window asks for. */
  private static String padded(String from, Kernel window, String number) {
    Kernel.Axis across = window.horizontal();
    Kernel.Axis down = window.vertical();
    return "torch.constant_pad_nd(%s, [%s, %s, %s, %s], %s)"
        .formatted(from, across.before(), across.after(), down.before(), down.after(), number);
  }

  /** A pool's size, stride, and padding, which is 0 if the input was padded before. */
  private static String window(Kernel window) {
    return "%s, %s, %s"
        .formatted(
            pair(window, Kernel.Axis::size),
            pair(window, Kernel.Axis::stride),
            window.isSymmetric() ? pair(window, Kernel.Axis::before) : "[0, 0]");
  }

  private static String pair(Kernel kernel, ToIntFunction<Kernel.Axis> number) {
    return "[%s, %s]"
        .formatted(number.applyAsInt(kernel.vertical()), number.applyAsInt(kernel.horizontal()));
  }

  @Override
  public String globalAveragePool(Operation.GlobalAveragePool operation) {
    return "torch.adaptive_avg_pool2d(%s, [1, 1])".formatted(first());
  }

  @Override
  public String upsample(Operation.Upsample operation) {
    String aligned = operation.alignment() == GridAlignment.ALIGNED_CORNERS ? "True" : "False";
    if (operation.factor().isPresent()) {
      int factor = operation.factor().getAsInt();
      return "torch.upsample_bilinear2d(%s, None, %s, [%s., %s.])"
          .formatted(first(), aligned, factor, factor);
    }
    String other = operands.get(1);
    return "torch.upsample_bilinear2d(%s, [torch.size(%s, 2), torch.size(%s, 3)], %s)"
        .formatted(first(), other, other, aligned);
  }

  @Override
  public String add(TensorOperation.Add operation) {
    return "torch.add%s(%s, %s)".formatted(inPlace(), first(), operands.get(1));
  }

  @Override
  public String multiply(TensorOperation.Multiply operation) {
    return "torch.mul(%s, %s)".formatted(first(), operands.get(1));
  }

  @Override
  public String concatenate(TensorOperation.Concatenate operation) {
    return "torch.cat([%s], 1)".formatted(String.join(", ", operands));
  }

  @Override
  public String softmax(Operation.Softmax operation) {
    return "torch.softmax(%s, %s)".formatted(first(), operation.axis().index());
  }

  @Override
  public String argMax(Operation.ArgMax operation) {
    return "torch.argmax(%s, 1, True)".formatted(first());
  }

  @Override
  public String constant(TensorOperation.Constant operation) {
    return weight(0);
  }

  @Override
  public String subtract(TensorOperation.Subtract operation) {
    return "torch.sub(%s, %s)".formatted(first(), operands.get(1));
  }

  @Override
  public String clip(TensorOperation.Clip operation) {
    return "torch.clamp(%s, %s, %s)".formatted(first(), operation.low(), operation.high());
  }

  @Override
  public String prelu(TensorOperation.PRelu operation) {
    return "torch.prelu(%s, torch.flatten(%s))".formatted(first(), weight(0));
  }

  @Override
  public String pad(TensorOperation.Pad operation) {
    String sides =
        "%s, %s, %s, %s"
            .formatted(operation.left(), operation.right(), operation.top(), operation.bottom());
    return switch (operation.fill()) {
      case ZERO ->
          "torch.constant_pad_nd(%s, [%s, 0, %s], 0)"
              .formatted(first(), sides, operation.channels());
      case EDGE -> "torch.replication_pad2d(%s, [%s])".formatted(first(), sides);
      case REFLECT -> "torch.reflection_pad2d(%s, [%s])".formatted(first(), sides);
    };
  }

  @Override
  public String resize(TensorOperation.Resize operation) {
    String size = "[%s, %s]".formatted(operation.height(), operation.width());
    return switch (operation.sampling()) {
      case HALF_PIXEL -> "torch.upsample_bilinear2d(%s, %s, False)".formatted(first(), size);
      case ALIGNED_CORNERS -> "torch.upsample_bilinear2d(%s, %s, True)".formatted(first(), size);
      case NEAREST -> "torch.upsample_nearest2d(%s, %s)".formatted(first(), size);
    };
  }

  @Override
  public String adaptiveAveragePool(TensorOperation.AdaptiveAveragePool operation) {
    return "torch.adaptive_avg_pool2d(%s, [%s, %s])"
        .formatted(first(), operation.side(), operation.side());
  }

  @Override
  public String linear(AttentionOperation.Linear operation) {
    return "torch.conv2d(%s, torch.unsqueeze(torch.unsqueeze(%s, 2), 3), %s)"
        .formatted(first(), weight(0), weight(1));
  }

  @Override
  public String layerNorm(AttentionOperation.LayerNorm operation) {
    return "torch.permute(torch.layer_norm(torch.permute(%s, [0, 2, 3, 1]), [torch.size(%s, 0)], %s, %s, %s), [0, 3, 1, 2])"
        .formatted(first(), weight(0), weight(0), weight(1), operation.epsilon());
  }

  @Override
  public String layerScale(AttentionOperation.LayerScale operation) {
    return "torch.mul(%s, torch.reshape(%s, [1, -1, 1, 1]))".formatted(first(), weight(0));
  }

  @Override
  public String splitHeads(AttentionOperation.SplitHeads operation) {
    return "torch.reshape(%s, [torch.size(%s, 0), %s, %s, -1])"
        .formatted(first(), first(), operation.heads(), operation.length());
  }

  @Override
  public String joinHeads(AttentionOperation.JoinHeads operation) {
    String grid = operands.get(1);
    return "torch.reshape(%s, [torch.size(%s, 0), %s, torch.size(%s, 2), torch.size(%s, 3)])"
        .formatted(first(), grid, operation.channels(), grid, grid);
  }

  @Override
  public String permute(AttentionOperation.Permute operation) {
    return "torch.permute(%s, [0, %s, %s, %s])"
        .formatted(
            first(),
            operation.channels().index(),
            operation.height().index(),
            operation.width().index());
  }

  @Override
  public String matrixProduct(AttentionOperation.MatrixProduct operation) {
    return "torch.matmul(%s, %s)".formatted(first(), operands.get(1));
  }

  @Override
  public String scale(AttentionOperation.Scale operation) {
    return "torch.mul(%s, %s)".formatted(first(), operation.factor());
  }

  @Override
  public String input(Operation.Input operation) {
    throw Step.impossible(operation);
  }

  @Override
  public String batchNorm(Operation.BatchNorm operation) {
    throw Step.impossible(operation);
  }

  @Override
  public String dropout(Operation.Dropout operation) {
    throw Step.impossible(operation);
  }
}
