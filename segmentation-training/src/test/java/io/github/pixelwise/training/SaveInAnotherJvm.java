package io.github.pixelwise.training;

import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Saves checkpoints in a JVM of its own, and prints the epoch of each one. */
final class SaveInAnotherJvm {
  private SaveInAnotherJvm() {}

  /**
   * Starts one.
   *
   * @param epochs how many checkpoints; the last one's last tensor is never there
   */
  static ProcessBuilder command(Path folder, int epochs) {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", // short runs need no more
            "-XX:-UsePerfData", // a file, too
            "-cp",
            System.getProperty("java.class.path"),
            SaveInAnotherJvm.class.getName(),
            folder.toString(),
            Integer.toString(epochs))
        .redirectErrorStream(true);
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    int epochs = Integer.parseInt(args[1]);
    CheckpointFolder folder = new CheckpointFolder(Path.of(args[0]));
    try {
      for (int epoch = 1; epoch <= epochs; epoch++) {
        Map<String, WeightTensor> tensors = Tiny.tensors(Tiny.network(2), epoch);
        if (epoch == epochs) {
          tensors.put("never", WeightTensor.of(List.of(2), SaveInAnotherJvm::never));
        }
        folder.save(CheckpointFolder.Kind.LAST, CheckpointFolderTest.state(epoch), tensors);
        System.out.println(epoch);
      }
    } catch (IOException e) {
      System.out.println(e.getMessage());
    }
  }

  @SuppressWarnings("SystemOut")
  private static float[] never() {
    System.out.println("waiting");
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("forever is over");
  }
}
