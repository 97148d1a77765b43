package io.github.pixelwise.quantization;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.github.pixelwise.internal.file.ExternalWeights;
import io.github.pixelwise.internal.file.ModelFiles;
import io.github.pixelwise.internal.plugin.EnginePath;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the network of a model, as ONNX Runtime simplifies it: with batch norms folded into
 * convolutions, constants computed, float16 weights widened, and weights from other files included.
 * What is calibrated is then what ONNX Runtime will run.
 */
final class FloatNetwork {
  /** The first operator set with QuantizeLinear and its kind. */
  private static final long OPERATORS = 10;

  private static final Set<String> INTEGER_OPERATORS =
      Set.of(
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "ConvInteger",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul");

  private FloatNetwork() {}

  /** The file of a model that can be quantized. */
  static Path file(ModelCard model) {
    ModelFile file =
        model
            .file(ModelFormat.ONNX)
            .orElseThrow(
                () ->
                    new QuantizationException(
                        ("model %s: only ONNX files can be quantized, and it has %s. Convert its"
                                + " checkpoint with 'segment models convert', or export it as"
                                + " ONNX.")
                            .formatted(
                                model.name(),
                                model.files().stream()
                                    .map(f -> f.format().toString())
                                    .collect(Collectors.joining(", ")))));
    return ModelFiles.resolve(model, file);
  }

  /**
   * Reads a network.
   *
   * @param folder where to write the simplified network
   * @throws QuantizationException if it cannot be quantized
   */
  static ModelProto read(ModelCard model, Path file, OrtEnvironment environment, Path folder)
      throws IOException {
    requireFloat(model, parse(file));
    Path simple = folder.resolve("simple.onnx");
    try (EnginePath path = EnginePath.of(ModelFormat.ONNX, file);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizedModelFilePath(simple.toString());
      environment.createSession(path.path().toString(), options).close();
    } catch (OrtException e) {
      throw new QuantizationException(
          "model %s: ONNX Runtime cannot simplify %s: %s"
              .formatted(model.name(), file, e.getMessage()),
          e);
    }
    return tidy(whole(parse(simple), file));
  }

  private static ModelProto parse(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      CodedInputStream coded = CodedInputStream.newInstance(in, 1 << 16);
      coded.setSizeLimit(Integer.MAX_VALUE);
      return ModelProto.parseFrom(coded);
    }
  }

  /** With the weights that are in other files, beside the model's. */
  private static ModelProto whole(ModelProto network, Path file) throws IOException {
    ModelProto.Builder whole = network.toBuilder();
    for (TensorProto.Builder constant : whole.getGraphBuilder().getInitializerBuilderList()) {
      if (constant.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        Map<String, String> place =
            constant.getExternalDataList().stream()
                .collect(
                    Collectors.toMap(
                        StringStringEntryProto::getKey, StringStringEntryProto::getValue));
        Path weights = ExternalWeights.locate(file, place.getOrDefault("location", ""));
        try (FileChannel channel = FileChannel.open(weights)) {
          long offset = Long.parseLong(place.getOrDefault("offset", "0"));
          String length = place.get("length");
          long bytes = length == null ? channel.size() - offset : Long.parseLong(length);
          constant
              .setRawData(
                  ByteString.copyFrom(channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes)))
              .clearExternalData()
              .clearDataLocation();
        }
      }
    }
    return whole.build();
  }

  private static void requireFloat(ModelCard model, ModelProto network) {
    GraphProto graph = network.getGraph();
    long operators = operatorSet(network);
    if (operators < OPERATORS) {
      throw new QuantizationException(
          ("model %s: its network has ONNX operator set %d, and int8 needs %d or newer. Export it"
                  + " again, or convert it with onnx.version_converter.")
              .formatted(model.name(), operators, OPERATORS));
    }
    for (NodeProto node : graph.getNodeList()) {
      if (INTEGER_OPERATORS.contains(node.getOpType())) {
        throw new QuantizationException(
            ("model %s is quantized already: its network has %s. Quantize the float32 model that"
                    + " it was made from.")
                .formatted(model.name(), node.getOpType()));
      }
    }
    for (ValueInfoProto input : graph.getInputList()) {
      if (input.getType().getTensorType().getElemType()
          == TensorProto.DataType.FLOAT16.getNumber()) {
        throw new QuantizationException(
            "model %s: its network computes in float16. Quantize the float32 one."
                .formatted(model.name()));
      }
    }
  }

  /** The version of ONNX's own operators that a network uses. */
  static long operatorSet(ModelProto network) {
    return network.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty())
        .mapToLong(OperatorSetIdProto::getVersion)
        .findFirst()
        .orElse(1);
  }

  /** Without the constants among its inputs, and the operator sets that it does not use. */
  private static ModelProto tidy(ModelProto network) {
    ModelProto.Builder tidy = network.toBuilder();
    GraphProto.Builder graph = tidy.getGraphBuilder();
    Set<String> constants = new HashSet<>();
    graph.getInitializerList().forEach(constant -> constants.add(constant.getName()));
    List<ValueInfoProto> inputs =
        graph.getInputList().stream()
            .filter(input -> !constants.contains(input.getName()))
            .toList();
    graph.clearInput().addAllInput(inputs).clearValueInfo();
    Set<String> domains =
        graph.getNodeList().stream().map(NodeProto::getDomain).collect(Collectors.toSet());
    List<OperatorSetIdProto> used =
        tidy.getOpsetImportList().stream()
            .filter(set -> set.getDomain().isEmpty() || domains.contains(set.getDomain()))
            .toList();
    return tidy.clearOpsetImport().addAllOpsetImport(used).build();
  }
}
