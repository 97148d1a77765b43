package io.github.pixelwise.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.InferenceException;
import io.github.pixelwise.ModelLoadException;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.spi.BackendContext;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks whose inputs are not float32. */
class InputTypesTest {
  @TempDir private Path folder;

  private ModelCard model(TensorProto.DataType type, InputSpec input) throws IOException {
    return ToyNetwork.card(
        Files.write(folder.resolve("toy.onnx"), ToyNetwork.casting(type)), input);
  }

  private static void assertTellsColorsApart(ModelCard model) {
    try (Segmenter segmenter = Segmenter.builder().model(model).open()) {
      CategoryMask mask = segmenter.segment(ToyNetwork.PHOTO).mask();
      for (int category = 0; category < 3; category++) {
        assertThat(mask.category(category, 0)).isEqualTo(category);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "FLOAT16", "BFLOAT16", "DOUBLE"})
  void passesNormalizedSamplesToFloatInputs(TensorProto.DataType type) throws IOException {
    assertTellsColorsApart(model(type, ToyNetwork.input().imageNet().build()));
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT8", "INT16", "INT32", "INT64", "FLOAT", "FLOAT16"})
  void passesRawSamplesWithAScaleOfOne(TensorProto.DataType type) throws IOException {
    assertTellsColorsApart(model(type, ToyNetwork.input().scale(1).build()));
  }

  @Test
  void passesSamplesMinus128ToInt8() throws IOException {
    assertTellsColorsApart(
        model(TensorProto.DataType.INT8, ToyNetwork.input().scale(1).mean(128, 128, 128).build()));
  }

  @Test
  void rejectsACardWhoseNumbersDoNotFit() throws IOException {
    ModelCard model = model(TensorProto.DataType.UINT8, ToyNetwork.input().imageNet().build());

    assertThatThrownBy(() -> Segmenter.builder().model(model).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(
            "model toy failed its first run on backend onnx: its input \"x\" takes uint8,")
        .hasMessageContaining("write input.scale = 1, no input.mean and no input.std");
  }

  @Test
  void staysUsableAfterANumberThatDoesNotFit() throws IOException {
    ModelCard model = model(TensorProto.DataType.UINT8, ToyNetwork.input().build());
    FloatTensor fits = FloatTensor.of(new float[] {0, 1, 255}, 1, 3, 1, 1);

    OnnxBackend onnx = new OnnxBackend();
    BackendContext context =
        BackendContext.builder(onnx, model, ModelFormat.ONNX, folder.resolve("toy.onnx")).build();

    try (InferenceSession session = onnx.open(context)) {
      assertThatThrownBy(() -> session.run(FloatTensor.of(new float[] {0, 1, 256}, 1, 3, 1, 1)))
          .isInstanceOf(InferenceException.class)
          .hasMessage(
              "model toy: backend onnx cannot take the input FloatTensor[1 x 3 x 1 x 1]: 256.0 does "
                  + "not fit into the type uint8");
      assertThat(session.run(fits)).isEqualTo(fits);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "UINT32", "BOOL"})
  void rejectsTypesThatOnnxRuntimeCannotTake(TensorProto.DataType type) throws IOException {
    ModelCard model = model(type, ToyNetwork.input().scale(1).build());

    assertThatThrownBy(() -> Segmenter.builder().model(model).open())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(
            " to be a tensor of float32, float64, float16, bfloat16, int64, int32, int16, int8,"
                + " uint8, found ")
        .hasMessageEndingWith("Export the network with such an input.");
  }
}
