package io.github.pixelwise.network.convert;

import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.AttentionOperation;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Operation;
import io.github.pixelwise.network.Shape;
import io.github.pixelwise.network.TensorOperation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The TorchScript class of a program: weights are attributes, and {@code forward} has one statement
 * per step. The interpreter frees each result after its last use.
 *
 * <p>Steps up to the last convolution use channels-last memory and the precision of the weights.
 * Later steps compute in float32, and so do the first steps if weights are bfloat16. Results that
 * nothing else needs are overwritten. docs/decisions/0014-torchscript-form.md has the measurements.
 *
 * <p>Numbers are formatted with {@code %s}, because {@code %d} uses the digits of the default
 * locale.
 */
final class TorchScriptCode {
  static final String CLASS = "Network";

  /** PyTorch's codes for the operators' arguments. */
  private static final int FLOAT32 = 6;

  private static final int BFLOAT16 = 15;
  private static final int CONTIGUOUS = 0;
  private static final int CHANNELS_LAST = 2;

  /** The largest stride of the first steps, which always compute in float32. */
  private static final int FINE_STRIDE = 4;

  private final Program program;
  private final Precision precision;

  /** The number of steps before the first one on a coarser grid; 0 if there is none. */
  private final int fineSteps;

  /** The attributes by constant name. */
  private final Map<String, String> attributes = new LinkedHashMap<>();

  private final Map<String, Step> producers = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  /** The results that are inputs or outputs of a convolution. */
  private final Set<String> convolved = new HashSet<>();

  private final StringBuilder code = new StringBuilder();

  /**
   * @throws IllegalArgumentException if two constants have the same name in TorchScript
   */
  TorchScriptCode(Program program, Precision precision) {
    this.program = program;
    this.precision = precision;
    this.fineSteps = precision == Precision.BFLOAT16 ? fineSteps(program) : 0;
    program.constants().forEach(this::addAttribute);
    for (Step step : program.steps()) {
      producers.put(step.result(), step);
      operands(step).forEach(operand -> uses.merge(operand, 1, Integer::sum));
    }
    for (int i = program.steps().size() - 1; i >= 0; i--) {
      Step step = program.steps().get(i);
      if (!step.constants().isEmpty()) {
        convolved.add(step.result());
      }
      if (convolved.contains(step.result())) {
        convolved.addAll(operands(step));
      }
    }
    write();
  }

