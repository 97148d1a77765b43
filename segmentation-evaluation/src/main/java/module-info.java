/** How good a model is on a data set: readers for data sets, metrics, and reports. */
@SuppressWarnings("module") // training is compiled later
module io.github.pixelwise.evaluation {
  requires static org.jspecify;
  requires transitive io.github.pixelwise;
  requires io.github.pixelwise.imaging;
  requires io.github.pixelwise.postprocess;
  requires com.fasterxml.jackson.core;
  requires java.xml;

  exports io.github.pixelwise.evaluation;
  exports io.github.pixelwise.evaluation.dataset;
  exports io.github.pixelwise.evaluation.internal.html to
      io.github.pixelwise.training;
}
