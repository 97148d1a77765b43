package io.github.pixelwise.network.convert;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.OperationVisitor;
import java.util.List;

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

  private String first() {
    return operands.get(0);
  }

  @Override
  public String convolution(Operation.Convolution operation) {
    if (singleNode) {
      return linear();
    }
    Kernel kernel = operation.kernel();
    int padding = kernel.padding();
    boolean padded = kernel.groups() > 1 && padding > WIDEST_PADDING;
    return "torch.conv2d(%s, %s, %s, %s, %s, %s, %s)"
        .formatted(
            padded
                ? "torch.constant_pad_nd(%s, [%s, %2$s, %2$s, %2$s], 0)".formatted(first(), padding)
                : first(),
            weight(0),
            weight(1),
            pair(kernel.stride()),
            pair(padded ? 0 : padding),
            pair(kernel.dilation()),
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
            pair(kernel.stride()),
            pair(kernel.padding()),
            kernel.groups(),
            pair(kernel.dilation()));
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
        };
    String range = operation == Operation.Activation.RELU6 ? ", 0., 6." : "";
    return "torch.%s(%s%s)".formatted(name + inPlace(), first(), range);
  }

  /** The suffix of operators that overwrite their first operand. */
  private String inPlace() {
    return overwrites ? "_" : "";
  }

  @Override
  public String maxPool(Operation.MaxPool operation) {
    return "torch.max_pool2d(%s, %s, [1, 1], False)".formatted(first(), window(operation.window()));
  }

  @Override
  public String averagePool(Operation.AveragePool operation) {
    return "torch.avg_pool2d(%s, %s, False, True)".formatted(first(), window(operation.window()));
  }

  private static String window(Kernel window) {
    return "%s, %s, %s"
        .formatted(pair(window.size()), pair(window.stride()), pair(window.padding()));
  }

  private static String pair(int number) {
    return "[%s, %s]".formatted(number, number);
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
  public String add(Operation.Add operation) {
    return "torch.add%s(%s, %s)".formatted(inPlace(), first(), operands.get(1));
  }

  @Override
  public String multiply(Operation.Multiply operation) {
    return "torch.mul(%s, %s)".formatted(first(), operands.get(1));
  }

  @Override
  public String concatenate(Operation.Concatenate operation) {
    return "torch.cat([%s], 1)".formatted(String.join(", ", operands));
  }

  @Override
  public String softmax(Operation.Softmax operation) {
    return "torch.softmax(%s, 1)".formatted(first());
  }

  @Override
  public String argMax(Operation.ArgMax operation) {
    return "torch.argmax(%s, 1, True)".formatted(first());
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
