package io.github.pixelwise.network.tflite;

import io.github.pixelwise.spi.ElementType;
import java.io.IOException;
import java.util.List;

/** The codes of tensors' types in a file. */
final class TensorType {
  static final int FLOAT32 = 0;
  static final int FLOAT16 = 1;
  static final int UINT8 = 3;
  static final int INT8 = 9;

  /** The schema's names by code. */
  private static final List<String> NAMES =
      List.of(
          "FLOAT32",
          "FLOAT16",
          "INT32",
          "UINT8",
          "INT64",
          "STRING",
          "BOOL",
          "INT16",
          "COMPLEX64",
          "INT8",
          "FLOAT64",
          "COMPLEX128",
          "UINT64",
          "RESOURCE",
          "VARIANT",
          "UINT32",
          "UINT16",
          "INT4",
          "BFLOAT16");

  private TensorType() {}

  static String name(int code) {
    return code >= 0 && code < NAMES.size() ? NAMES.get(code) : "type " + code;
  }

  /** Returns how numbers of a type are stored. */
  static ElementType element(int code) throws IOException {
    return switch (code) {
      case FLOAT32 -> ElementType.FLOAT32;
      case FLOAT16 -> ElementType.FLOAT16;
      case 2 -> ElementType.INT32;
      case UINT8 -> ElementType.UINT8;
      case 4 -> ElementType.INT64;
      case 7 -> ElementType.INT16;
      case INT8 -> ElementType.INT8;
      case 10 -> ElementType.FLOAT64;
      case 18 -> ElementType.BFLOAT16;
      default ->
          throw new IOException(
              "numbers of %s are not supported; FLOAT32, FLOAT16, BFLOAT16, FLOAT64, UINT8, INT8, INT16, INT32, and INT64 are"
                  .formatted(name(code)));
    };
  }
}
