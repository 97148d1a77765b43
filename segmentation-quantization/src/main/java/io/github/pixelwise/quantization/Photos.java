package io.github.pixelwise.quantization;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.imaging.Images;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Photos, divided into those that ranges are taken from and those that masks are compared on. Each
 * is read again whenever it is needed, so that one at a time is in memory.
 *
 * @param calibration the photos to calibrate on
 * @param check the photos to compare masks on
 */
record Photos(List<Path> calibration, List<Path> check) {
  /** Fewer show too little of what the network will see. */
  private static final int FEW = 10;

  /** Every such photo is held out of the calibration. */
  private static final int HELD_OUT = 5;

  /**
   * Chooses among photos, evenly, and leaves out those that cannot be used.
   *
   * @param most how many to use
   * @param notes takes a sentence for each thing worth knowing
   * @throws QuantizationException if none can be used
   */
  static Photos of(List<Path> photos, int most, Consumer<String> notes) {
    if (photos.isEmpty()) {
      throw new QuantizationException(
          "there are no photos to calibrate on. Give 20 or more like those you will segment.");
    }
    List<Path> chosen = spread(photos, most);
    if (chosen.size() < photos.size()) {
      notes.accept("using %d of %d photos, evenly chosen".formatted(most, photos.size()));
    }
    List<Path> usable = new ArrayList<>();
    int plain = 0;
    for (Path photo : chosen) {
      try {
        RgbImage image = Images.read(photo);
        if (isPlain(image)) {
          plain++;
          notes.accept("skipped %s: it has a single color, %s".formatted(photo, color(image)));
        } else {
          usable.add(photo);
        }
      } catch (IOException e) {
        notes.accept("skipped a photo: " + e.getMessage());
      }
    }
    if (usable.isEmpty()) {
      throw new QuantizationException(
          plain == 0
              ? "none of the %d photos can be read. Give others.".formatted(chosen.size())
              : ("no photo is left to calibrate on: %d of %d have a single color, as black ones"
                      + " do, and show nothing of the values inside the network. Give 20 or more"
                      + " like those you will segment.")
                  .formatted(plain, chosen.size()));
    }
    return divide(usable, notes);
  }

  private static Photos divide(List<Path> usable, Consumer<String> notes) {
    if (usable.size() < FEW) {
      notes.accept(
          ("with only %s, masks are compared on what was calibrated on; 20 or more like those you"
                  + " will segment give better ranges")
              .formatted(count(usable)));
      return new Photos(usable, usable);
    }
    List<Path> calibration = new ArrayList<>();
    List<Path> check = new ArrayList<>();
    for (int i = 0; i < usable.size(); i++) {
      (i % HELD_OUT == HELD_OUT - 1 ? check : calibration).add(usable.get(i));
    }
    return new Photos(calibration, check);
  }

  /** How many photos there are, for a sentence. */
  static String count(List<Path> photos) {
    return photos.size() == 1 ? "1 photo" : photos.size() + " photos";
  }

  /** Whether the masks are compared on other photos than those of the calibration. */
  boolean areHeldOut() {
    return !check.equals(calibration);
  }

  private static List<Path> spread(List<Path> photos, int most) {
    if (photos.size() <= most) {
      return photos;
    }
    List<Path> chosen = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      chosen.add(photos.get((int) ((long) i * photos.size() / most)));
    }
    return chosen;
  }

  private static boolean isPlain(RgbImage image) {
    byte[] rgb = image.toByteArray();
    for (int i = 3; i < rgb.length; i++) {
      if (rgb[i] != rgb[i - 3]) {
        return false;
      }
    }
    return true;
  }

  private static String color(RgbImage image) {
    int rgb = image.rgb(0, 0) & 0xffffff;
    return rgb == 0 ? "black" : "#%06x".formatted(rgb);
  }
}
