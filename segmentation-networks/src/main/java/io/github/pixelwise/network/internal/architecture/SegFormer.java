package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Operation.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * SegFormer: Xie, Wang, Yu, Anandkumar, Alvarez, Luo, "SegFormer: Simple and Efficient Design for
 * Semantic Segmentation with Transformers" (2021). Names and arithmetic match transformers, whose
 * layer norms have PyTorch's usual epsilon.
 */
public final class SegFormer {
  private static final double EPSILON = 1e-5;
  private static final int STAGES = 4;

  /** How much wider the hidden layer of a Mix-FFN is. */
  private static final int EXPANSION = 4;

  /** By how much keys and values are reduced along each side, in each stage. */
  private static final int[] REDUCTIONS = {8, 4, 2, 1};

  private static final int[] HEADS = {1, 2, 5, 8};

  private final NetworkOptions options;

  /** The number of channels of a head, at this width. */
  private final int head;

  private final int[] depths;

  private SegFormer(NetworkOptions options, int head, int... depths) {
    this.options = options;
    this.head = options.channels(head);
    this.depths = depths;
  }

  public static Network b0(NetworkOptions options) {
    return new SegFormer(options, 32, 2, 2, 2, 2).network("segformer-b0", 256);
  }

  public static Network b1(NetworkOptions options) {
    return new SegFormer(options, 64, 2, 2, 2, 2).network("segformer-b1", 256);
  }

  public static Network b2(NetworkOptions options) {
    return new SegFormer(options, 64, 3, 4, 6, 3).network("segformer-b2", 768);
  }

  public static Network b3(NetworkOptions options) {
    return new SegFormer(options, 64, 3, 4, 18, 3).network("segformer-b3", 768);
  }

  public static Network b4(NetworkOptions options) {
    return new SegFormer(options, 64, 3, 8, 27, 3).network("segformer-b4", 768);
  }

  public static Network b5(NetworkOptions options) {
    return new SegFormer(options, 64, 3, 6, 40, 3).network("segformer-b5", 768);
  }

  /**
   * Puts the encoder and the decoder together.
   *
   * @param inner the decoder's channels as published
   */
  private Network network(String name, int inner) {
    // At multiples of 32, all grids have constant factors.
    Layer image = Photograph.input(options, SizeRule.shortEdge(512).withMultiple(32, 0));
    List<Layer> stages = new ArrayList<>();
    Layer x = image;
    for (int stage = 0; stage < STAGES; stage++) {
      x = stage(stage, x);
      stages.add(x);
    }
    Layer scores = decoder(stages, options.channels(inner));
    return Network.of(name, scores.upsampleTo(image, GridAlignment.HALF_PIXEL));
  }

  private Layer stage(int stage, Layer input) {
    String encoder = "segformer.encoder.";
    Layer x = patches(encoder + "patch_embeddings.%s.".formatted(stage), input, stage);
    for (int block = 0; block < depths[stage]; block++) {
      x = block(encoder + "block.%s.%s.".formatted(stage, block), x, stage);
    }
    return x.layerNorm(encoder + "layer_norm." + stage, EPSILON);
  }

  /** Overlapping patches: windows wider than their stride. */
  private Layer patches(String name, Layer x, int stage) {
    Kernel kernel = stage == 0 ? Kernel.of(7).stride(4) : Kernel.of(3).stride(2);
    return x.convolution(name + "proj", HEADS[stage] * head, kernel.withBias())
        .layerNorm(name + "layer_norm", EPSILON);
  }

  private static Layer block(String name, Layer x, int stage) {
    Layer attended =
        x.plus(attention(name + "attention.", x.layerNorm(name + "layer_norm_1", EPSILON), stage));
    return attended.plus(mixFfn(name + "mlp.", attended.layerNorm(name + "layer_norm_2", EPSILON)));
  }

  /** Efficient self-attention: keys and values are of a coarser grid than the queries. */
  private static Layer attention(String name, Layer x, int stage) {
    Layer coarse = reduced(name + "self.", x, REDUCTIONS[stage]);
    int channels = x.channels();
    return x.linear(name + "self.query", channels)
        .attention(
            coarse.linear(name + "self.key", channels),
            coarse.linear(name + "self.value", channels),
            HEADS[stage])
        .linear(name + "output.dense", channels);
  }

  private static Layer reduced(String name, Layer x, int reduction) {
    if (reduction == 1) {
      return x;
    }
    Kernel kernel = Kernel.of(reduction).stride(reduction).padding(0).withBias();
    return x.convolution(name + "sr", x.channels(), kernel).layerNorm(name + "layer_norm", EPSILON);
  }

  /** Mix-FFN: the zeros around the depthwise convolution's input tell where a node is. */
  private static Layer mixFfn(String name, Layer x) {
    return x.linear(name + "dense1", EXPANSION * x.channels())
        .depthwise(name + "dwconv.dwconv", Kernel.of(3).withBias())
        .activation(Activation.GELU)
        .linear(name + "dense2", x.channels());
  }

  /** The all-MLP decoder: each stage's channels are unified, upsampled to the first, and fused. */
  private Layer decoder(List<Layer> stages, int inner) {
    Layer finest = stages.get(0);
    Layer[] unified = new Layer[STAGES];
    for (int stage = 0; stage < STAGES; stage++) {
      Layer mlp = stages.get(stage).linear("decode_head.linear_c.%s.proj".formatted(stage), inner);
      unified[STAGES - 1 - stage] =
          stage == 0 ? mlp : mlp.upsampleTo(finest, GridAlignment.HALF_PIXEL);
    }
    return Layer.concatenate(unified)
        .convolution("decode_head.linear_fuse", inner, Kernel.of(1))
        .batchNorm("decode_head.batch_norm")
        .relu()
        .dropout(0.1)
        .convolution("decode_head.classifier", options.classes(), Kernel.of(1).withBias());
  }
}
