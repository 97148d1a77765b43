package io.github.pixelwise.examples;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.evaluation.Evaluation;
import io.github.pixelwise.evaluation.EvaluationReport;
import io.github.pixelwise.evaluation.dataset.Dataset;
import java.io.IOException;
import java.nio.file.Path;

/** Measures how good a model is on a data set. */
public final class EvaluateModel {
  private EvaluateModel() {}

  /**
   * Prints the mean IoU of the embedded model, and writes a report.
   *
   * @param args the data set's file, {@code *.dataset.properties}, and a folder for the report
   * @throws IOException if the data set cannot be read, or the report cannot be written
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Dataset dataset = Dataset.read(Path.of(args[0]));
    try (Segmenter segmenter = Segmenter.open()) {
      EvaluationReport report = Evaluation.of(segmenter, dataset).report(Path.of(args[1])).run();
      System.out.printf("mIoU %.4f%n", report.metrics().meanIou());
      System.out.printf(
          "IoU of cat %.4f%n", report.metrics().iou(dataset.labels().category("cat")));
    }
  }
}
