/** Trains segmentation networks on PyTorch, through DJL. */
@SuppressWarnings("requires-automatic") // DJL is not a module
module io.github.pixelwise.training {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires transitive io.github.pixelwise.evaluation;
  requires transitive io.github.pixelwise.network;
  requires io.github.pixelwise.djl;
  requires io.github.pixelwise.imaging;
  requires io.github.pixelwise.postprocess;
  requires ai.djl.api;
  requires ai.djl.pytorch_engine;
  requires com.fasterxml.jackson.core;

  exports io.github.pixelwise.training;
  exports io.github.pixelwise.training.augment;
}
