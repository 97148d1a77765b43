package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.NetworkOptions;
import io.github.pixelwise.network.Operation.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * ConvNeXt-T: Liu, Mao, Wu, Feichtenhofer, Darrell, Xie, "A ConvNet for the 2020s" (2022). Names
 * and arithmetic match transformers' backbone, which normalizes the result of each stage.
 */
final class ConvNext {
  private static final double EPSILON = 1e-6;
  private static final int EXPANSION = 4;
  private static final int[] CHANNELS = {96, 192, 384, 768};
  private static final int[] DEPTHS = {3, 3, 9, 3};

  private ConvNext() {}

  /** Returns the normalized results of the four stages, of strides 4 to 32. */
  static List<Layer> tiny(String name, Layer image, NetworkOptions options) {
    List<Layer> results = new ArrayList<>();
    Layer x =
        image
            .convolution(
                name + "embeddings.patch_embeddings", options.channels(CHANNELS[0]), patches(4))
            .layerNorm(name + "embeddings.layernorm", EPSILON);
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      String prefix = name + "encoder.stages.%s.".formatted(stage);
      if (stage > 0) {
        x =
            x.layerNorm(prefix + "downsampling_layer.0", EPSILON)
                .convolution(
                    prefix + "downsampling_layer.1", options.channels(CHANNELS[stage]), patches(2));
      }
      for (int block = 0; block < DEPTHS[stage]; block++) {
        x = block(prefix + "layers.%s.".formatted(block), x);
      }
      results.add(x.layerNorm(name + "hidden_states_norms.stage" + (stage + 1), EPSILON));
    }
    return results;
  }

  /** Windows that touch but do not overlap. */
  private static Kernel patches(int size) {
    return Kernel.of(size).stride(size).padding(0).withBias();
  }

  private static Layer block(String name, Layer x) {
    return x.plus(
        x.depthwise(name + "dwconv", Kernel.of(7).withBias())
            .layerNorm(name + "layernorm", EPSILON)
            .linear(name + "pwconv1", EXPANSION * x.channels())
            .activation(Activation.GELU)
            .linear(name + "pwconv2", x.channels())
            .layerScale(name + "layer_scale_parameter"));
  }

  /**
   * The prefixes of the names in mmsegmentation's checkpoints, whose backbone has the names of
   * mmpretrain, and the ones here that they stand for.
   */
  static Map<String, String> openMmLab(String name) {
    Map<String, String> names = new TreeMap<>();
    names.put(name + "downsample_layers.0.0.", name + "embeddings.patch_embeddings.");
    names.put(name + "downsample_layers.0.1.", name + "embeddings.layernorm.");
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      String own = name + "encoder.stages.%s.".formatted(stage);
      names.put(
          name + "norm%s.".formatted(stage),
          name + "hidden_states_norms.stage%s.".formatted(stage + 1));
      for (int part = 0; stage > 0 && part < 2; part++) {
        names.put(
            name + "downsample_layers.%s.%s.".formatted(stage, part),
            own + "downsampling_layer.%s.".formatted(part));
      }
      for (int block = 0; block < DEPTHS[stage]; block++) {
        String theirs = name + "stages.%s.%s.".formatted(stage, block);
        String ours = own + "layers.%s.".formatted(block);
        names.put(theirs + "depthwise_conv.", ours + "dwconv.");
        names.put(theirs + "norm.", ours + "layernorm.");
        names.put(theirs + "pointwise_conv1.", ours + "pwconv1.");
        names.put(theirs + "pointwise_conv2.", ours + "pwconv2.");
        names.put(theirs + "gamma", ours + "layer_scale_parameter");
      }
    }
    return names;
  }
}
