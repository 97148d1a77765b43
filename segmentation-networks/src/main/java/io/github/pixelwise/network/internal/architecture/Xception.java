package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.NetworkOptions;

/**
 * The features of the modified, aligned Xception: Chen, Zhu, Papandreou, Schroff, Adam,
 * "Encoder-Decoder with Atrous Separable Convolution for Semantic Image Segmentation" (2018),
 * figure 4. Names and the dilation of each part match jfzhang95/pytorch-deeplab-xception.
 *
 * @param low the output of the first block, at stride 4
 * @param high the output of the exit flow, at the output stride
 */
record Xception(Layer low, Layer high) {
  private static final Kernel PLAIN = Kernel.of(3);

  static Xception of(Layer image, int outputStride, NetworkOptions options) {
    boolean fine = outputStride == 8;
    Kernel third = fine ? PLAIN : PLAIN.stride(2);
    Kernel middle = PLAIN.dilation(fine ? 2 : 1);
    Kernel exit = PLAIN.dilation(fine ? 2 : 1);
    Kernel last = PLAIN.dilation(fine ? 4 : 2);
    int c728 = options.channels(728);
    int c1024 = options.channels(1024);

    Layer stem =
        image
            .convolution("backbone.conv1", options.channels(32), PLAIN.stride(2))
            .batchNorm("backbone.bn1")
            .relu()
            .convolution("backbone.conv2", options.channels(64), PLAIN)
            .batchNorm("backbone.bn2")
            .relu();
    Layer low = entry(1, stem, options.channels(128)).relu();
    Layer x = entry(2, low, options.channels(256));
    x = block(3, x.relu(), 1, new int[] {c728, c728, c728}, PLAIN, PLAIN, third);
    for (int number = 4; number <= 19; number++) {
      x = block(number, x.relu(), 1, new int[] {c728, c728, c728}, middle, middle, middle);
    }
    x = block(20, x.relu(), 1, new int[] {c728, c1024, c1024}, exit, exit, PLAIN).relu();
    x = separable("backbone.conv3", x, options.channels(1536), last, "backbone.bn3").relu();
    x = separable("backbone.conv4", x, options.channels(1536), last, "backbone.bn4").relu();
    x = separable("backbone.conv5", x, options.channels(2048), last, "backbone.bn5").relu();
    return new Xception(low, x);
  }

  /** A block without a ReLU at its start. */
  private static Layer entry(int number, Layer x, int channels) {
    int[] thrice = {channels, channels, channels};
    return block(number, x, 0, thrice, PLAIN, PLAIN, PLAIN.stride(2));
  }

  /**
   * Three separable convolutions and a shortcut around them. The caller applies the ReLU at the
   * start, because it acts on the shortcut too: the published code computes it in place.
   *
   * @param first the index of the first convolution in the block's sequence: 1 after a ReLU
   */
  private static Layer block(int number, Layer x, int first, int[] channels, Kernel... kernels) {
    String name = "backbone.block" + number + ".";
    Layer y = x;
    int stride = 1;
    for (int i = 0; i < kernels.length; i++) {
      int step = first + 3 * i;
      String rep = name + "rep.";
      y = separable(rep + step, i == 0 ? y : y.relu(), channels[i], kernels[i], rep + (step + 1));
      stride *= kernels[i].horizontal().stride();
    }
    if (stride == 1 && y.channels() == x.channels()) {
      return y.plus(x);
    }
    Kernel pointwise = Kernel.of(1).stride(stride);
    return y.plus(x.convolution(name + "skip", y.channels(), pointwise).batchNorm(name + "skipbn"));
  }

  private static Layer separable(String name, Layer x, int channels, Kernel kernel, String norm) {
    return x.depthwise(name + ".conv1", kernel)
        .batchNorm(name + ".bn")
        .convolution(name + ".pointwise", channels, Kernel.of(1))
        .batchNorm(norm);
  }
}
