package io.github.pixelwise.network.convert;

import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A file format for networks.
 *
 * @param format its name in model cards
 * @param suffix the suffix of its files' names
 * @param precisions the precisions it supports
 * @param writer the writer
 */
record FileKind(ModelFormat format, String suffix, Set<Precision> precisions, Writer writer) {
  private static final List<FileKind> ALL =
      List.of(
          new FileKind(
              ModelFormat.ONNX,
              ".onnx",
              EnumSet.of(Precision.FLOAT32, Precision.FLOAT16),
              OnnxWriter::write),
          new FileKind(
              ModelFormat.TORCHSCRIPT,
              ".pt",
              EnumSet.allOf(Precision.class),
              TorchScriptWriter::write));

  /** Writes a program. */
  @FunctionalInterface
  interface Writer {
    void write(Program program, Precision precision, Map<String, String> metadata, OutputStream out)
        throws IOException;
  }

  static Set<ModelFormat> formats() {
    return ALL.stream().map(FileKind::format).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static Set<ModelFormat> formatsOf(Precision precision) {
    return ALL.stream()
        .filter(kind -> kind.precisions.contains(precision))
        .map(FileKind::format)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static FileKind of(ModelFormat format) {
    return ALL.stream().filter(kind -> kind.format.equals(format)).findFirst().orElseThrow();
  }
}
