package io.github.pixelwise.internal.tile;

import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import java.util.List;

/** Runs tiles through the network. */
public interface TileScorer {
  /** How many tiles are best scored together. */
  int batchSize();

  /** Returns the scores of tiles, in the same order. */
  List<ScoreMap> score(List<RgbImage> tiles);
}
