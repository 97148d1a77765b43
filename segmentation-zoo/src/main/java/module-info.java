/** Published models to fetch by name, and Hugging Face folders. */
@SuppressWarnings("requires-automatic") // protobuf is not a module
module io.github.pixelwise.zoo {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires transitive io.github.pixelwise.network;
  requires com.fasterxml.jackson.core;
  requires com.google.protobuf;
  requires java.net.http;

  exports io.github.pixelwise.zoo;

  provides io.github.pixelwise.spi.ModelProvider with
      io.github.pixelwise.zoo.ZooModels;
}
