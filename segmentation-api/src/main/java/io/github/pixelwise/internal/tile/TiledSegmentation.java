package io.github.pixelwise.internal.tile;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.ScoreMap;
import io.github.pixelwise.internal.decode.Blending;
import io.github.pixelwise.internal.decode.Decision;
import io.github.pixelwise.internal.decode.Decoder;
import io.github.pixelwise.internal.decode.ScoreWindow;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.tile.ImageRows;
import io.github.pixelwise.tile.Tiles;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Segments a picture tile by tile: rows of tiles from the top, each from the left.
 *
 * <p>Of the picture it holds one row of tiles, and of the scores two tiles, and what the row of
 * tiles above shares with the present one. Used by one thread, once.
 */
final class TiledSegmentation {
  private final ImageRows source;
  private final TileAxis columns;
  private final TileAxis rows;
  private final Decision decision;
  private final Parallelism parallelism;

  /** The scores of what a row of tiles shares with the next, tile by tile. */
  private @Nullable Placed[] above = {};

  /**
   * Scores with a place.
   *
   * @param x the column of the picture where they begin
   * @param y the row of the picture where they begin
   */
  private record Placed(ScoreWindow scores, int x, int y) {
    ScoreWindow part(Block block) {
      return scores.part(block.left - x, block.top - y, block.width(), block.height());
    }
  }

  /** A rectangle of the picture that the same tiles decide about. */
  private record Block(int left, int top, int right, int bottom) {
    int width() {
      return right - left;
    }

    int height() {
      return bottom - top;
    }
  }

  /**
   * Prepares a run.
   *
   * @param source the picture, read from its present row
   * @param tiles how to divide it
   * @param kind what the network outputs; categories cannot be mixed
   * @param decision decides about each pixel
   * @param parallelism the threads that decode
   */
  TiledSegmentation(
      ImageRows source, Tiles tiles, OutputKind kind, Decision decision, Parallelism parallelism) {
    boolean blends = kind != OutputKind.CATEGORIES;
    this.source = source;
    this.columns = TileAxis.of(source.width(), tiles, blends);
    this.rows = TileAxis.of(source.height(), tiles, blends);
    this.decision = decision;
    this.parallelism = parallelism;
  }

  /**
   * Segments the picture from a row on.
   *
   * @param firstRow the first row of the mask; the scores that it needs from above are computed
   *     again
   * @param scorer scores the tiles
   * @param bands receives the mask
   * @throws IOException if the picture cannot be read, or the mask cannot be kept
   * @throws CancellationException if the thread is interrupted
   */
  void run(int firstRow, TileScorer scorer, Bands bands) throws IOException {
    int first = 0;
    while (rows.to(first) <= firstRow) {
      first++;
    }
    // Rows that two rows of tiles share need the upper one again.
    int start = first > 0 && firstRow < rows.alone(first) ? first - 1 : first;
    RowBuffer buffer = new RowBuffer(source, rows.side());
    for (int row = start; row < rows.count(); row++) {
      buffer.moveTo(rows.start(row));
      int from = Math.max(firstRow, rows.from(row));
      if (row < first) {
        scoreRow(row, buffer, scorer, null, from);
      } else {
        Bands.Band band = bands.begin(from, rows.to(row));
        scoreRow(row, buffer, scorer, band, from);
        bands.end(band);
      }
    }
  }

  private void scoreRow(
      int row, RowBuffer buffer, TileScorer scorer, Bands.@Nullable Band band, int firstRow) {
    Placed[] shared = new Placed[columns.count()];
    int batch = scorer.batchSize();
    Placed left = null;
    for (int i = 0; i < columns.count(); i += batch) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted between two tiles");
      }
      List<RgbImage> images =
          IntStream.range(i, Math.min(columns.count(), i + batch))
              .mapToObj(tile -> buffer.tile(columns.start(tile), columns.side()))
              .toList();
      List<ScoreMap> scores = scorer.score(images);
      for (int k = 0; k < images.size(); k++) {
        int column = i + k;
        ScoreWindow window = ScoreWindow.of(scores.get(k));
        if (!window.isSeen()) {
          throw new IllegalArgumentException(
              "the model sees only a part of each picture, because its card crops them, so tiles"
                  + " would leave gaps; choose a model that resizes pictures, or leave out tiles");
        }
        Placed tile = new Placed(window, columns.start(column), rows.start(row));
        if (band != null) {
          paint(band, row, column, firstRow, left, tile);
        }
        shared[column] = sharedWithNext(tile, row);
        left = tile;
      }
    }
    above = shared;
  }

  /** What a tile shares with the one below, copied so that the rest can be freed. */
  private @Nullable Placed sharedWithNext(Placed tile, int row) {
    if (row == rows.count() - 1 || rows.from(row + 1) == rows.alone(row + 1)) {
      return null;
    }
    int top = rows.from(row + 1);
    int height = rows.alone(row + 1) - top;
    return new Placed(
        tile.scores.part(0, top - tile.y, columns.side(), height).trimmed(), tile.x, top);
  }

  /** Decides about the pixels that need no later tile. */
  private void paint(
      Bands.Band band, int row, int column, int firstRow, @Nullable Placed left, Placed tile) {
    int top = Math.max(firstRow, rows.from(row));
    int middle = Math.max(firstRow, rows.alone(row));
    int bottom = rows.to(row);
    int from = columns.from(column);
    int alone = columns.alone(column);
    int to = columns.to(column);
    boolean sharesRows = top < middle;
    Placed upperLeft = sharesRows && column > 0 ? above[column - 1] : null;
    Placed upper = sharesRows ? above[column] : null;
    paint(band, row, column, new Block(from, top, alone, middle), upperLeft, upper, left, tile);
    paint(band, row, column, new Block(alone, top, to, middle), null, upper, null, tile);
    paint(band, row, column, new Block(from, middle, alone, bottom), null, null, left, tile);
    paint(band, row, column, new Block(alone, middle, to, bottom), null, null, null, tile);
  }

  /** Decides about a block by up to four tiles. */
  private void paint(
      Bands.Band band,
      int row,
      int column,
      Block block,
      @Nullable Placed upperLeft,
      @Nullable Placed upper,
      @Nullable Placed left,
      Placed tile) {
    if (block.width() <= 0 || block.height() <= 0) {
      return;
    }
    ScoreWindow scores = tile.part(block);
    if (upper != null || left != null) {
      Blending blending = new Blending(Decoder.needsOnlyWinners(scores, decision, band.canvas()));
      add(blending, block, upperLeft, column - 1, row - 1);
      add(blending, block, upper, column, row - 1);
      add(blending, block, left, column - 1, row);
      add(blending, block, tile, column, row);
      scores = blending.mixed(parallelism);
    }
    Decoder.decode(
        scores, decision, band.canvas(), block.left, block.top - band.top(), parallelism);
  }

  private void add(Blending blending, Block block, @Nullable Placed tile, int column, int row) {
    if (tile != null) {
      blending.add(
          tile.part(block),
          columns.weights(column, block.left, block.width()),
          rows.weights(row, block.top, block.height()));
    }
  }
}
