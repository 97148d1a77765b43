package io.github.pixelwise.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.pixelwise.Device;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.model.TensorLayout;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendContextTest {
  private static final Setting<Boolean> FAST =
      Setting.onOff("engine.fast", "hurries").withDefault("off");
  private static final Setting<Long> MEMORY = Setting.bytes("engine.memory", "how much");
  private static final Path FILE = Path.of("network.onnx");
  private static final Set<ElementType> FLOATS =
      EnumSet.of(ElementType.FLOAT16, ElementType.FLOAT32);

  private static final class Engine implements BackendProvider {
    @Override
    public String name() {
      return "engine";
    }

    @Override
    public int priority() {
      return 0;
    }

    @Override
    public List<ModelFormat> formats() {
      return List.of(ModelFormat.ONNX);
    }

    @Override
    public Availability availability() {
      return Availability.of("Engine 1.0", "cpu");
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(MEMORY, FAST);
    }

    @Override
    public InferenceSession open(BackendContext context) {
      throw new UnsupportedOperationException();
    }
  }

  private static BackendContext.Builder builder(InputSpec input, String output) {
    ModelCard card =
        ModelCard.builder(
                "net", input, OutputSpec.logits(output, 1), LabelMap.of(List.of("a", "b")))
            .file(ModelFormat.ONNX, FILE)
            .build();
    return BackendContext.builder(new Engine(), card, ModelFormat.ONNX, FILE);
  }

  private static InputSpec.Builder input(String name, SizeRule size) {
    return InputSpec.builder(name, size);
  }

  private static BackendContext context(String input, String output) {
    return builder(input(input, SizeRule.fixed(8, 6)).build(), output).build();
  }

  private static TensorInfo floats(String name) {
    return TensorInfo.of(name, ElementType.FLOAT32);
  }

  @Test
  void theEngineChoosesByDefault() {
    BackendContext context = context("in", "out");

    assertThat(context.device()).isEqualTo(Device.AUTO);
    assertThat(context.threads()).isZero();
    assertThat(context.setting(FAST)).hasValue(false);
    assertThat(context.setting(MEMORY)).isEmpty();
    assertThat(context.withDevice(Device.CPU).device()).isEqualTo(Device.CPU);
  }

  @Test
  void settingsAreTypedAndThoseOfOthersIgnored() {
    BackendContext context =
        builder(input("in", SizeRule.fixed(8, 6)).build(), "out")
            .setting("engine.fast", "on")
            .setting("engine.memory", "1KB")
            .setting("other.x", "1")
            .build();

    assertThat(context.setting(FAST)).hasValue(true);
    assertThat(context.setting(MEMORY)).hasValue(1024L);
  }

  @Test
  void undeclaredSettingsAndWrongValuesAreRefused() {
    BackendContext.Builder builder = builder(input("in", SizeRule.fixed(8, 6)).build(), "out");

    assertThatThrownBy(builder.setting("engine.fast", "yes")::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("setting engine.fast: expected on, off, found \"yes\"");
    builder.setting("engine.fast", "on").setting("engine.memori", "1");
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "backend engine has no setting engine.memori (did you mean \"engine.memory\"?); it has"
                + " engine.fast and engine.memory");
  }

  @Test
  void theInputIsFoundByItsNameOrAsTheOnlyOne() {
    List<TensorInfo> inputs = List.of(floats("in"));

    assertThat(context("in", "out").input(inputs, FLOATS).name()).isEqualTo("in");
    assertThat(context("", "out").input(inputs, FLOATS).name()).isEqualTo("in");
    assertThat(context("in", "out").input(List.of(TensorInfo.of("in")), FLOATS).type()).isEmpty();
  }

  @Test
  void otherInputsAreRefused() {
    BackendContext context = context("image", "out");

    assertInputRefused(
        context,
        "needs one input named \"image\", found [in] in network.onnx. Correct the input's name"
            + " (input.name on a card).",
        floats("in"));
    assertInputRefused(
        context,
        "needs one input named \"image\", found [image, size] in network.onnx. A network with "
            + "several inputs cannot be used.",
        floats("size"),
        floats("image"));
    assertInputRefused(
        context("", "out"),
        "needs one input, found [] in network.onnx. Export the network with an input.");
    assertInputRefused(
        context,
        "needs the input \"image\" of network.onnx to be a tensor of float32, float16, found uint8."
            + " Export the network with such an input.",
        TensorInfo.of("image", ElementType.UINT8));
    assertInputRefused(
        context,
        "needs the input \"image\" of network.onnx to be a tensor of float32, float16, found a"
            + " sequence. Export the network with such an input.",
        TensorInfo.ofOtherKind("image", "a sequence"));
  }

  private static void assertInputRefused(
      BackendContext context, String reason, TensorInfo... inputs) {
    assertThatThrownBy(() -> context.input(List.of(inputs), FLOATS))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("model net: backend engine " + reason);
  }

  @Test
  void theOutputIsFoundByItsNameOrAsTheOnlyOne() {
    List<TensorInfo> two = List.of(floats("out"), floats("aux"));

    assertThat(context("in", "aux").output(two).name()).isEqualTo("aux");
    assertThat(context("in", "").output(List.of(floats("out"))).name()).isEqualTo("out");
  }

  @Test
  void otherOutputsAreRefused() {
    List<TensorInfo> two = List.of(floats("out"), TensorInfo.ofOtherKind("aux", "a map"));

    assertOutputRefused(
        "",
        two,
        "found several outputs, [aux, out], in network.onnx. Name one of them in an OutputSpec"
            + " (output.name on a card).");
    assertOutputRefused(
        "scores",
        two,
        "needs the output \"scores\", found [aux, out] in network.onnx. Correct the output's name"
            + " (output.name on a card).");
    assertOutputRefused(
        "aux",
        two,
        "needs the output \"aux\" of network.onnx to be a tensor of numbers, found a map. Choose"
            + " another output (output.name on a card).");
  }

  private static void assertOutputRefused(String name, List<TensorInfo> outputs, String reason) {
    assertThatThrownBy(() -> context("in", name).output(outputs))
        .isInstanceOf(ModelLoadException.class)
        .hasMessage("model net: backend engine " + reason);
  }

  @Test
  void theTrialIsAsSmallAsTheCardAllows() {
    TensorInfo any = floats("in");

    assertThat(context("in", "out").trialShape(any)).containsExactly(1, 3, 6, 8);
    assertThat(
            builder(input("in", SizeRule.longEdge(512)).layout(TensorLayout.NHWC).build(), "out")
                .build()
                .trialShape(any.withSides(4, -1, -1, -1)))
        .containsExactly(4, 128, 512, 3);
  }

  @Test
  void anInputOfOtherSidesIsRefused() {
    BackendContext context = context("in", "out");
    TensorInfo input = floats("in").withSides(TensorInfo.ANY, 3, 6, 8);

    assertThatCode(() -> context.requireFits(input, tensor(2, 3, 6, 8))).doesNotThrowAnyException();
    assertThatThrownBy(() -> context.requireFits(input, tensor(1, 3, 8, 6)))
        .isInstanceOf(InferenceException.class)
        .hasMessage(
            "model net: the input \"in\" of its network is [? x 3 x 6 x 8], and backend engine was"
                + " given FloatTensor[1 x 3 x 8 x 6]. Correct the input's size or layout (input.size,"
                + " input.layout on a card), or export the network with dynamic axes. It must "
                + "take images with three channels; if it takes a single one, add a layer "
                + "that converts RGB to gray.");
  }

  private static FloatTensor tensor(int... shape) {
    int length = 1;
    for (int side : shape) {
      length *= side;
    }
    return FloatTensor.of(new float[length], shape);
  }

  @Test
  void theCpuIsEnoughForAuto() {
    BackendContext context = context("in", "out");

    assertThatCode(context::requireCpu).doesNotThrowAnyException();
    assertThatCode(context.withDevice(Device.CPU)::requireCpu).doesNotThrowAnyException();
    assertThatThrownBy(context.withDevice(Device.of("npu", 1))::requireCpu)
        .isInstanceOf(ModelLoadException.class)
        .hasMessage(
            "model net: device npu:1 is not available: backend engine runs on the CPU. Choose cpu or"
                + " auto.");
  }

  @Test
  void errorsNameModelBackendAndWhatIsConcerned() {
    BackendContext context = context("in", "out");
    Exception cause = new IllegalStateException();

    assertThat(context.openError("it is empty.", cause))
        .hasMessage("model net: backend engine cannot open network.onnx: it is empty.")
        .hasCause(cause);
    assertThat(context.runError(tensor(1, 1), "it stopped.", cause))
        .hasMessage(
            "model net: backend engine failed on an input of FloatTensor[1 x 1]: it stopped.")
        .hasCause(cause);
  }
}
