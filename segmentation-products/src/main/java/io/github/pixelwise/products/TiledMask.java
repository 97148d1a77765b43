package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Relabeling;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.stream.GeoTags;
import io.github.pixelwise.imaging.stream.MaskLayout;
import io.github.pixelwise.imaging.stream.MaskTiff;
import io.github.pixelwise.imaging.stream.PictureStream;
import io.github.pixelwise.imaging.stream.WorldFile;
import io.github.pixelwise.model.ModelCard;
import io.github.pixelwise.tile.ImageRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The mask of a picture that is too large for memory: a TIFF that is written band by band, while
 * the picture is read row by row. Memory grows with the picture's width, not with its height.
 *
 * <pre>{@code
 * Recipe recipe = Recipe.builder().tiles(new Tiles(512, 64)).build();
 * TiledMask masks = new TiledMask(recipe, segmenter);
 * masks.write(Path.of("huge.tif"), Path.of("huge.mask.tif"), false, row -> System.out.println(row));
 * }</pre>
 *
 * <p>Of the recipe it follows the tiles, the thresholds, and the classes. Immutable; safe for use
 * by several threads.
 */
public final class TiledMask {
  private final Recipe recipe;
  private final Segmenter segmenter;

  /**
   * Chooses how to make masks.
   *
   * @param recipe has tiles
   * @param segmenter the segmenter; not closed
   * @throws IllegalArgumentException if the recipe has no tiles
   */
  public TiledMask(Recipe recipe, Segmenter segmenter) {
    this.recipe = Objects.requireNonNull(recipe, "recipe");
    this.segmenter = Objects.requireNonNull(segmenter, "segmenter");
    if (recipe.tiles().isEmpty()) {
      throw new IllegalArgumentException("the recipe has no tiles; set them with tiles(...)");
    }
  }

  /**
   * Segments a picture. If the target is the unfinished mask of an earlier call with the same
   * picture, model, and recipe, only the missing rows are made; the mask is the same as if that
   * call had not been interrupted. The tags of a GeoTIFF and a world file are carried over.
   *
   * @param picture a TIFF, PNG, or JPEG, see {@link PictureStream}
   * @param target the TIFF to write
   * @param anew whether to replace a target that exists, once the picture could be opened
   * @param rows receives the number of rows that are done, after each band. If it throws an
   *     exception, the run ends, and can be continued.
   * @return the number of rows that were there already
   * @throws IOException if the picture cannot be read to its end, or the mask cannot be written, or
   *     the target is another file; rows that are done are kept
   * @throws IllegalArgumentException if the model cannot follow the recipe, or cannot see tiles
   * @throws io.github.pixelwise.InferenceException if the engine fails
   */
  public int write(Path picture, Path target, boolean anew, IntConsumer rows) throws IOException {
    ModelCard model = segmenter.model();
    SegmentationOptions options = recipe.options(model);
    try (PictureStream source = PictureStream.open(picture)) {
      boolean exists = Files.exists(target);
      if (exists && Files.isSameFile(picture, target)) {
        throw new IOException(
            "the mask would replace the picture %s; choose another file".formatted(picture));
      }
      MaskLayout layout = layout(source, model, options, picture);
      try (MaskTiff mask =
          exists && !anew ? MaskTiff.resume(target, layout) : MaskTiff.create(target, layout)) {
        WorldFile.copy(picture, target);
        int first = mask.firstMissingRow();
        if (first < source.height()) {
          segmenter.segment(
              source,
              options,
              first,
              (y, band) -> {
                mask.take(y, band);
                rows.accept(y + band.height());
              });
        }
        return first;
      }
    }
  }

  private MaskLayout layout(
      ImageRows source, ModelCard model, SegmentationOptions options, Path picture)
      throws IOException {
    Optional<Relabeling> relabeling = options.relabeling();
    LabelMap labels = relabeling.map(Relabeling::labels).orElse(model.labels());
    int[] categories =
        IntStream.range(0, model.labels().size())
            .map(category -> relabeling.map(r -> r.category(category)).orElse(category))
            .toArray();
    // The backend is left out: all of them give the same mask.
    String run =
        String.join(
            "\n",
            "picture: %d bytes of %s"
                .formatted(Files.size(picture), Files.getLastModifiedTime(picture)),
            "model: " + model.name(),
            "input: " + model.input(),
            "output: " + model.output(),
            "augmentation: " + segmenter.runtime().augmentation(),
            "classes: " + String.join(", ", labels.names()),
            "categories: " + Arrays.toString(categories),
            "thresholds: " + options.thresholds(),
            "tiles: " + recipe.tiles().orElseThrow());
    MaskLayout layout =
        MaskLayout.of(
                source.width(),
                source.height(),
                labels.size(),
                relabeling.map(r -> r.palette(model.palette())).orElse(model.palette()))
            .withIgnoreIndex(labels.ignoreIndex())
            .withRun(run);
    return GeoTags.read(picture).map(layout::withGeoTags).orElse(layout);
  }
}
