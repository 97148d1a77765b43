package io.github.pixelwise.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private final GraphProto.Builder graph = GraphProto.newBuilder();

  PlacementTest() {
    conv("image", "photo"); // the first convolution, which stays float
  }

  private void node(String type, String result, String... inputs) {
    graph.addNode(
        NodeProto.newBuilder().setOpType(type).addAllInput(List.of(inputs)).addOutput(result));
  }

  /** A convolution with weights of its own. */
  private void conv(String result, String input) {
    node("Conv", result, input, weights(result, List.of(2L, 2L, 1L, 1L)));
  }

  /** A convolution, and the last one, which stays float. */
  private void last(String input) {
    conv("last", input);
    conv("scores", "last");
  }

  private void matMul(String result, String input) {
    node("MatMul", result, input, weights(result, List.of(2L, 2L)));
  }

  private String weights(String result, List<Long> shape) {
    graph.addInitializer(
        OnnxTensors.of(result + ".weight", 1f, 2f, 3f, 4f).toBuilder()
            .clearDims()
            .addAllDims(shape));
    return result + ".weight";
  }

  private Placement placement(String output) {
    return placement(output, 1);
  }

  private Placement placement(String output, int first) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(output));
    return Placement.of(new Graph(graph.build()), first);
  }

  @Test
  void aRectifierIsPartOfTheConvolutionBeforeIt() {
    conv("a", "image");
    node("Relu", "b", "a");
    last("b");

    assertThat(placement("scores").tensors()).containsExactly("image", "b", "last");
  }

  @Test
  void aConvolutionThatIsReadTwiceKeepsItsOwnRange() {
    conv("a", "image");
    node("Relu", "b", "a");
    node("Add", "c", "a", "b");
    last("c");

    assertThat(placement("scores").tensors()).containsExactly("image", "a", "b", "c", "last");
  }

  @Test
  void whatFollowsTheLastConvolutionStaysFloat() {
    conv("a", "image");
    conv("b", "a");
    conv("c", "a");
    node("Add", "scores", "b", "c");

    Placement placement = placement("scores");

    assertThat(placement.tensors()).containsExactly("image", "a");
    assertThat(placement.weighted()).hasSize(1);
  }

  @Test
  void movedTensorsHaveTheStepsOfTheirOrigin() {
    conv("a", "image");
    node("MaxPool", "b", "a");
    node("Transpose", "c", "b");
    last("c");

    Placement placement = placement("scores");

    assertThat(placement.steps("c")).isEqualTo("a");
    assertThat(placement.calibrated()).containsExactly("image", "a", "last", "c");
  }

  @Test
  void theSumsOfTransformersStayFloat() {
    matMul("a", "image");
    node("Add", "b", "a", "image");
    node("LayerNormalization", "c", "b");
    matMul("scores", "c");

    assertThat(placement("scores").tensors()).containsExactly("image", "c");
  }

  @Test
  void anOperatorThatOneQuantizedTensorComesIntoQuantizesTheOthers() {
    conv("a", "image");
    node("Sigmoid", "b", "a");
    node("Add", "c", "a", "b");
    last("c");

    assertThat(placement("scores").tensors()).containsExactly("image", "a", "b", "c", "last");
  }

  @Test
  void aProductWithAGateStaysFloat() {
    conv("a", "image");
    node("HardSigmoid", "gate", "a");
    node("Mul", "b", "a", "gate");
    last("b");

    assertThat(placement("scores").tensors()).containsExactly("image", "a", "b", "last");
  }

  @Test
  void aProductOfTwoConvolutionsIsMadeInIntegers() {
    conv("a", "image");
    conv("b", "image");
    node("Mul", "c", "a", "b");
    last("c");

    assertThat(placement("scores").tensors()).containsExactly("image", "a", "b", "c", "last");
  }

  @Test
  void whatIsComputedFromAGlobalMeanStaysFloat() {
    conv("a", "image");
    node("GlobalAveragePool", "mean", "a");
    conv("b", "mean");
    node("Relu", "c", "b");
    conv("gate", "c");
    node("Mul", "d", "a", "gate");
    last("d");

    Placement placement = placement("scores");

    assertThat(placement.tensors()).containsExactly("image", "a", "d", "last");
    assertThat(placement.weighted())
        .extracting(Operators.Weighted::computes)
        .containsExactly(true, false, false, true);
  }

  @Test
  void anOperatorWithAConstantStaysFloat() {
    conv("a", "image");
    graph.addInitializer(OnnxTensors.ofFloat("half", 0.5f));
    node("Mul", "b", "a", "half");
    last("b");

    assertThat(placement("scores").tensors()).containsExactly("image", "a", "b", "last");
  }

  @Test
  void onlyTheWeightsOfATransposedConvolutionAreStoredInBytes() {
    conv("a", "image");
    node("ConvTranspose", "b", "a", weights("b", List.of(2L, 2L, 1L, 1L)));
    last("b");

    assertThat(placement("scores").weighted())
        .extracting(Operators.Weighted::computes)
        .containsExactly(true, false, true);
  }

  @Test
  void weightsInFloat16AreLeftAlone() {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("half")
            .setDataType(TensorProto.DataType.FLOAT16.getNumber())
            .addAllDims(List.of(1L, 1L, 1L, 1L)));
    node("Conv", "a", "image", "half");
    conv("scores", "a");

    assertThat(placement("scores").weighted()).isEmpty();
  }

  @Test
  void aMatrixProductThatAddsOneNumberToAllChannelsStaysFloat() {
    graph.addInitializer(OnnxTensors.of("number", 1f));
    node("Gemm", "a", "image", weights("a", List.of(2L, 2L)), "number");
    matMul("scores", "a");

    assertThat(placement("scores").weighted())
        .extracting(Operators.Weighted::computes)
        .containsExactly(false, true);
  }

  @Test
  void theFirstConvolutionStaysFloat() {
    graph.clear();
    node("Transpose", "image", "photo");
    conv("a", "image");
    conv("b", "a");
    conv("other", "image");
    node("Add", "c", "b", "other");
    last("c");

    Placement placement = placement("scores");

    assertThat(placement.tensors()).containsExactly("a", "b", "other", "c", "last");
    assertThat(placement.weighted()).extracting(w -> w.result()).containsExactly("b", "last");
  }

  @Test
  void hardSwishHasAFloor() {
    for (String tensor : List.of("a", "b")) {
      conv(tensor, "image");
      node("HardSigmoid", tensor + ".gate", tensor);
      node("Mul", tensor + ".product", tensor, tensor + ".gate");
      conv(tensor + ".next", tensor + ".product");
    }
    node("Add", "c", "a.next", "b.next");
    node("Add", "d", "c", "b"); // so b is needed as it is
    last("d");

    Placement placement = placement("scores");

    assertThat(placement.floor("a")).isEqualTo(-2.5f); // alpha is 0.2 and beta 0.5 unless given
    assertThat(placement.floor("b")).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void moreOfTheFirstConvolutionsStayInFloatIfAsked() {
    conv("a", "image");
    conv("b", "a");
    conv("short", "photo");
    node("Add", "c", "b", "short");
    last("c");

    Placement placement = placement("scores", 2);

    assertThat(placement.share()).isEqualTo(2 / 6.0); // all have four weights
    assertThat(placement.weighted()).extracting(w -> w.result()).containsExactly("b", "last");
  }
}
