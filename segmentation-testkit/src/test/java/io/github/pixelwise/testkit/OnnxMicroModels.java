package io.github.pixelwise.testkit;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;

/** Writes the micro-models as ONNX. */
final class OnnxMicroModels extends OnnxGraph {
  private static final float[][] WEIGHTS = {
    {1, 0.25f, -0.5f}, {-0.5f, 1, 0.25f}, {0.25f, -0.5f, 1}
  };
  private static final float[] BIAS = {0.125f, 0, -0.125f};

  private OnnxMicroModels() {
    super("micro-model");
  }

  /** Returns a model's file, always the same bytes. */
  static byte[] write(MicroModel model) {
    OnnxMicroModels writer = new OnnxMicroModels();
    switch (model) {
      case AFFINE -> writer.affine();
      case TWO_OUTPUTS -> writer.twoOutputs();
      case STRIDED -> writer.strided();
      case SIGMOID -> writer.sigmoid();
      case CATEGORIES -> writer.categories();
      case CHANNELS_LAST -> writer.channelsLast();
      case SLOW -> writer.slow();
    }
    return writer.toByteArray();
  }

  private void affine() {
    input("n", 3, "h", "w");
    convolution("image", "out", WEIGHTS, BIAS);
    output("out", TensorProto.DataType.FLOAT, "n", 3, "h", "w");
  }

  private void twoOutputs() {
    input("n", 3, "h", "w");
    float[][] negative =
        Arrays.stream(WEIGHTS).map(OnnxMicroModels::negate).toArray(float[][]::new);
    convolution("image", "aux", negative, negate(BIAS));
    convolution("image", "out", WEIGHTS, BIAS);
    output("aux", TensorProto.DataType.FLOAT, "n", 3, "h", "w");
    output("out", TensorProto.DataType.FLOAT, "n", 3, "h", "w");
  }

  private static float[] negate(float[] numbers) {
    float[] negative = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      negative[i] = -numbers[i];
    }
    return negative;
  }

  private void strided() {
    input("n", 3, "h", "w");
    convolution("image", "out", WEIGHTS, BIAS).addAttribute(integers("strides", 4, 4));
    output("out", TensorProto.DataType.FLOAT, "n", 3, "grid_h", "grid_w");
  }

  private void sigmoid() {
    input("n", 3, "h", "w");
    convolution("image", "logit", new float[][] {{-4, 4, 0.5f}}, new float[] {0.25f});
    node("Sigmoid", "logit", "out");
    output("out", TensorProto.DataType.FLOAT, "n", 1, "h", "w");
  }

  private void categories() {
    input("n", 3, "h", "w");
    convolution("image", "logits", WEIGHTS, BIAS);
    node("ArgMax", "logits", "out")
        .addAttribute(integer("axis", 1))
        .addAttribute(integer("keepdims", 0));
    output("out", TensorProto.DataType.INT64, "n", "h", "w");
  }

  private void channelsLast() {
    input("n", "h", "w", 3);
    node("Transpose", "image", "planes").addAttribute(integers("perm", 0, 3, 1, 2));
    convolution("planes", "logits", WEIGHTS, BIAS);
    node("Transpose", "logits", "out").addAttribute(integers("perm", 0, 2, 3, 1));
    output("out", TensorProto.DataType.FLOAT, "n", "h", "w", 3);
  }

  private void slow() {
    input("n", 3, "h", "w");
    TensorProto.Builder kernel = parameter("identity", 3, 3, 11, 11);
    for (int i = 0; i < 3 * 3 * 11 * 11; i++) {
      boolean middle = i % 121 == 60;
      boolean sameChannel = i / 121 % 3 == i / 363;
      kernel.addFloatData(middle && sameChannel ? 1 : 0);
    }
    for (int i = 1; i <= 24; i++) {
      node("Conv", i == 1 ? "image" : "copy" + (i - 1), i == 24 ? "out" : "copy" + i)
          .addInput("identity")
          .addAttribute(integers("kernel_shape", 11, 11))
          .addAttribute(integers("pads", 5, 5, 5, 5));
    }
    output("out", TensorProto.DataType.FLOAT, "n", 3, "h", "w");
  }
}
