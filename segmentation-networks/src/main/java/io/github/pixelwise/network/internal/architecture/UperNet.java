package io.github.pixelwise.network.internal.architecture;

import io.github.pixelwise.model.GridAlignment;
import io.github.pixelwise.model.SizeRule;
import io.github.pixelwise.network.Kernel;
import io.github.pixelwise.network.Layer;
import io.github.pixelwise.network.Network;
import io.github.pixelwise.network.NetworkOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * UPerNet: Xiao, Liu, Zhou, Jiang, Sun, "Unified Perceptual Parsing for Scene Understanding"
 * (2018). Names and arithmetic match transformers. Checkpoints of mmsegmentation, from which those
 * were made, fit as well.
 */
public final class UperNet {
  private static final int[] POOLS = {1, 2, 3, 6};

  private UperNet() {}

  public static Network onConvNextTiny(NetworkOptions options) {
    // At multiples of 32, all grids have constant factors.
    Layer image = Photograph.input(options, SizeRule.shortEdge(512).withMultiple(32, 0));
    List<Layer> stages = ConvNext.tiny("backbone.", image, options);
    Layer scores = head("decode_head.", stages, options);
    Layer auxiliary = auxiliary("auxiliary_head.", stages.get(2), options);
    return Network.of("upernet-convnext-tiny", scores.upsampleTo(image, GridAlignment.HALF_PIXEL))
        .withAuxiliary(auxiliary.upsampleTo(image, GridAlignment.HALF_PIXEL))
        .withAliases(openMmLab());
  }

  private static Layer head(String name, List<Layer> stages, NetworkOptions options) {
    int inner = options.channels(512);
    int top = stages.size() - 1;
    Layer[] pyramid = new Layer[stages.size()];
    pyramid[top] = pooled(name, stages.get(top), inner);
    for (int i = top - 1; i >= 0; i--) {
      Layer lateral = block(name + "lateral_convs.%s.".formatted(i), stages.get(i), inner, 1);
      pyramid[i] = lateral.plus(pyramid[i + 1].upsampleTo(lateral, GridAlignment.HALF_PIXEL));
    }
    Layer[] levels = pyramid.clone();
    for (int i = 0; i < top; i++) {
      levels[i] = block(name + "fpn_convs.%s.".formatted(i), pyramid[i], inner, 3);
    }
    for (int i = 1; i <= top; i++) {
      levels[i] = levels[i].upsampleTo(levels[0], GridAlignment.HALF_PIXEL);
    }
    return block(name + "fpn_bottleneck.", Layer.concatenate(levels), inner, 3)
        .dropout(0.1)
        .convolution(name + "classifier", options.classes(), Kernel.of(1).withBias());
  }

  /** The pyramid pooling module of PSPNet: the means of coarser and coarser grids. */
  private static Layer pooled(String name, Layer x, int inner) {
    List<Layer> parts = new ArrayList<>();
    parts.add(x);
    for (int i = 0; i < POOLS.length; i++) {
      Layer cells = POOLS[i] == 1 ? x.globalAveragePool() : x.averagePoolTo(POOLS[i]);
      parts.add(
          block(name + "psp_modules.%s.1.".formatted(i), cells, inner, 1)
              .upsampleTo(x, GridAlignment.HALF_PIXEL));
    }
    return block(name + "bottleneck.", Layer.concatenate(parts.toArray(new Layer[0])), inner, 3);
  }

  private static Layer auxiliary(String name, Layer x, NetworkOptions options) {
    return block(name + "convs.0.", x, options.channels(256), 3)
        .dropout(0.1)
        .convolution(name + "classifier", options.classes(), Kernel.of(1).withBias());
  }

  private static Layer block(String name, Layer x, int channels, int size) {
    return x.convolution(name + "conv", channels, Kernel.of(size))
        .batchNorm(name + "batch_norm")
        .relu();
  }

  /** mmsegmentation's names by prefix. */
  private static Map<String, String> openMmLab() {
    Map<String, String> names = new TreeMap<>(ConvNext.openMmLab("backbone."));
    List<String> blocks = new ArrayList<>(List.of("bottleneck", "fpn_bottleneck"));
    for (int i = 0; i < POOLS.length; i++) {
      blocks.add("psp_modules.%s.1".formatted(i));
      blocks.add("lateral_convs." + i);
      blocks.add("fpn_convs." + i);
    }
    blocks.forEach(
        block ->
            names.put(
                "decode_head.%s.bn.".formatted(block),
                "decode_head.%s.batch_norm.".formatted(block)));
    names.put("decode_head.conv_seg.", "decode_head.classifier.");
    names.put("auxiliary_head.convs.0.bn.", "auxiliary_head.convs.0.batch_norm.");
    names.put("auxiliary_head.conv_seg.", "auxiliary_head.classifier.");
    return names;
  }
}
