package io.github.pixelwise.postprocess.shape;

/**
 * Which rings are of which polygons, and which polygons of which shapes. Simplifying does not
 * change it.
 *
 * @param categories the category of each shape
 * @param pixels the pixels of each shape
 * @param polygons the first polygon of each shape, and one past the last
 * @param rings the first ring of each polygon, which is its border, and one past the last
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Layout(int[] categories, int[] pixels, int[] polygons, int[] rings) {
  int size() {
    return categories.length;
  }

  int category(int shape) {
    return categories[shape];
  }

  int pixels(int shape) {
    return pixels[shape];
  }

  int firstPolygon(int shape) {
    return polygons[shape];
  }

  int firstRing(int polygon) {
    return rings[polygon];
  }
}
