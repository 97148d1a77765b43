package io.github.pixelwise.network.convert;

import io.github.pixelwise.model.InputSpec;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Converts a network of some 600 kB in a JVM of its own, and prints how that ends. */
final class ConvertInAnotherJvm {
  static final Network NETWORK =
      Network.of(
          "tiny",
          Layer.input(3, InputSpec.builder("image", SizeRule.longEdge(64)).build())
              .convolution("stem", 1000, Kernel.of(7).stride(8))
              .convolution("scores", 2, Kernel.of(1).withBias()));

  private ConvertInAnotherJvm() {}

  /**
   * Starts one.
   *
   * @param last what its last weight is: {@code number}, or {@code never} there
   */
  static ProcessBuilder command(Path folder, String last) {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", // short runs need no more
            "-XX:-UsePerfData", // a file, too
            "-cp",
            System.getProperty("java.class.path"),
            ConvertInAnotherJvm.class.getName(),
            folder.toString(),
            last)
        .redirectErrorStream(true);
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    Map<String, WeightTensor> tensors = Numbers.of(NETWORK, 2);
    if (args[1].equals("never")) {
      tensors.put("scores.bias", WeightTensor.of(List.of(2), ConvertInAnotherJvm::never));
    }
    try {
      Conversion.of(NETWORK, Weights.of(NETWORK, tensors)).write(Path.of(args[0]));
      System.out.println("converted");
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
