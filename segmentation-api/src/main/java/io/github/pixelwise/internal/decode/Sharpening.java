package io.github.pixelwise.internal.decode;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.guide.LinearModels;
import io.github.pixelwise.internal.guide.MeanField;
import io.github.pixelwise.internal.guide.SmallPhoto;
import io.github.pixelwise.model.ImageGeometry;
import java.util.Arrays;

/**
 * How probabilities depend on the colors of a photograph near the edges of classes. At the pixels
 * of a small copy of the photograph, probabilities are made to agree with those of similar colors
 * nearby. Linear models of color then carry them over to the photograph's own pixels.
 */
final class Sharpening {
  /**
   * The pixels of the small copy's longer side, per node of the grid. With fewer, details are lost
   * that the network found; with more, only what lies close together is connected.
   */
  private static final double DENSITY = 0.75;

  /** The fewest pixels of the small copy's longer side; for coarse grids. */
  private static final int FEWEST = 96;

  /** The most pixels of the small copy's longer side; bounds memory. */
  private static final int MOST = 512;

  /** How far from an edge pixels of the small copy change. */
  private static final int REACH = 4;

  private final SmallPhoto photo;
  private final SmallProbabilities probabilities;
  private final boolean[] uncertain;
  private final LinearModels[] models;

  private Sharpening(
      SmallPhoto photo,
      SmallProbabilities probabilities,
      boolean[] uncertain,
      LinearModels[] models) {
    this.photo = photo;
    this.probabilities = probabilities;
    this.uncertain = uncertain;
    this.models = models;
  }

  /** Does what is done once for a photograph. */
  static Sharpening of(
      RgbImage image, ScoreMap scores, Decision decision, Parallelism parallelism) {
    SmallPhoto photo = SmallPhoto.of(image, scale(scores), parallelism);
    SmallProbabilities probabilities = SmallProbabilities.of(scores, photo, decision, parallelism);
    boolean[] uncertain = probabilities.nearEdges(REACH);
    MeanField.solve(photo, uncertain, probabilities.planes, parallelism);
    LinearModels[] models =
        Arrays.stream(probabilities.planes)
            .map(plane -> LinearModels.fit(photo, uncertain, plane, parallelism))
            .toArray(LinearModels[]::new);
    return new Sharpening(photo, probabilities, uncertain, models);
  }

  /** How many pixels of the photograph a pixel of the small copy is wide. */
  private static int scale(ScoreMap scores) {
    ImageGeometry geometry = scores.geometry();
    double nodes =
        Math.max(
            (double) scores.width() * geometry.contentWidth() / geometry.inputWidth(),
            (double) scores.height() * geometry.contentHeight() / geometry.inputHeight());
    double side = Math.max(FEWEST, Math.min(MOST, DENSITY * nodes));
    return (int)
        Math.max(1, Math.round(Math.max(geometry.sourceWidth(), geometry.sourceHeight()) / side));
  }

  SmallPhoto photo() {
    return photo;
  }

  /** The network's categories that have a model, lowest first. */
  int[] categories() {
    return probabilities.categories;
  }

  /** The likeliest category of a pixel of the small copy. */
  int likeliest(int index) {
    return probabilities.likeliest[index];
  }

  /** Whether a pixel of the small copy is near an edge. */
  boolean isUncertain(int index) {
    return uncertain[index];
  }

  /** Of the category with this place among {@link #categories}. */
  LinearModels model(int place) {
    return models[place];
  }
}
