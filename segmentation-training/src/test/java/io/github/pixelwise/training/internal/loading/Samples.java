package io.github.pixelwise.training.internal.loading;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.LabelMap;
import io.github.pixelwise.Palette;
import io.github.pixelwise.RgbImage;
import io.github.pixelwise.evaluation.dataset.Dataset;
import io.github.pixelwise.evaluation.dataset.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Small generated data sets that remember what was read. */
final class Samples {
  static final LabelMap LABELS = LabelMap.of(List.of("sky", "road", "car"), 255);

  /** The photographs that were read, in the order of reading. */
  final List<String> read = Collections.synchronizedList(new ArrayList<>());

  private final int width;
  private final int height;

  Samples(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /** A sample of one noisy photograph and a mask of some classes. */
  Sample sample(String name, int... classes) {
    int seed = name.hashCode();
    return new Sample() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public RgbImage photograph() {
        read.add(name);
        byte[] samples = new byte[width * height * 3];
        new SplittableRandom(seed).nextBytes(samples);
        return RgbImage.of(width, height, samples);
      }

      @Override
      public CategoryMask truth() {
        SplittableRandom random = new SplittableRandom(seed);
        return CategoryMask.copyOf(
            width,
            height,
            IntStream.range(0, width * height)
                .map(i -> classes[random.nextInt(classes.length)])
                .toArray());
      }
    };
  }

  /** A sample that cannot be read. */
  static Sample damaged(String name, String message) {
    return new Sample() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public RgbImage photograph() throws IOException {
        throw new IOException(message);
      }

      @Override
      public CategoryMask truth() {
        return CategoryMask.copyOf(1, 1, new int[1]);
      }
    };
  }

  /** A data set of samples with all classes, named 0, 1, 2... */
  Dataset dataset(int count) {
    return dataset(
        IntStream.range(0, count)
            .mapToObj(i -> sample(Integer.toString(i), 0, 1, 2, 255))
            .toList());
  }

  static Dataset dataset(List<Sample> samples) {
    return Dataset.of("generated", LABELS, Palette.camVid(), samples);
  }
}
