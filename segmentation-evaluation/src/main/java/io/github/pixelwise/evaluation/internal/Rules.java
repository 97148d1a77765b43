package io.github.pixelwise.evaluation.internal;

import io.github.pixelwise.evaluation.Calibration;
import io.github.pixelwise.evaluation.EmptyClasses;

/** The rules behind a report's numbers, in words. */
public final class Rules {
  public static final String VOID =
      "Pixels that are void in the truth are not counted. Pixels predicted as void, or as a class"
          + " that the data set lacks, are wrong.";

  static final String CALIBRATION =
      "The expected calibration error is the mean distance between confidence and accuracy over "
          + Calibration.BINS
          + " bins of confidence, each weighted with its pixels.";

  public static final String IMAGES =
      "The IoU of a photograph is the mean over the classes that its truth or its prediction has.";

  private Rules() {}

  public static String of(EmptyClasses rule) {
    return "Means are taken over classes, each of the same weight. Where there is nothing to divide by,"
        + " as in a class that neither truth nor prediction has, "
        + switch (rule) {
          case SKIP -> "there is no number, and means leave the class out (skip).";
          case NAN -> "there is no number, and then the mean is none either (nan).";
          case ZERO -> "the number is 0 (zero).";
          case ONE -> "the number is 1 (one).";
        };
  }

  static String boundary(String width) {
    return "Boundaries are "
        + (width.equals("auto")
            ? "2 % of the image's diagonal wide for the boundary IoU, and compared with a tolerance of"
                + " 0.75 % of it for the boundary F-score."
            : "%s px wide for the boundary IoU, and compared with a tolerance of %s px for the boundary"
                    .formatted(width, width)
                + " F-score.");
  }
}
