package io.github.pixelwise.examples;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.evaluation.Evaluation;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Networks;
import io.github.pixelwise.postprocess.Coloring;
import io.github.pixelwise.training.EpochResult;
import io.github.pixelwise.training.Training;
import io.github.pixelwise.training.TrainingListener;
import io.github.pixelwise.training.TrainingRecipe;
import io.github.pixelwise.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;

/** Teaches the embedded model a class that it does not know, with twenty photographs. */
public final class FineTuning {
  private FineTuning() {}

  /**
   * Prints the mean IoU before and after, and draws an overlay of a photo that was held out.
   *
   * @param args a folder of photos, which become the backgrounds of twenty others, and the folder
   *     to write to
   * @throws IOException if a file cannot be read or written
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[1]);
    Path file = BallPhotographs.write(Path.of(args[0]), 20, folder.resolve("balls"));
    Dataset data = Dataset.read(file);
    Dataset learned = data.part(0, 0.75, 1);
    Dataset heldOut = data.part(0.75, 1, 1);
    try (Segmenter embedded = Segmenter.open()) {
      print("before", embedded, heldOut);
    }

    TrainingRecipe recipe =
        TrainingRecipe.defaults()
            .with("epochs", "6")
            .with("batch", "5")
            .with("augment.crop", "193x193")
            .with("augment.scale", "1.2..2.2")
            .with("freeze", "backbone.");
    Network network = Networks.of("deeplabv3plus-mobilenetv2-refined", NetworkOptions.ofClasses(2));
    TrainingResult result =
        Training.of(network, learned)
            .validation(heldOut)
            .recipe(recipe)
            .from("deeplabv3plus-mobilenetv2-voc")
            .listener(
                new TrainingListener() {
                  @Override
                  public void onEpoch(EpochResult epoch) {
                    System.out.println(epoch);
                  }
                })
            .run(folder.resolve("run"));

    try (Segmenter tuned = Segmenter.builder().model(result.model()).open()) {
      print("after", tuned, heldOut);
      RgbImage photo = heldOut.samples().get(0).photograph();
      Images.write(
          Coloring.overlay(photo, tuned.segment(photo), 0.5), folder.resolve("overlay.png"));
    }
  }

  private static void print(String when, Segmenter segmenter, Dataset data)
      throws IOException, InterruptedException {
    System.out.printf(
        "mIoU %s: %.2f%n", when, Evaluation.of(segmenter, data).run().metrics().meanIou());
  }
}
