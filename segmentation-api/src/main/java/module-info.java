/**
 * Semantic segmentation for the JVM: the types, the pipeline and the interfaces of its plug-ins.
 */
@SuppressWarnings("module") // qualified exports name modules that are compiled later
module io.github.pixelwise {
  requires static org.jspecify;

  exports io.github.pixelwise;
  exports io.github.pixelwise.model;
  exports io.github.pixelwise.spi;
  exports io.github.pixelwise.tile;
  exports io.github.pixelwise.internal.card to
      io.github.pixelwise.network,
      io.github.pixelwise.quantization,
      io.github.pixelwise.zoo;
  exports io.github.pixelwise.internal.decode to
      io.github.pixelwise.postprocess;
  exports io.github.pixelwise.internal.file to
      io.github.pixelwise.djl,
      io.github.pixelwise.evaluation,
      io.github.pixelwise.imaging,
      io.github.pixelwise.network,
      io.github.pixelwise.onnx,
      io.github.pixelwise.opencv,
      io.github.pixelwise.quantization,
      io.github.pixelwise.spark,
      io.github.pixelwise.training,
      io.github.pixelwise.zoo;
  exports io.github.pixelwise.internal.guide to
      io.github.pixelwise.postprocess;
  exports io.github.pixelwise.internal.plugin to
      io.github.pixelwise.djl,
      io.github.pixelwise.onnx,
      io.github.pixelwise.opencv,
      io.github.pixelwise.quantization,
      io.github.pixelwise.spark;
  exports io.github.pixelwise.internal.resample to
      io.github.pixelwise.evaluation,
      io.github.pixelwise.postprocess,
      io.github.pixelwise.training;
  exports io.github.pixelwise.internal.util to
      io.github.pixelwise.cli,
      io.github.pixelwise.djl,
      io.github.pixelwise.evaluation,
      io.github.pixelwise.imaging,
      io.github.pixelwise.network,
      io.github.pixelwise.onnx,
      io.github.pixelwise.opencv,
      io.github.pixelwise.postprocess,
      io.github.pixelwise.products,
      io.github.pixelwise.quantization,
      io.github.pixelwise.server,
      io.github.pixelwise.training,
      io.github.pixelwise.zoo;

  uses io.github.pixelwise.spi.BackendProvider;
  uses io.github.pixelwise.spi.ModelProvider;
  uses io.github.pixelwise.spi.PreprocessorProvider;
}
