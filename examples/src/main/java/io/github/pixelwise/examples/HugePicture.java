package io.github.pixelwise.examples;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.SegmentationOptions;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.products.Recipe;
import io.github.pixelwise.products.TiledMask;
import io.github.pixelwise.tile.Tiles;
import java.io.IOException;
import java.nio.file.Path;

/** Segments a picture in tiles: in memory, and from file to file. */
public final class HugePicture {
  private HugePicture() {}

  /**
   * Segments a picture in memory.
   *
   * @param segmenter the segmenter
   * @param photo the picture's file
   * @return its mask
   * @throws IOException if it cannot be read
   */
  public static CategoryMask inMemory(Segmenter segmenter, Path photo) throws IOException {
    RgbImage picture = Images.read(photo);
    SegmentationOptions options = SegmentationOptions.MASK_ONLY.withTiles(512, 64);
    return segmenter.segment(picture, options).mask();
  }

  /**
   * Segments a picture from file to file.
   *
   * @param segmenter the segmenter
   * @param photo the picture's file
   * @param mask the file to write
   * @throws IOException if a file cannot be read or written
   */
  public static void fromFileToFile(Segmenter segmenter, Path photo, Path mask) throws IOException {
    Recipe recipe = Recipe.builder().tiles(new Tiles(512, 64)).build();
    TiledMask masks = new TiledMask(recipe, segmenter);
    masks.write(photo, mask, false, row -> System.out.println(row + " rows are done"));
  }

  /**
   * Segments a picture in both ways.
   *
   * @param args the picture, and the mask to write, {@code *.tif}
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    try (Segmenter segmenter = Segmenter.open()) {
      System.out.println(inMemory(segmenter, Path.of(args[0])));
      fromFileToFile(segmenter, Path.of(args[0]), Path.of(args[1]));
    }
  }
}
