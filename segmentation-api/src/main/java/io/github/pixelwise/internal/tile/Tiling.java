package io.github.pixelwise.internal.tile;

import io.github.pixelwise.Parallelism;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.SegmentationOptions.OutputSize;
import io.github.pixelwise.internal.decode.Canvas;
import io.github.pixelwise.internal.decode.Decision;
import io.github.pixelwise.internal.decode.Decoder;
import io.github.pixelwise.model.Interpolation;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.model.OutputKind;
import io.github.pixelwise.tile.ImageRows;
import io.github.pixelwise.tile.MaskRows;
import io.github.pixelwise.tile.Tiles;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How a model segments pictures in tiles: in memory, or row by row. */
public final class Tiling {
  private final Tiles tiles;
  private final OutputKind kind;
  private final Decision decision;
  private final boolean confidence;
  private final Parallelism parallelism;

  /**
   * Checks that tiles can provide what is requested.
   *
   * @param options have tiles
   * @throws IllegalArgumentException if they cannot
   */
  public Tiling(
      ModelCard model, SegmentationOptions options, Decision decision, Parallelism parallelism) {
    this.tiles = options.tiles().orElseThrow();
    this.kind = model.output().kind();
    this.decision = decision;
    this.confidence = options.confidence();
    this.parallelism = parallelism;
    if (model.output().minMax()
        || model.output().interpolation() == Interpolation.LANCZOS
        || model.input().scaledByMaximum()) {
      throw new IllegalArgumentException(
          ("model %s rates each pixel against the rest of its picture, so its tiles would not fit"
                  + " together; segment the picture without tiles, or choose another model")
              .formatted(model.name()));
    }
    if (options.sharpening()) {
      throw new IllegalArgumentException(
          "sharpening needs the scores of the whole picture, which tiles do not keep; leave out"
              + " sharpening, or tiles");
    }
    if (options.scores()) {
      throw new IllegalArgumentException(
          "the scores of tiles are not kept; leave out withScores(), or segment without tiles");
    }
    if (options.outputSize() != OutputSize.SOURCE) {
      throw new IllegalArgumentException(
          "a mask that is made of tiles has the size of the source, found " + options.outputSize());
    }
  }

  /** Segments a picture in memory. */
  public Decoder.Decoded segment(RgbImage image, TileScorer scorer) {
    Canvas canvas = new Canvas(image.width(), image.height(), decision, confidence);
    Bands bands =
        new Bands() {
          @Override
          public Band begin(int from, int to) {
            return new Band(canvas, 0);
          }

          @Override
          public void end(Band band) {
            // The canvas holds all bands.
          }
        };
    try {
      run(ImageRows.of(image), 0, scorer, bands);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not possible: all rows are in memory
    }
    return canvas.decoded();
  }

  /**
   * Segments a picture from a row on.
   *
   * @throws IllegalArgumentException if there is no such row
   * @throws IOException if the picture cannot be read, or the mask cannot be kept
   */
  public void segment(ImageRows source, int firstRow, TileScorer scorer, MaskRows target)
      throws IOException {
    if (confidence) {
      throw new IllegalArgumentException(
          "a mask that is made row by row comes without confidence; leave out withConfidence()");
    }
    if (firstRow < 0 || firstRow >= source.height()) {
      throw new IllegalArgumentException(
          "a picture of %d rows has no row %d to begin with".formatted(source.height(), firstRow));
    }
    Bands bands =
        new Bands() {
          @Override
          public Band begin(int from, int to) {
            return new Band(new Canvas(source.width(), to - from, decision, false), from);
          }

          @Override
          public void end(Band band) throws IOException {
            target.take(band.top(), band.canvas().decoded().mask());
          }
        };
    run(source, firstRow, scorer, bands);
  }

  private void run(ImageRows source, int firstRow, TileScorer scorer, Bands bands)
      throws IOException {
    new TiledSegmentation(source, tiles, kind, decision, parallelism).run(firstRow, scorer, bands);
  }
}
