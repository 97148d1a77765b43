package io.github.pixelwise.evaluation.dataset;

import io.github.pixelwise.CategoryMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a COCO image. Smaller ones lie above larger ones, and all above crowds, which are
 * void.
 *
 * @param coco the file
 * @param image the image
 * @param rules the classes of categories
 * @param background the class of pixels in no object
 */
record CocoTruth(CocoFile coco, CocoFile.Image image, ClassRules rules, int background)
    implements Truth {
  @Override
  public Path file() {
    return coco.path();
  }

  @Override
  public CategoryMask read() throws IOException {
    List<Runs> crowds = new ArrayList<>();
    Shapes objects = new Shapes(coco.path(), image.width(), image.height());
    for (Map<?, ?> annotation : coco.annotations(image)) {
      Runs runs;
      try {
        runs = runs(annotation.get("segmentation"), objects.width(), objects.height());
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "%s: annotation %s of %s %s"
                .formatted(coco.path(), annotation.get("id"), image.file(), e.getMessage()),
            e);
      }
      if (annotation.get("iscrowd") instanceof Long crowd && crowd != 0) {
        crowds.add(runs);
      } else {
        String name = coco.categories().get(annotation.get("category_id"));
        int category = rules.category(String.valueOf(name));
        if (category != background) { // a bag that is no class does not cut a hole into its owner
          objects.add(runs, category);
        }
      }
    }
    objects.sortByArea();
    crowds.forEach(runs -> objects.addBelow(runs, rules.labels().ignoreIndex()));
    return objects.paint(background);
  }

  private static Runs runs(@Nullable Object segmentation, int width, int height) {
    if (segmentation instanceof List<?> polygons && !polygons.isEmpty()) {
      List<Runs> parts = new ArrayList<>();
      for (Object polygon : polygons) {
        try {
          parts.add(Runs.polygon(Json.numbers(polygon), width, height));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "has a broken polygon: number %d %s".formatted(parts.size() + 1, e.getMessage()), e);
        }
      }
      return Runs.union(parts);
    }
    Map<?, ?> rle = Json.map(segmentation);
    if (!(rle.get("size") instanceof List<?> size) || rle.get("counts") == null) {
      throw new IllegalArgumentException("has neither polygons nor run lengths (RLE)");
    }
    if (!size.equals(List.of((long) height, (long) width))) {
      throw new IllegalArgumentException(
          "has run lengths of the size (height, width) %s, but the image has %s"
              .formatted(size, List.of(height, width)));
    }
    if (rle.get("counts") instanceof String text) {
      return Runs.compressed(text, width, height);
    }
    double[] numbers = Json.numbers(rle.get("counts"));
    long[] counts = new long[numbers.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (long) numbers[i];
    }
    return Runs.counts(counts, width, height);
  }
}
