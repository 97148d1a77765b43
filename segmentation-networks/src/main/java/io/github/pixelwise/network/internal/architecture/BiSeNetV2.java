package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Operation.Activation;

/**
 * BiSeNetV2: Yu, Gao, Wang, Yu, Shen, Sang, "BiSeNet V2: Bilateral Network with Guided Aggregation
 * for Real-time Semantic Segmentation" (2020). A wide and shallow branch sees details, a narrow and
 * deep one sees what they belong to, and each guides the other where they meet. Names and
 * arithmetic match OpenMMLab's mmsegmentation; only its dropout, which drops whole channels in
 * training, is that of single numbers here.
 */
public final class BiSeNetV2 {
  /** Of the semantic branch's last grid. */
  private static final int STRIDE = 32;

  /** How many times as many channels a gather-and-expansion layer has inside. */
  private static final int EXPANSION = 6;

  /** The channels inside the auxiliary heads, which the paper calls boosters. */
  private static final int[] BOOSTERS = {16, 64, 256, 1024};

  private BiSeNetV2() {}

  public static Network of(NetworkOptions options) {
    // The paper's size for photos of Cityscapes, half of theirs. mmsegmentation trains on photos of
    // half to twice their size and tests on whole ones. At multiples of 32, all grids have constant
    // factors.
    Layer image = Photograph.input(options, SizeRule.longEdge(1024).withMultiple(STRIDE, 0));
    Layer detail = detail(image, options);
    Layer[] semantic = semantic(image, options);
    Layer context = contextEmbedding("backbone.semantic.stage4_CEBlock.", semantic[3]);
    Layer scores = head("decode_head.", guided(detail, context), 1, 1024, options);
    Network network = Network.of("bisenetv2", scores.upsampleTo(image, GridAlignment.HALF_PIXEL));
    for (int i = 0; i < semantic.length; i++) {
      String name = "auxiliary_head." + i + ".";
      network = network.withAuxiliary(head(name, semantic[i], 2, BOOSTERS[i], options));
    }
    return network;
  }

  /** The detail branch: three stages, each half the width and height of the one before. */
  private static Layer detail(Layer image, NetworkOptions options) {
    int[] published = {64, 64, 128};
    Layer x = image;
    for (int stage = 0; stage < published.length; stage++) {
      int channels = options.channels(published[stage]);
      String name = "backbone.detail.detail_branch." + stage + ".";
      x = normalized(name + 0, x, channels, Kernel.of(3).stride(2)).relu();
      for (int i = 1; i < (stage == 0 ? 2 : 3); i++) {
        x = normalized(name + i, x, channels, Kernel.of(3)).relu();
      }
    }
    return x;
  }

  /** The semantic branch: its four stages, at strides 4 to 32, before the context is embedded. */
  private static Layer[] semantic(Layer image, NetworkOptions options) {
    Layer[] stages = new Layer[4];
    stages[0] = stem("backbone.semantic.stage1.", image, options);
    for (int i = 1; i < stages.length; i++) {
      String name = "backbone.semantic.stage" + (i + 1) + ".";
      Layer x = halved(name + "0.", stages[i - 1], options.channels(16 << i));
      for (int layer = 1; layer < (i == 3 ? 4 : 2); layer++) {
        x = gatherAndExpand(name + layer + ".", x);
      }
      stages[i] = x;
    }
    return stages;
  }

  /** Shrinks the image in two ways, by convolution and by pooling, and takes both. */
  private static Layer stem(String name, Layer image, NetworkOptions options) {
    int channels = options.channels(16);
    Kernel halving = Kernel.of(3).stride(2);
    Layer first = normalized(name + "conv_first", image, channels, halving).relu();
    Layer narrow = normalized(name + "convs.0", first, options.channels(8), Kernel.of(1)).relu();
    Layer convolved = normalized(name + "convs.1", narrow, channels, halving).relu();
    Layer both = Layer.concatenate(convolved, first.maxPool(3, 2, 1));
    return normalized(name + "fuse_last", both, channels, Kernel.of(3)).relu();
  }

