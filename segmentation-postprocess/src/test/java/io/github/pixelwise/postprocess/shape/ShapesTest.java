package io.github.pixelwise.postprocess.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.pixelwise.CategoryMask;
import io.github.pixelwise.postprocess.Region;
import io.github.pixelwise.postprocess.Regions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.coverage.CoverageValidator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.operation.valid.IsValidOp;

class ShapesTest {
  private static final GeometryFactory JTS = new GeometryFactory();

  @Test
  void randomMasksComeBackToTheBit() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      CategoryMask mask = noise(random, 1 + random.nextInt(12), 1 + random.nextInt(12));
      assertThat(Shapes.of(mask).toMask()).as("mask %s", i).isEqualTo(mask);
    }
  }

  @Test
  void shapesAreTheRegions() {
    Random random = new Random(2);
    for (int i = 0; i < 500; i++) {
      CategoryMask mask = noise(random, 1 + random.nextInt(12), 1 + random.nextInt(12));
      List<Region> regions = Regions.of(mask);
      List<Shape> shapes = Shapes.of(mask).list();
      assertThat(shapes).hasSameSizeAs(regions);
      for (int k = 0; k < shapes.size(); k++) {
        Region region = regions.get(k);
        Shape shape = shapes.get(k);
        assertThat(shape.category()).isEqualTo(region.category());
        assertThat(shape.pixels()).isEqualTo(region.pixels());
        assertThat(shape.area()).isEqualTo((double) region.pixels());
        assertThat(shape.box())
            .isEqualTo(
                new Box(
                    region.box().x(),
                    region.box().y(),
                    region.box().width(),
                    region.box().height()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.8, 0", "1.5, 0", "4, 0", "1000, 0", "0, 3", "1, 1", "2, 3", "1000, 3"})
  void polygonsStayValidAndCoverThePicture(double tolerance, int rounds) {
    Random random = new Random(3);
    for (int i = 0; i < 120; i++) {
      int width = 1 + random.nextInt(40);
      int height = 1 + random.nextInt(40);
      CategoryMask mask = i % 3 == 0 ? noise(random, width, height) : blobs(random, width, height);
      Shapes exact = Shapes.of(mask);
      Shapes shapes = exact.simplified(tolerance).smoothed(rounds);
      Geometry[] geometries = shapes.list().stream().map(ShapesTest::jts).toArray(Geometry[]::new);
      double area = 0;
      for (Geometry geometry : geometries) {
        IsValidOp valid = new IsValidOp(geometry);
        assertThat(valid.isValid()).as("%s %s", i, valid.getValidationError()).isTrue();
        area += geometry.getArea();
      }
      assertThat(CoverageValidator.isValid(geometries)).as("coverage %s", i).isTrue();
      assertThat(area).isCloseTo((double) width * height, within(1e-6));
      assertThat(shapes.list()).hasSameSizeAs(exact.list());
    }
  }

  @Test
  void smoothingDoesNotCutACornerOffAnIslandBehindIt() {
    int[] categories = new int[60 * 60];
    for (int y = 10; y < 50; y++) {
      Arrays.fill(categories, y * 60 + 10, y * 60 + 50, 1);
    }
    categories[12 * 60 + 12] = 2;
    Shapes shapes = Shapes.of(CategoryMask.copyOf(60, 60, categories)).smoothed(1);

    Ring square = shapes.list().get(1).polygons().get(0).border();
    assertThat(square.size()).as("three corners cut and one kept").isEqualTo(7);
    assertThat(new IsValidOp(jts(shapes.list().get(1))).isValid()).isTrue();
  }

  @Test
  void simplifyingRemovesTheStepsOfASlantedBorder() {
    int[] categories = new int[64 * 64];
    Arrays.setAll(categories, i -> i % 64 + i / 64 < 64 ? 0 : 1);
    Shapes shapes = Shapes.of(CategoryMask.copyOf(64, 64, categories));

    assertThat(shapes.list().get(0).polygons().get(0).border().size()).isEqualTo(130);
    assertThat(shapes.simplified(1).list().get(0).polygons().get(0).border().size())
        .as("the triangle, and where its long side begins and ends with a step")
        .isLessThanOrEqualTo(5);
  }

  @Test
  void aHoleThatTouchesTheBorderAtACornerIsAHole() {
    // The hole in the middle and the outside on the upper right touch at a corner.
    CategoryMask mask = CategoryMask.copyOf(3, 3, new int[] {1, 1, 0, 1, 0, 1, 1, 1, 1});
    List<Shape> shapes = Shapes.of(mask).list();

    assertThat(shapes).hasSize(2);
    assertThat(shapes.get(0).polygons()).hasSize(1);
    assertThat(shapes.get(0).polygons().get(0).holes()).hasSize(1);
    assertThat(shapes.get(1).polygons()).as("two pixels that touch at a corner").hasSize(2);
  }

  @Test
  void categoriesAbove255HaveShapes() {
    CategoryMask mask = CategoryMask.copyOf(2, 1, new int[] {300, 65_535});
    assertThat(Shapes.of(mask).list()).extracting(Shape::category).containsExactly(300, 65_535);
    assertThat(Shapes.of(mask).toMask()).isEqualTo(mask);
  }

  @Test
  void saysWhatIsWrongWithArguments() {
    Shapes shapes = Shapes.of(CategoryMask.copyOf(3, 3, new int[] {0, 0, 0, 0, 1, 0, 0, 0, 0}));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> shapes.simplified(Double.NaN))
        .withMessage("the tolerance must lie in 0..16777216 pixels, found NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> shapes.smoothed(4))
        .withMessage("the number of rounds must lie in 0..3, found 4");
    assertThatIllegalStateException()
        .isThrownBy(() -> shapes.smoothed(2).smoothed(2))
        .withMessage(
            "corners can be cut three times in all, and these shapes were smoothed before; smooth them once");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shapes.of(CategoryMask.of(1, (1 << 24) + 1, new byte[(1 << 24) + 1])))
        .withMessage(
            "masks with sides of up to 16777216 pixels have shapes, found 1 x 16777217; divide it into smaller ones");
  }

  @Test
  void measuresAreThoseOfJts() {
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      CategoryMask mask = blobs(random, 30, 25);
      for (Shape shape : Shapes.of(mask).simplified(1).list()) {
        Geometry geometry = jts(shape);
        assertThat(shape.area()).isCloseTo(geometry.getArea(), within(1e-9));
        assertThat(shape.perimeter()).isCloseTo(geometry.getLength(), within(1e-9));
        assertThat(shape.centroid().x()).isCloseTo(geometry.getCentroid().getX(), within(1e-9));
        assertThat(shape.centroid().y()).isCloseTo(geometry.getCentroid().getY(), within(1e-9));
        OrientedBox box = shape.orientedBox();
        assertThat(box.width() * box.height())
            .isCloseTo(
                org.locationtech.jts.algorithm.MinimumAreaRectangle.getMinimumRectangle(geometry)
                    .getArea(),
                within(1e-6));
      }
    }
  }

  private static CategoryMask noise(Random random, int width, int height) {
    int[] categories = new int[width * height];
    int classes = 1 + random.nextInt(4);
    Arrays.setAll(categories, i -> random.nextInt(classes));
    return CategoryMask.copyOf(width, height, categories);
  }

  /** The nearest of a few points decides. */
  private static CategoryMask blobs(Random random, int width, int height) {
    int count = 1 + random.nextInt(12);
    double[] points = random.doubles(3L * count).toArray();
    int[] categories = new int[width * height];
    for (int i = 0; i < categories.length; i++) {
      double best = Double.POSITIVE_INFINITY;
      int x = i % width;
      int y = i / width;
      for (int k = 0; k < count; k++) {
        double dx = points[3 * k] * width - x;
        double dy = points[3 * k + 1] * height - y;
        double distance = Math.hypot(dx, dy) + 2 * Math.sin(dx) + points[3 * k + 2] * 3;
        if (distance < best) {
          best = distance;
          categories[i] = k % 5;
        }
      }
    }
    return CategoryMask.copyOf(width, height, categories);
  }

  private static Geometry jts(Shape shape) {
    org.locationtech.jts.geom.Polygon[] polygons =
        shape.polygons().stream()
            .map(
                polygon ->
                    JTS.createPolygon(
                        jts(polygon.border()),
                        polygon.holes().stream().map(ShapesTest::jts).toArray(LinearRing[]::new)))
            .toArray(org.locationtech.jts.geom.Polygon[]::new);
    return polygons.length == 1 ? polygons[0] : JTS.createMultiPolygon(polygons);
  }

  private static LinearRing jts(Ring ring) {
    Coordinate[] coordinates = new Coordinate[ring.size() + 1];
    for (int i = 0; i <= ring.size(); i++) {
      coordinates[i] = new Coordinate(ring.x(i % ring.size()), ring.y(i % ring.size()));
    }
    return JTS.createLinearRing(coordinates);
  }
}
