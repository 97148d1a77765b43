package io.github.pixelwise.opencv;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.pixelwise.model.FloatTensor;
import io.github.pixelwise.spi.InferenceSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Outputs of every numeric type are returned as floats. */
class OutputTypesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = TensorProto.DataType.class,
      names = {
        "FLOAT",
        "FLOAT16",
        "BFLOAT16",
        "DOUBLE",
        "INT8",
        "UINT8",
        "INT16",
        "UINT16",
        "INT32",
        "UINT32",
        "INT64",
        "UINT64"
      })
  void returnsExactNumbers(TensorProto.DataType type) throws IOException {
    assertUnchanged(type, 0, 1, 127);
  }

  @ParameterizedTest
  @CsvSource({
    "UINT8, 255",
    "UINT16, 65535",
    "UINT32, 4294967040",
    "INT8, -1",
    "INT16, -1",
    "INT32, -1"
  })
  void treatsTheHighestBitAsASignOnlyInSignedTypes(TensorProto.DataType type, float number)
      throws IOException {
    assertUnchanged(type, number, number, number);
  }

  private void assertUnchanged(TensorProto.DataType type, float... numbers) throws IOException {
    FloatTensor input = FloatTensor.of(numbers, 1, 3, 1, 1);
    Path file = folder.resolve("cast.onnx");
    Files.write(file, Networks.of(Networks.cast(type, "in", "out")).toByteArray());

    try (InferenceSession session = Networks.open(file)) {
      assertThat(session.run(input)).isEqualTo(input);
    }
  }

  @Test
  void acceptsAnyCharactersInPaths() throws IOException {
    for (String name : new String[] {"größe 日本.onnx", "cat 😀.onnx"}) {
      Path file = folder.resolve(name);
      Files.write(file, Networks.of(Networks.node("Relu", "in", "out")).toByteArray());
      Networks.open(file).close();
    }
  }
}
