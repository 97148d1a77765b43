package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.NetworkOptions;

/**
 * The features of a residual network of bottleneck blocks: He, Zhang, Ren, Sun, "Deep Residual
 * Learning for Image Recognition" (2015), with the stride in the 3x3 convolution. Names are
 * torchvision's.
 */
record ResNet(Layer layer1, Layer layer2, Layer layer3, Layer layer4) {
  /** A block outputs four times as many channels as it uses inside. */
  private static final int EXPANSION = 4;

  /**
   * @param depth 50 or 101
   * @param outputStride the stride of the last grid; stages that would exceed it dilate instead
   */
  static ResNet of(
      Layer image, int depth, int outputStride, Dilation dilation, NetworkOptions options) {
    int[] blocks = {3, 4, depth == 101 ? 23 : 6, 3};
    Layer[] layers = new Layer[blocks.length];
    Layer x =
        image
            .convolution("backbone.conv1", options.channels(64), Kernel.of(7).stride(2))
            .batchNorm("backbone.bn1")
            .relu()
            .maxPool(3, 2, 1);
    int reached = 4;
    int rate = 1;
    for (int i = 0; i < blocks.length; i++) {
      int before = rate;
      int stride = i == 0 ? 1 : 2;
      if (reached * stride > outputStride) {
        rate *= stride;
        stride = 1;
      }
      reached *= stride;
      for (int block = 0; block < blocks[i]; block++) {
        String name = "backbone.layer" + (i + 1) + "." + block + ".";
        Kernel kernel =
            Kernel.of(3)
                .stride(block == 0 ? stride : 1)
                .dilation(dilation.of(i + 1, block, before, rate));
        x = bottleneck(name, x, 64 << i, kernel, block == 0, options);
      }
      layers[i] = x;
    }
    return new ResNet(layers[0], layers[1], layers[2], layers[3]);
  }

  private static Layer bottleneck(
      String name, Layer x, int planes, Kernel kernel, boolean first, NetworkOptions options) {
    int inner = options.channels(planes);
    int outer = options.channels(EXPANSION * planes);
    Layer residual =
        x.convolution(name + "conv1", inner, Kernel.of(1))
            .batchNorm(name + "bn1")
            .relu()
            .convolution(name + "conv2", inner, kernel)
            .batchNorm(name + "bn2")
            .relu()
            .convolution(name + "conv3", outer, Kernel.of(1))
            .batchNorm(name + "bn3");
    return joined(name, x, residual, kernel.horizontal().stride(), first);
  }

  /**
   * The end of a block: adds its input to the result of its convolutions.
   *
   * @param stride the stride of the convolutions
   * @param convolved whether the input is convolved too, so that it has the result's shape
   */
  static Layer joined(String name, Layer x, Layer residual, int stride, boolean convolved) {
    Kernel kernel = Kernel.of(1).stride(stride);
    Layer shortcut =
        convolved
            ? x.convolution(name + "downsample.0", residual.channels(), kernel)
                .batchNorm(name + "downsample.1")
            : x;
    return residual.plus(shortcut).relu();
  }
}
