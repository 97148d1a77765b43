/** Metrics of segmenters for Micrometer. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // Micrometer is not a module
module io.github.pixelwise.micrometer {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires transitive micrometer.core;

  exports io.github.pixelwise.micrometer;
}
