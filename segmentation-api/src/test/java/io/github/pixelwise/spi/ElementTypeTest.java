package io.github.pixelwise.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ElementTypeTest {
  private static ByteBuffer encode(ElementType type, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    type.encode(FloatBuffer.wrap(values), bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    return bytes.flip();
  }

  private static float[] decode(ElementType type, ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / type.bytes()];
    type.decode(bytes, 0, type.bytes(), values, 0, values.length);
    return values;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BOOL")
  void keepsSmallIntegersUnchanged(ElementType type) {
    float[] numbers = {0, 1, 127};

    assertThat(decode(type, encode(type, numbers))).isEqualTo(numbers);
  }

  /** The bytes are those of NumPy, and of PyTorch for bfloat16: of 0.1, 1 / 3 and 2049. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT32, cdcccc3dabaaaa3e00100045",
    "FLOAT64, 000000a09999b93f000000605555d53f000000000002a040",
    "FLOAT16, 662e55350068",
    "BFLOAT16, cd3dab3e0045"
  })
  void floatsAreRoundedToTheNearest(ElementType type, String bytes) {
    assertThat(HexFormat.of().formatHex(encode(type, 0.1f, 1 / 3f, 2049).array())).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "UINT8, 254.5, 254",
    "UINT8, 253.5, 254",
    "UINT8, -0.5, 0",
    "UINT8, 255.5, none",
    "INT64, 9.223372E18, none",
    "UINT64, 1.8446744E19, none",
    "INT8, -128.4, -128",
    "INT8, 127.4, 127",
    "INT32, -2.6, -3"
  })
  void wholeNumbersAreRoundedToTheNearestTiesToEven(ElementType type, float value, String found) {
    if (found.equals("none")) {
      assertThatThrownBy(() -> encode(type, value)).isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(decode(type, encode(type, value))).containsExactly(Float.parseFloat(found));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UINT8, 256",
    "UINT8, -1",
    "UINT8, NaN",
    "INT8, 128",
    "INT8, -129",
    "INT16, 32768",
    "UINT16, 65536",
    "INT32, 2147483648",
    "FLOAT16, 65520",
    "BFLOAT16, 3.4028235E38"
  })
  void aNumberThatDoesNotFitIsAnErrorAndNotAnotherNumber(ElementType type, float value) {
    assertThatThrownBy(() -> encode(type, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(value + " does not fit into the type " + type);
  }

  @ParameterizedTest
  @CsvSource({"UINT8, 255", "UINT16, 65535", "UINT32, 4294967040", "UINT64, 1.8446743E19"})
  void theHighestBitIsNoSignWhereThereIsNone(ElementType type, float value) {
    assertThat(decode(type, encode(type, value))).containsExactly(value);
  }
}
