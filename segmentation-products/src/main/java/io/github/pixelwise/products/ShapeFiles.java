package io.github.pixelwise.products;

import io.github.pixelwise.LabelMap;
import io.github.pixelwise.SegmentationResult;
import io.github.pixelwise.postprocess.shape.Box;
import io.github.pixelwise.postprocess.shape.CocoWriter;
import io.github.pixelwise.postprocess.shape.CvatWriter;
import io.github.pixelwise.postprocess.shape.GeoJson;
import io.github.pixelwise.postprocess.shape.LabelMe;
import io.github.pixelwise.postprocess.shape.Shape;
import io.github.pixelwise.postprocess.shape.Shapes;
import io.github.pixelwise.postprocess.shape.Svg;
import io.github.pixelwise.postprocess.shape.Yolo;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The products that are files of shapes. */
final class ShapeFiles {
  private ShapeFiles() {}

  static void write(
      Product product,
      Shapes shapes,
      Recipe recipe,
      SegmentationResult result,
      Origin origin,
      OutputStream out)
      throws IOException {
    LabelMap labels = result.labels();
    int width = shapes.width();
    int height = shapes.height();
    List<Shape> chosen =
        shapes.list().stream()
            .filter(
                shape ->
                    recipe.shapes().isWritten(shape.category(), labels)
                        || (hasNoHoles(product) && isInside(shape, width, height)))
            .toList();
    switch (product) {
      case GEOJSON -> GeoJson.write(chosen, labels, origin.map(), out);
      case YOLO -> Yolo.write(chosen, labels, width, height, out);
      case LABELME -> LabelMe.write(chosen, labels, width, height, origin.path(), out);
      case SVG -> Svg.write(chosen, labels, result.palette(), width, height, origin.path(), out);
      case COCO -> {
        try (CocoWriter coco = new CocoWriter(out, labels)) {
          coco.add(origin.name(), width, height, chosen);
        }
      }
      case CVAT -> {
        try (CvatWriter cvat = new CvatWriter(out, labels, result.palette())) {
          cvat.add(origin.name(), width, height, chosen);
        }
      }
      default -> throw new IllegalArgumentException(product + " is no file of shapes");
    }
  }

  /** Whether a product's polygons have no holes, so that it needs the shapes in holes. */
  private static boolean hasNoHoles(Product product) {
    return product == Product.LABELME || product == Product.CVAT;
  }

  /** Whether a shape may lie in a hole of another. */
  private static boolean isInside(Shape shape, int width, int height) {
    Box box = shape.box();
    return box.x() > 0
        && box.y() > 0
        && box.x() + box.width() < width
        && box.y() + box.height() < height;
  }
}
