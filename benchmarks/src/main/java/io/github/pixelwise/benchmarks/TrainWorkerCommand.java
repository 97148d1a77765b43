package io.github.pixelwise.benchmarks;

import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.training.Training;
import io.github.pixelwise.training.TrainingListener;
import io.github.pixelwise.training.TrainingProgress;
import io.github.pixelwise.training.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Our side of {@code train_steps.py}: the same arguments, the same line. */
@Command(name = "train-worker", hidden = true)
final class TrainWorkerCommand implements Callable<Integer> {
  @Parameters(index = "0")
  private String name = "";

  @Parameters(index = "1")
  private Path data = Path.of("");

  @Parameters(index = "2")
  private int batch;

  @Parameters(index = "3")
  private int crop;

  @Parameters(index = "4")
  private int warmUp;

  @Parameters(index = "5")
  private int steps;

  @Parameters(index = "6")
  private int threads;

  @Parameters(index = "7")
  private int workers;

  /** Notes when the steps that count begin and end. */
  private final class Clock implements TrainingListener {
    private long seen;
    private long start;
    private long end;

    @Override
    public void onStep(TrainingProgress progress) {
      seen++;
      if (seen == warmUp) {
        start = System.nanoTime();
      }
      if (seen == warmUp + steps) {
        end = System.nanoTime();
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public Integer call() throws IOException {
    Network network = Networks.of(name, NetworkOptions.ofClasses(21));
    Clock clock = new Clock();
    Path run = Files.createTempDirectory(Files.createDirectories(Main.results()), "run");
    try {
      Training.of(network, Dataset.read(data.resolve("voc.dataset.properties")))
          .recipe(
              TrainingRecipe.defaults()
                  .with("epochs", "1000")
                  .with("batch", Integer.toString(batch))
                  .with("rate", "0.001")
                  .with("optimizer.weight-decay", "0.0001")
                  .with("augment.scale", "0.5..2")
                  .with("augment.crop", crop + "x" + crop))
          .threads(threads)
          .workers(workers)
          .listener(clock)
          .run(run);
    } catch (InterruptedException e) {
      // The clock stopped it.
    }
    long peak = Memory.highWaterMark();
    System.out.println((clock.end - clock.start) / 1e6 / steps + " 0 " + peak);
    return 0;
  }
}
