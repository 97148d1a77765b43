package io.github.pixelwise.network.tflite;

import io.github.pixelwise.model.ModelFormat;
import io.github.pixelwise.network.convert.Conversion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Reads damaged copies of files. Run as a program, it can have as little memory as a test wants to
 * prove enough; it ends with an error if reading fails with anything but an IOException.
 */
final class Damage {
  private static final int KILOBYTE = 1024;

  /** Of the damaged files that can still be read, every this many is converted, too. */
  private static final int CONVERTED = 20;

  private final Path folder;
  private int read;
  private int refused;

  private Damage(Path folder) {
    this.folder = folder;
  }

  /**
   * Prints what happened to damaged copies.
   *
   * @param args a folder to write to, how many changed copies of each file to read, a seed, and the
   *     files
   */
  public static void main(String[] args) throws IOException {
    List<Path> files = Arrays.stream(args).skip(3).map(Path::of).toList();
    System.out.print(
        report(Path.of(args[0]), Integer.parseInt(args[1]), Long.parseLong(args[2]), files));
  }

  /** Reads damaged copies, and returns a line for each file with what happened. */
  static String report(Path folder, int copies, long seed, List<Path> files) throws IOException {
    StringBuilder report = new StringBuilder();
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      Damage damage = new Damage(folder);
      damage.truncate(whole);
      int truncated = damage.refused;
      damage.change(whole, copies, new Random(seed));
      report.append(
          "%s: %d truncated copies refused; of %d changed ones %d read, %d refused%n"
              .formatted(
                  file.getFileName(), truncated, copies, damage.read, damage.refused - truncated));
    }
    return report.toString();
  }

  /** Cuts a file off after each kilobyte, and small ones after each 64 bytes. */
  private void truncate(byte[] whole) throws IOException {
    int step = whole.length < 64 * KILOBYTE ? 64 : KILOBYTE;
    for (int length = 0; length < whole.length; length += step) {
      open(Arrays.copyOf(whole, length));
    }
    if (read > 0) {
      throw new AssertionError(read + " truncated copies were read");
    }
  }

  /** Changes some bytes, anywhere or close together. */
  private void change(byte[] whole, int copies, Random random) throws IOException {
    for (int copy = 0; copy < copies; copy++) {
      byte[] changed = whole.clone();
      int span = random.nextBoolean() ? whole.length : Math.min(whole.length, 4 * KILOBYTE);
      int start = random.nextInt(whole.length - span + 1);
      int bytes = 1 + random.nextInt(1 << random.nextInt(7));
      for (int i = 0; i < bytes; i++) {
        changed[start + random.nextInt(span)] = (byte) random.nextInt();
      }
      open(changed);
    }
  }

  private void open(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("damaged.tflite"), content);
    TfLiteModel model;
    try {
      model = TfLiteModel.read(file);
    } catch (IOException e) {
      refused++;
      return;
    }
    read++;
    if (read % CONVERTED == 0) {
      Conversion.of(model.network(), model.weights()).formats(ModelFormat.ONNX).write(folder);
    }
  }
}
