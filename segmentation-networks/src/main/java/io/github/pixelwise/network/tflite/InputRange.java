package io.github.pixelwise.network.tflite;

import io.github.pixelwise.model.InputSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** How samples of 0 to 255 become the numbers that a file's input expects. */
final class InputRange {
  /** The name of the metadata in a file, by TensorFlow Lite's own convention. */
  private static final String METADATA = "TFLITE_METADATA";

  /** The code of the settings for normalization among those of processing. */
  private static final int NORMALIZATION = 1;

  private static final int COLORS = 3;

  /** A note for files that do not say it. */
  static final String ASSUMED =
      "the file does not say which range its input has, so samples are scaled to 0..1; if the network"
          + " expects another range, correct input.mean and input.std in the card";

  private InputRange() {}

  /**
   * Sets the range, if the file says it.
   *
   * @return whether it does
   */
  static boolean set(InputSpec.Builder spec, TfLiteFile file, int input) throws IOException {
    Quantization quantization = file.quantization(input);
    if (quantization.isPresent()) {
      if (quantization.isPerChannel()) {
        throw new IOException("its input has a scale for each channel, which is not supported");
      }
      // Signed samples are the unsigned ones minus 128.
      boolean signed = file.type(input) == TensorType.INT8;
      double zero = quantization.zeroPoints()[0] + (signed ? 128 : 0);
      double std = 1 / (double) quantization.scales()[0];
      spec.scale(1).mean(zero, zero, zero).std(std, std, std);
      return true;
    }
    if (file.type(input) == TensorType.UINT8) {
      spec.scale(1);
      return true;
    }
    Optional<ByteBuffer> metadata = file.metadata(METADATA);
    return metadata.isPresent() && normalized(spec, FlatTable.root(metadata.get()));
  }

  /**
   * Sets the mean and the standard deviation, which are for samples of 0 to 255. Numbers of fields
   * are those of tflite-support's metadata_schema.fbs.
   */
  private static boolean normalized(InputSpec.Builder spec, FlatTable metadata) throws IOException {
    if (metadata.length(3) == 0 || metadata.table(3, 0).length(2) == 0) {
      return false;
    }
    FlatTable input = metadata.table(3, 0).table(2, 0);
    for (int i = 0; i < Math.min(input.length(4), COLORS); i++) {
      FlatTable unit = input.table(4, i);
      if (unit.int8(0, 0) == NORMALIZATION) {
        spec.scale(1).mean(colors(unit.table(1), 0)).std(colors(unit.table(1), 1));
        return true;
      }
    }
    return false;
  }

  /** One number for each color; the file may have one for all. */
  private static double[] colors(FlatTable settings, int field) throws IOException {
    float[] found = settings.float32s(field, COLORS);
    if (found.length != 1 && found.length != COLORS) {
      throw new IOException(
          "its metadata have %d numbers for %d colors".formatted(found.length, COLORS));
    }
    double[] colors = new double[COLORS];
    for (int i = 0; i < COLORS; i++) {
      colors[i] = found[found.length == 1 ? 0 : i];
    }
    return colors;
  }
}