  private static int fineSteps(Program program) {
    SizeRule size = program.input().size();
    boolean fixed = size.kind() == SizeRule.Kind.FIXED;
    int side = fixed ? size.width() : 256; // any side will do if it is not fixed
    Map<String, Shape> shapes = new HashMap<>();
    shapes.put(
        program.input().name(), new Shape(program.channels(), side, fixed ? size.height() : side));
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      List<Shape> inputs =
          step.inputs().stream().map(input -> Objects.requireNonNull(shapes.get(input))).toList();
      Shape shape = step.operation().shape(inputs);
      if (shape.width() * FINE_STRIDE < side) {
        return i;
      }
      shapes.put(step.result(), shape);
    }
    return 0;
  }

  private void addAttribute(Constant constant) {
    String attribute = identifier(constant.name());
    if (attributes.containsValue(attribute)) {
      throw new IllegalArgumentException(
          "network %s has two weights named %s in TorchScript; rename the layer of %s"
              .formatted(program.name(), attribute, constant.name()));
    }
    attributes.put(constant.name(), attribute);
  }

  /** A weight's name as an attribute. */
  static String identifier(String name) {
    return name.replaceAll("\\W", "_").replaceFirst("^(?=\\d)", "_");
  }

  /** The inputs whose values a step uses. An input that only provides a size is left out. */
  private static List<String> operands(Step step) {
    return step.operation() instanceof Operation.Upsample
            || step.operation() instanceof AttentionOperation.JoinHeads
        ? step.inputs().subList(0, 1)
        : step.inputs();
  }

  /** The attributes' names, in the order of the program's constants. */
  List<String> attributes() {
    return List.copyOf(attributes.values());
  }

  /** How each attribute is stored, in the same order. */
  List<Precision> precisions() {
    List<Precision> precisions = new ArrayList<>();
    for (int i = 0; i < program.steps().size(); i++) {
      Precision stored = i < fineSteps ? Precision.FLOAT32 : precision;
      program.steps().get(i).constants().forEach(constant -> precisions.add(stored));
    }
    return precisions;
  }

  @Override
  public String toString() {
    return code.toString();
  }

  /** The beginning of a class, up to its methods. */
  static String classOf(List<String> attributes) {
    return "class %s(Module):\n  __parameters__ = [%s]\n  __buffers__ = []\n%s  training : bool\n"
        .formatted(
            CLASS,
            attributes.stream().map(a -> '"' + a + "\", ").collect(Collectors.joining()),
            attributes.stream().map(a -> "  " + a + " : Tensor\n").collect(Collectors.joining()));
  }

  private void write() {
    code.append(classOf(attributes()));
    line("  def forward(self,");
    line("    input: Tensor) -> Tensor:");
    assign(
        program.input().name(),
        precision == Precision.BFLOAT16 && fineSteps == 0
            ? "torch.to(input, %s, False, False, %s)".formatted(BFLOAT16, CHANNELS_LAST)
            : inMemory("input", CHANNELS_LAST));
    for (int i = 0; i < program.steps().size(); i++) {
      if (i == fineSteps && fineSteps > 0) {
        reduceFineResults();
      }
      Step step = program.steps().get(i);
      assign(step.result(), expression(step));
    }
    line("    return " + afterConvolutions(program.output().name()));
    if (precision == Precision.FLOAT16) {
      writeConversion();
    }
  }

  /** Converts the results of the first steps for the later convolutions that use them. */
  private void reduceFineResults() {
    List<Step> after = program.steps().subList(fineSteps, program.steps().size());
    Set<String> needed = new HashSet<>();
    after.stream()
        .filter(step -> convolved.contains(step.result()))
        .forEach(step -> needed.addAll(operands(step)));
    program.steps().subList(0, fineSteps).stream()
        .map(Step::result)
        .filter(needed::contains)
        .forEach(
            result -> assign(result, "torch.to(%s, %s)".formatted(variable(result), BFLOAT16)));
  }

  /** Converts 16-bit weights once, when the file is loaded. */
  private void writeConversion() {
    line("  def __getstate__(self) -> List[Tensor]:");
    line("    return [" + joined(attribute -> "self." + attribute + ", ") + "]");
    line("  def __setstate__(self,");
    line("    state: List[Tensor]) -> NoneType:");
    int index = 0;
    for (String attribute : attributes()) {
      line("    self.%s = torch.to(state[%s], %s)".formatted(attribute, index, FLOAT32));
      index++;
    }
    line("    self.training = False");
    line("    return None");
  }

  private void assign(String result, String expression) {
    line("    " + variable(result) + " = " + expression);
  }

  private void line(String text) {
    code.append(text).append('\n');
  }

  private String joined(Function<String, String> form) {
    return attributes.values().stream().map(form).collect(Collectors.joining());
  }

  /** The result's variable, whose name is never {@code input}: that is the argument. */
  private static String variable(String result) {
    return "v_" + identifier(result);
  }

  private static String inMemory(String tensor, int format) {
    return "torch.contiguous(%s, memory_format=%s)".formatted(tensor, format);
  }

  /** A value as a step after the convolutions needs it. */
  private String afterConvolutions(String value) {
    if (!convolved.contains(value)) {
      return variable(value);
    }
    // Upsampling is faster with planar memory, and arg-max with channels last.
    int format = program.output().kind() == OutputKind.CATEGORIES ? CHANNELS_LAST : CONTIGUOUS;
    return precision == Precision.BFLOAT16
        ? "torch.to(%s, %s, False, False, %s)".formatted(variable(value), FLOAT32, format)
        : inMemory(variable(value), format);
  }

  private String expression(Step step) {
    List<String> operands = new ArrayList<>();
    for (String value : operands(step)) {
      operands.add(convolved.contains(step.result()) ? variable(value) : afterConvolutions(value));
    }
    step.inputs().stream()
        .skip(operands.size())
        .map(TorchScriptCode::variable)
        .forEach(operands::add);
    List<String> weights =
        step.constants().stream().map(c -> "self." + attributes.get(c.name())).toList();
    return step.operation()
        .accept(
            new TorchScriptCall(
                operands, weights, isSingleNode(step.result()), mayOverwrite(step)));
  }

  /** Whether a result has one node per channel for every input size. */
  private boolean isSingleNode(String value) {
    Step producer = producers.get(value);
    if (producer == null) {
      return false;
    }
    Operation operation = producer.operation();
    boolean keepsNodes =
        operation instanceof Operation.Activation
            || (operation instanceof Operation.Convolution convolution
                && convolution.kernel().withBias().equals(Kernel.of(1).withBias()));
    return operation instanceof Operation.GlobalAveragePool
        || (keepsNodes && isSingleNode(producer.inputs().get(0)));
  }

  /**
   * Whether a step may overwrite its first operand because nothing else uses it. Results of
   * activations are kept because training needs them; the input belongs to the caller, constants to
   * the module, and what attention reshapes and permutes to what it was made from.
   */
  private boolean mayOverwrite(Step step) {
    if (step.inputs().isEmpty()) {
      return false;
    }
    String operand = step.inputs().get(0);
    Step producer = producers.get(operand);
    return producer != null
        && !(producer.operation() instanceof TensorOperation.Constant)
        && !(producer.operation() instanceof Operation.Activation)
        && !(producer.operation() instanceof Operation.Softmax)
        && !(producer.operation() instanceof AttentionOperation)
        && uses.getOrDefault(operand, 0) <= 1;
  }
}
