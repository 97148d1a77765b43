package io.github.pixelwise.zoo;

import io.github.pixelwise.InputSpec;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ModelDescriptor;
import io.github.pixelwise.ModelFile;
import io.github.pixelwise.ModelFormat;
import io.github.pixelwise.OutputSpec;
import io.github.pixelwise.SizeRule;
import io.github.pixelwise.internal.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
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

  static void copy(Path checkpoint, ZooEntry entry, Path folder) throws IOException {
    Path file = Files.copy(checkpoint, folder.resolve(entry.name() + ".onnx"));
    ModelDescriptor.builder(
            entry.name(),
            InputSpec.builder("input", SizeRule.shortEdge(520)).build(),
            OutputSpec.logits("scores", 8),
            entry.labels())
        .file(new ModelFile(ModelFormat.ONNX, file.toUri(), Optional.of(Sha256.of(file))))
        .build()
        .write(folder.resolve(entry.name() + ".properties"));
  }
}