  /** A gather-and-expansion layer: gathers neighbors, expands each channel, and projects. */
  private static Layer gatherAndExpand(String name, Layer x) {
    Layer gathered = normalized(name + "conv1", x, x.channels(), Kernel.of(3)).relu();
    Layer expanded = expanded(name + "dwconv.0", gathered, 1).relu();
    Layer projected = normalized(name + "conv2.0", expanded, x.channels(), Kernel.of(1));
    return projected.plus(x).relu();
  }

  /** The same with half the width and height, where the shortcut is convolved, too. */
  private static Layer halved(String name, Layer x, int channels) {
    Layer gathered = normalized(name + "conv1", x, x.channels(), Kernel.of(3)).relu();
    Layer expanded = expanded(name + "dwconv.0", gathered, 2);
    Layer deepened = depthwise(name + "dwconv.1", expanded, Kernel.of(3)).relu();
    Layer projected = normalized(name + "conv2.0", deepened, channels, Kernel.of(1));
    Layer shrunk = depthwise(name + "shortcut.0.depthwise_conv", x, Kernel.of(3).stride(2));
    Layer shortcut = normalized(name + "shortcut.0.pointwise_conv", shrunk, channels, Kernel.of(1));
    return projected.plus(shortcut).relu();
  }

  /** Makes six channels of each one. */
  private static Layer expanded(String name, Layer x, int stride) {
    Kernel kernel = Kernel.of(3).stride(stride).groups(x.channels());
    return normalized(name, x, EXPANSION * x.channels(), kernel);
  }

  /** Adds what the whole image looks like to each of its places. */
  private static Layer contextEmbedding(String name, Layer x) {
    Layer whole = x.globalAveragePool().batchNorm(name + "gap.1");
    Layer context = normalized(name + "conv_gap", whole, x.channels(), Kernel.of(1)).relu();
    return normalized(name + "conv_last", x.plus(context), x.channels(), Kernel.of(3)).relu();
  }

  /**
   * Bilateral guided aggregation: weights the details by the semantics on the fine grid, the
   * semantics by the details on the coarse one, and adds both.
   */
  private static Layer guided(Layer detail, Layer semantic) {
    String name = "backbone.bga.";
    int channels = detail.channels();
    Kernel three = Kernel.of(3);
    Layer fineDetail = separable(name + "detail_dwconv.0.", detail);
    Layer coarseDetail =
        normalized(name + "detail_down.0", detail, channels, three.stride(2)).averagePool(3, 2, 1);
    Layer fineSemantic =
        normalized(name + "semantic_conv.0", semantic, channels, three)
            .upsampleTo(fineDetail, GridAlignment.HALF_PIXEL);
    Layer coarseSemantic = separable(name + "semantic_dwconv.0.", semantic);
    Layer fine = fineDetail.times(fineSemantic.activation(Activation.SIGMOID));
    Layer coarse = coarseDetail.times(coarseSemantic.activation(Activation.SIGMOID));
    Layer both = fine.plus(coarse.upsampleTo(fine, GridAlignment.HALF_PIXEL));
    return normalized(name + "conv", both, channels, three).relu();
  }

  private static Layer separable(String name, Layer x) {
    return depthwise(name + "depthwise_conv", x, Kernel.of(3))
        .convolution(name + "pointwise_conv.conv", x.channels(), Kernel.of(1).withBias());
  }

  private static Layer head(
      String name, Layer x, int convolutions, int published, NetworkOptions options) {
    int inner = options.channels(published);
    for (int i = 0; i < convolutions; i++) {
      x = normalized(name + "convs." + i, x, inner, Kernel.of(3)).relu();
    }
    return x.dropout(0.1)
        .convolution(name + "conv_seg", options.classes(), Kernel.of(1).withBias());
  }

  private static Layer depthwise(String name, Layer x, Kernel kernel) {
    return normalized(name, x, x.channels(), kernel.groups(x.channels()));
  }

  private static Layer normalized(String name, Layer x, int channels, Kernel kernel) {
    return x.convolution(name + ".conv", channels, kernel).batchNorm(name + ".bn");
  }
}
