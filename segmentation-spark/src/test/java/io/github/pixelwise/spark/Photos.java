package io.github.pixelwise.spark;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Photographs for tests: parts of those of the examples. */
final class Photos {
  private static final Path EXAMPLES = Path.of("../examples/photos");

  private Photos() {}

  /** Writes photographs, PNG and JPEG in turn, into folders of ten. */
  static Path write(Path folder, int number) throws IOException {
    RgbImage[] whole = {
      Images.read(EXAMPLES.resolve("chelsea.png")), Images.read(EXAMPLES.resolve("astronaut.png"))
    };
    for (int i = 0; i < number; i++) {
      Path file =
          folder.resolve("%d/photo %02d.%s".formatted(i / 10, i, i % 2 == 0 ? "png" : "jpg"));
      Files.createDirectories(file.getParent());
      RgbImage photo = whole[i % 2].crop(i, i / 2, 96 + 3 * i, 160 - i);
      try (OutputStream out = Files.newOutputStream(file)) {
        if (i % 2 == 0) {
          Images.writePng(photo, out);
        } else {
          Images.writeJpeg(photo, 0.9, out);
        }
      }
    }
    return folder;
  }

  /** A small photograph as PNG. */
  static byte[] png() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Images.writePng(colorful(), out);
    return out.toByteArray();
  }

  /** A small photograph as JPEG. */
  static byte[] jpeg() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Images.writeJpeg(colorful(), 0.9, out);
    return out.toByteArray();
  }

  private static RgbImage colorful() throws IOException {
    return Images.read(EXAMPLES.resolve("astronaut.png")).crop(0, 60, 200, 120);
  }
}
