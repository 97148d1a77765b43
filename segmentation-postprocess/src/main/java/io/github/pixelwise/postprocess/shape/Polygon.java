package io.github.pixelwise.postprocess.shape;

import java.util.List;
import java.util.Objects;

/**
 * An area with one border and, perhaps, holes. Rings of a polygon may touch each other at points,
 * but do not cross: it is valid as the OGC's Simple Features define it.
 *
 * @param border its border
 * @param holes the borders of its holes
 */
public record Polygon(Ring border, List<Ring> holes) {
  /**
   * Creates a polygon.
   *
   * @param border its border
   * @param holes the borders of its holes
   */
  public Polygon {
    Objects.requireNonNull(border, "border");
    holes = List.copyOf(holes);
  }
}
