/** Provides the embedded model by name. */
module io.github.pixelwise.models {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;

  exports io.github.pixelwise.models;

  provides io.github.pixelwise.spi.ModelProvider with
      io.github.pixelwise.models.EmbeddedModels;
}
