package io.github.pixelwise.cli;

import io.github.pixelwise.Segmenter;
import io.github.pixelwise.cli.internal.Progress;
import io.github.pixelwise.cli.internal.Reason;
import io.github.pixelwise.imaging.Picture;
import io.github.pixelwise.imaging.UnreadablePictureException;
import io.github.pixelwise.imaging.stream.PictureStream;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.products.Product;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.TiledMask;
import io.github.pixelwise.tile.Tiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the masks of pictures that are too large to be read as a whole, one after the other, row by
 * row. What an earlier run left unfinished is continued.
 */
final class LargePictures {
  /** The end of a mask's name. */
  static final String SUFFIX = ".mask.tif";

  private final TiledMask masks;
  private final String limits;
  private final boolean force;
  private final PrintWriter err;
  private int done;
  private int kept;
  private int failed;

  /** The mask that is being made. */
  private volatile @Nullable Path current;

  private volatile boolean stopped;

  private LargePictures(TiledMask masks, String limits, boolean force, PrintWriter err) {
    this.masks = masks;
    this.limits = limits;
    this.force = force;
    this.err = err;
  }

  /**
   * Makes masks as those of other photos, but always in tiles.
   *
   * @param recipe that of other photos; gets tiles
   * @param force whether to begin masks anew that exist
   * @param err standard error
   */
  static LargePictures of(
      Segmenter segmenter, Recipe.Builder recipe, boolean force, PrintWriter err) {
    Recipe ofOthers = recipe.build();
    Tiles tiles = ofOthers.tiles().orElseGet(() -> tilesFor(segmenter.model().input().size()));
    String limits =
        "in tiles of %d pixels that overlap by %d%s"
            .formatted(
                tiles.size(),
                tiles.overlap(),
                ofOthers.minRegion() > 1 ? ", and keeps small regions" : "");
    TiledMask masks = new TiledMask(recipe.tiles(tiles).build(), segmenter);
    return new LargePictures(masks, limits, force, err);
  }

  /** Tiles of the size for which a network is made, which overlap by an eighth. */
  private static Tiles tilesFor(SizeRule size) {
    int side = Math.max(128, Math.max(size.width(), size.height()));
    return new Tiles(side, side / 8);
  }

  /** Makes the masks of all pictures; returns when none are left, or soon after {@link #stop}. */
  void process(Collection<Photograph> pictures, Outputs outputs) {
    pictures.stream()
        .sorted(Comparator.comparing(Photograph::source))
        .takeWhile(picture -> !stopped)
        .forEach(picture -> process(picture, outputs));
  }

  /** Ends the run after the current row of tiles. */
  void stop() {
    stopped = true;
    Path target = current;
    if (target != null) {
      say(target + " is not finished. The same command continues it.");
    }
  }

  int done() {
    return done;
  }

  /** The number of masks that were complete already. */
  int kept() {
    return kept;
  }

  int failed() {
    return failed;
  }

  private void process(Photograph picture, Outputs outputs) {
    Path source = picture.source();
    boolean opened = false;
    try {
      if (picture.stem().equals(Photograph.STANDARD_STREAM)
          || !outputs.products().contains(Product.MASK)) {
        throw new IOException(
            "it has more pixels than --max-pixels allows, so only its mask can be written, to a"
                + " file: use --write mask without --output -");
      }
      Picture.Size size;
      try (PictureStream rows = PictureStream.open(source)) {
        size = new Picture.Size(rows.width(), rows.height());
      }
      opened = true;
      write(source, size, target(picture));
    } catch (IOException | RuntimeException | Error e) {
      failed++;
      String reason =
          PhotographRun.reason(e)
              .replace(
                  "Delete it, or name another file.",
                  "Replace it with --force, or choose another folder.");
      say(
          (reason.contains(source.toString()) ? reason : source + ": " + reason)
              + (opened || isDamaged(e) ? "" : " Or raise --max-pixels, to read it as a whole."));
    } finally {
      current = null;
    }
  }

  private static boolean isDamaged(Throwable e) {
    return e instanceof UnreadablePictureException unreadable
        && unreadable.reason() != UnreadablePictureException.Reason.UNSUPPORTED;
  }

  static Path target(Photograph picture) {
    return picture.stem().resolveSibling(picture.stem().getFileName() + SUFFIX);
  }

  private void write(Path source, Picture.Size size, Path target) throws IOException {
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new IOException("cannot write %s: %s".formatted(target, Reason.of(e)), e);
    }
    say(
        "%s has %d x %d pixels, more than --max-pixels allows. Only its mask is written, as %s, %s."
            .formatted(source, size.width(), size.height(), target, limits));
    current = target;
    int height = size.height();
    int first;
    try (Progress progress = Progress.ofRows(height, err)) {
      first =
          masks.write(
              source,
              target,
              force,
              rows -> {
                progress.to(rows, OptionalLong.of(height));
                if (stopped && rows < height) {
                  throw new CancellationException();
                }
              });
    } catch (CancellationException e) {
      return; // said by stop()
    }
    if (first == height) {
      kept++;
      return;
    }
    done++;
    if (first > 0) {
      say("%s was continued from row %d.".formatted(target, first));
    }
  }

  private void say(String message) {
    err.println("segment: " + message);
    err.flush();
  }
}
