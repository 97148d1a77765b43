package io.github.pixelwise.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.evaluation.internal.ReportFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
  @TempDir private Path folder;

  @Test
  void jsonHasAllNumbersAndTheirRules() throws IOException {
    ReportFiles.write(Reports.tiny(), folder, List.of());

    assertThat(folder.resolve("report.json"))
        .content()
        .isEqualTo(
            """
            {
              "version" : 1,
              "dataset" : "streets",
              "predictor" : "tiny on onnx",
              "photographs" : 2,
              "pixels" : 7,
              "rules" : {
                "emptyClasses" : "skip",
                "means" : "Means are taken over classes, each of the same weight. Where there is \
            nothing to divide by, as in a class that neither truth nor prediction has, there is no \
            number, and means leave the class out (skip).",
                "void" : "Pixels that are void in the truth are not counted. Pixels predicted as void, \
            or as a class that the data set lacks, are wrong."
              },
              "notes" : [ ],
              "metrics" : {
                "meanIou" : 0.625,
                "meanDice" : 0.7619047619047619,
                "meanAccuracy" : 0.7083333333333333,
                "meanPrecision" : 0.8333333333333333,
                "pixelAccuracy" : 0.7142857142857143,
                "frequencyWeightedIou" : 0.6428571428571428,
                "kappa" : 0.5000000000000001
              },
              "classes" : [ {
                "id" : 0,
                "name" : "road",
                "truePixels" : 4,
                "predictedPixels" : 3,
                "rightPixels" : 3,
                "iou" : 0.75,
                "dice" : 0.8571428571428571,
                "recall" : 0.75,
                "precision" : 1.0
              }, {
                "id" : 1,
                "name" : "car",
                "truePixels" : 3,
                "predictedPixels" : 3,
                "rightPixels" : 2,
                "iou" : 0.5,
                "dice" : 0.6666666666666666,
                "recall" : 0.6666666666666666,
                "precision" : 0.6666666666666666
              }, {
                "id" : 2,
                "name" : "bus, \\"big\\"",
                "truePixels" : 0,
                "predictedPixels" : 0,
                "rightPixels" : 0,
                "iou" : null,
                "dice" : null,
                "recall" : null,
                "precision" : null
              } ],
              "confusion" : {
                "layout" : "a row for each true class, a column for each predicted class, and one for void",
                "pixels" : [ [ 3, 1, 0, 0 ], [ 0, 2, 0, 1 ], [ 0, 0, 0, 0 ] ]
              }
            }""");
  }

  @Test
  void csvHasALineForEachClass() throws IOException {
    ReportFiles.write(Reports.tiny(), folder, List.of());

    assertThat(folder.resolve("classes.csv"))
        .content()
        .isEqualTo(
            """
            id,name,true_pixels,predicted_pixels,right_pixels,iou,dice,recall,precision
            0,road,4,3,3,0.75,0.8571428571428571,0.75,1.0
            1,car,3,3,2,0.5,0.6666666666666666,0.6666666666666666,0.6666666666666666
            2,"bus, ""big""\",0,0,0,,,,
            """);
  }

  @Test
  void csvHasALineForEachImageInTheOrderOfTheDataSet() throws IOException {
    ReportFiles.write(Reports.tiny(), folder, List.of());

    assertThat(folder.resolve("images.csv"))
        .content()
        .isEqualTo(
            """
            name,width,height,counted_pixels,pixel_accuracy,mean_iou
            b,4,1,3,0.6666666666666666,0.5
            a,4,1,4,0.75,0.75
            """);
  }

  @Test
  void textHasTheTableTheMeansAndTheRules() {
    assertThat(Reports.tiny().toText())
        .isEqualTo(
            """
            tiny on onnx on streets, 2 photographs

            class           IoU    Dice  recall  precision  pixels
            road         0.7500  0.8571  0.7500     1.0000       4
            car          0.5000  0.6667  0.6667     0.6667       3
            bus, "big"        -       -       -          -       0
            mean (skip)  0.6250  0.7619  0.7083     0.8333       7

            pixel accuracy          0.7143
            frequency-weighted IoU  0.6429
            Cohen's kappa           0.5000

            Means are taken over classes, each of the same weight. Where there is nothing to divide by, as in a
            class that neither truth nor prediction has, there is no number, and means leave the class out
            (skip).
            Pixels that are void in the truth are not counted. Pixels predicted as void, or as a class that the
            data set lacks, are wrong.
            """);
  }

  @Test
  void textHasAtMostAHundredColumnsWhateverTheNames() {
    String name = "x".repeat(130);
    EvaluationReport report =
        new EvaluationReport(
            new RunInfo(
                name,
                1,
                name,
                LabelMap.of(List.of(name, "car")),
                Palette.voc(),
                "none",
                false,
                List.of("note " + name + " " + name)),
            EmptyClasses.ONE,
            List.of(Reports.image("a", Reports.mask(0, 1), Reports.mask(0, 1), 2)));

    assertThat(report.toText().lines().mapToInt(String::length).max()).hasValue(100);
  }
}
