package io.github.pixelwise.internal.decode;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.ScoreMap;

/** Takes the category of the nearest grid node, for networks that decide the class themselves. */
final class CategoryRows implements Decoder.RowDecoder {
  private final ScoreMap scores;
  private final GridAxis columns;
  private final LabelMap labels;
  private final float[] row;

  CategoryRows(ScoreMap scores, GridAxis columns, LabelMap labels) {
    this.scores = scores;
    this.columns = columns;
    this.labels = labels;
    this.row = new float[scores.width()];
  }

  @Override
  public void decode(GridAxis rows, int y, CategoryRow categories, float[] confidence) {
    scores.copyRow(0, rows.nearest(y), row, 0);
    for (int x = columns.from; x < columns.to; x++) {
      float value = row[columns.nearest(x)];
      int category = (int) value;
      boolean known =
          (category >= 0 && category < labels.size()) || category == labels.ignoreIndex();
      if (category != value || !known) {
        throw new IllegalArgumentException(
            "output \"%s\" should hold categories of 0..%d or %d, found %s"
                .formatted(scores.spec().name(), labels.size() - 1, labels.ignoreIndex(), value));
      }
      categories.set(x, category);
    }
  }
}
