package io.github.pixelwise.training;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A data set that is quickly learned: bright squares on dark noise, with a border of void. */
record Squares(String name, int width, int height, long seed) implements Sample {
  static Dataset of(String name, int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(new Squares(name + i, 80 + i % 3 * 8, 72, i + name.hashCode()));
    }
    return Dataset.of(name, LabelMap.parse("background, square"), Palette.voc(), samples);
  }

  @Override
  public RgbImage photograph() {
    byte[] rgb = new byte[width * height * 3];
    Random random = new Random(seed);
    for (int i = 0; i < rgb.length; i++) {
      int level = isSquare(i / 3 % width, i / 3 / width) ? 180 : 60;
      rgb[i] = (byte) (level + random.nextInt(40));
    }
    return RgbImage.of(width, height, rgb);
  }

  private int left() {
    return (int) Math.floorMod(seed * 7, (long) width - 40);
  }

  private int top() {
    return (int) Math.floorMod(seed * 5, (long) height - 40);
  }

  private boolean isSquare(int x, int y) {
    return x >= left() && x < left() + 36 && y >= top() && y < top() + 36;
  }

  @Override
  public CategoryMask truth() {
    byte[] mask = new byte[width * height];
    for (int i = 0; i < mask.length; i++) {
      int x = i % width;
      int y = i / width;
      boolean square = isSquare(x, y);
      boolean border = square != isSquare(x + 1, y) || square != isSquare(x, y + 1);
      mask[i] = (byte) (border ? 255 : square ? 1 : 0);
    }
    return CategoryMask.of(width, height, mask);
  }
}
