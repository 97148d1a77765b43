package io.github.pixelwise.zoo;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.internal.file.Sha256;
import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.ModelFile;
import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.model.OutputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Parameter;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Checkpoints that are noise, and a conversion that copies them. */
final class Checkpoints {
  private Checkpoints() {}

  static byte[] noise(int length) {
    byte[] content = new byte[length];
    new Random(1).nextBytes(content);
    return content;
  }

  static String sha256(byte[] content) {
    return HexFormat.of().formatHex(Sha256.digest().digest(content));
  }

  static ZooEntry entry(URI source, long size, String sha256) {
    return new ZooEntry("noise", "Noise", "CC0-1.0", source, size, sha256, LabelMap.voc(), 1, 2, 3);
  }

  static ZooEntry entry(URI source, byte[] content) {
    return entry(source, content.length, sha256(content));
  }

  /** Writes a checkpoint whose weights are all 1. */
  static Path safeTensors(Path folder, List<Parameter> parameters) throws IOException {
    StringBuilder header = new StringBuilder("{");
    int length = 0;
    for (Parameter parameter : parameters) {
      int end = length + Math.toIntExact(4 * parameter.size());
      header.append(
          "%s\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(length == 0 ? "" : ",", parameter.name(), parameter.shape(), length, end));
      length = end;
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer content =
        ByteBuffer.allocate(8 + json.length + length).order(ByteOrder.LITTLE_ENDIAN);
    content.putLong(json.length).put(json);
    while (content.hasRemaining()) {
      content.putFloat(1);
    }
    return Files.write(folder.resolve("ones.safetensors"), content.array());
  }

  static void copy(Path checkpoint, ZooEntry entry, Path folder) throws IOException {
    Path file = Files.copy(checkpoint, folder.resolve(entry.name() + ".onnx"));
    ModelCard.builder(
            entry.name(),
            InputSpec.builder("input", SizeRule.shortEdge(520)).build(),
            OutputSpec.logits("scores", 8),
            entry.labels())
        .file(new ModelFile(ModelFormat.ONNX, file.toUri(), Optional.of(Sha256.of(file))))
        .build()
        .write(folder.resolve(entry.name() + ".properties"));
  }
}
