package io.github.pixelwise.training.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.Device;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.network.Weights;
import io.github.pixelwise.network.convert.Precision;
import io.github.pixelwise.training.Loss;
import io.github.pixelwise.training.Optimizer;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory over many steps; runs with {@code -Psoak}. */
@Tag("soak")
class StepSoakTest {
  private static final Path STATUS = Path.of("/proc/self/statm");
  private static final int STEPS = 2_000;
  private static final int SETTLED = 300;

  @Test
  void memoryStaysTheSameOverTwoThousandSteps() throws Exception {
    assumeTrue(Files.exists(STATUS), "resident memory is read from " + STATUS);
    Network network =
        Networks.of("deeplabv3-mobilenet-v3-large", NetworkOptions.ofClasses(4).withWidth(0.25));
    Optimizer optimizer = Optimizer.adamW();
    var settings =
        new TrainableNetwork.Settings(
            LossCode.methods(Loss.crossEntropy(), 4, 255),
            OptimizerCode.update(optimizer),
            OptimizerCode.slots(optimizer),
            name -> false,
            name -> false,
            true,
            0.5,
            OptionalDouble.of(0.99),
            Precision.FLOAT32);
    int[] shape = {2, 3, 48, 48};
    FloatBuffer images = FloatBuffer.allocate(2 * 3 * 48 * 48);
    int[] targets = new int[2 * 48 * 48];
    double settled = 0;
    try (TrainableNetwork trained =
        TrainableNetwork.start(
            network, settings, Device.CPU, Weights.initial(network, 1)::values)) {
      double[] rates = new double[trained.trained().size()];
      Arrays.fill(rates, 1e-5);
      for (int step = 1; step <= STEPS; step++) {
        trained.add(images, shape, targets, 0.5, step);
        trained.add(images, shape, targets, 0.5, -step);
        trained.update(step, rates, new double[rates.length], OptionalDouble.of(1));
        if (step == SETTLED) {
          settled = megabytes();
        }
      }
      System.out.printf(
          "resident after %d steps %.1f MB, after %d %.1f MB%n",
          SETTLED, settled, STEPS, megabytes());
      // A leak of one gradient of every step would be 1.9 GB, of one loss 0.2 MB.
      assertThat(megabytes()).isLessThan(settled + 10);
    }
  }

  private static double megabytes() throws IOException {
    long pages = Long.parseLong(Files.readString(STATUS).split(" ", 3)[1]);
    return pages * 4096 / 1e6;
  }
}
