package io.github.pixelwise.quantization;

import java.util.List;
import java.util.Locale;

/**
 * How much of the masks of a float model its int8 copy keeps. The float model's mask is taken as
 * the truth.
 *
 * @param photos how many photos were compared
 * @param heldOut whether these photos were kept out of the calibration
 * @param unchanged the share of pixels with the same class, of all photos together, 0 to 1
 * @param worst that share of the photo that changed most
 * @param meanIou the mean of the classes' intersection over union, over those that either mask has
 * @param classes the classes that either mask has, in the order of the labels
 */
public record Agreement(
    int photos,
    boolean heldOut,
    double unchanged,
    double worst,
    double meanIou,
    List<ClassIou> classes) {
  /**
   * Copies the list.
   *
   * @param photos how many photos were compared
   * @param heldOut whether these photos were kept out of the calibration
   * @param unchanged the share of pixels with the same class, 0 to 1
   * @param worst that share of the photo that changed most
   * @param meanIou the mean of the classes' intersection over union
   * @param classes the classes that either mask has
   */
  public Agreement {
    classes = List.copyOf(classes);
  }

  /**
   * How much of a class is kept.
   *
   * @param label its name
   * @param iou the intersection of its pixels in both masks over their union, 0 to 1
   * @param pixels how many pixels it has in the float model's masks
   */
  public record ClassIou(String label, double iou, long pixels) {}

  /** {@return a sentence, for example {@code 98.83 % of pixels unchanged (...)}} */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.2f %% of pixels unchanged against float32 (%.2f %% in the worst of %d %s), mIoU %.3f",
        100 * unchanged,
        100 * worst,
        photos,
        heldOut ? "held-out photos" : photos == 1 ? "photo" : "photos",
        meanIou);
  }
}
