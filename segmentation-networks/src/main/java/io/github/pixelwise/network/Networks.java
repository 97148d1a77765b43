package io.github.pixelwise.network;

import io.github.pixelwise.internal.util.Names;
import io.github.pixelwise.network.checkpoint.WeightTensor;
import io.github.pixelwise.network.internal.architecture.BiSeNetV2;
import io.github.pixelwise.network.internal.architecture.DeepLabV3;
import io.github.pixelwise.network.internal.architecture.DeepLabV3Plus;
import io.github.pixelwise.network.internal.architecture.Fcn;
import io.github.pixelwise.network.internal.architecture.FcnResNet18;
import io.github.pixelwise.network.internal.architecture.LrAspp;
import io.github.pixelwise.network.internal.architecture.RefinedDeepLabV3Plus;
import io.github.pixelwise.network.internal.architecture.SegFormer;
import io.github.pixelwise.network.internal.architecture.SeparableResidual;
import io.github.pixelwise.network.internal.architecture.UNet;
import io.github.pixelwise.network.internal.architecture.UperNet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The built-in networks, by name. */
public final class Networks {
  private record Definition(
      String name, boolean choosesStride, Function<NetworkOptions, Network> build) {}

  private static final List<Definition> ALL =
      List.of(
          choosingStride("deeplabv3-resnet50", options -> DeepLabV3.onResNet(50, options)),
          choosingStride("deeplabv3-resnet101", options -> DeepLabV3.onResNet(101, options)),
          ofOneStride("deeplabv3-mobilenet-v3-large", DeepLabV3::onMobileNetV3),
          choosingStride("fcn-resnet50", options -> Fcn.onResNet(50, options)),
          choosingStride("fcn-resnet101", options -> Fcn.onResNet(101, options)),
          ofOneStride("lraspp-mobilenet-v3-large", LrAspp::onMobileNetV3),
          choosingStride("deeplabv3plus-xception", DeepLabV3Plus::onXception),
          choosingStride("deeplabv3plus-resnet101", DeepLabV3Plus::onResNet101),
          choosingStride("deeplabv3plus-mobilenetv2", DeepLabV3Plus::onMobileNetV2),
          ofOneStride("deeplabv3plus-mobilenetv2-refined", RefinedDeepLabV3Plus::onMobileNetV2),
          ofOneStride("unet", UNet::transposed),
          ofOneStride("unet-bilinear", UNet::bilinear),
          ofOneStride("fcn-resnet18", FcnResNet18::of),
          ofOneStride("bisenetv2", BiSeNetV2::of),
          ofOneStride("separable-residual", SeparableResidual::of),
          ofOneStride("segformer-b0", SegFormer::b0),
          ofOneStride("segformer-b1", SegFormer::b1),
          ofOneStride("segformer-b2", SegFormer::b2),
          ofOneStride("segformer-b3", SegFormer::b3),
          ofOneStride("segformer-b4", SegFormer::b4),
          ofOneStride("segformer-b5", SegFormer::b5),
          ofOneStride("upernet-convnext-tiny", UperNet::onConvNextTiny));

  private Networks() {}

  private static Definition choosingStride(String name, Function<NetworkOptions, Network> build) {
    return new Definition(name, true, build);
  }

  private static Definition ofOneStride(String name, Function<NetworkOptions, Network> build) {
    return new Definition(name, false, build);
  }

  /**
   * Returns the names of the networks.
   *
   * @return the names, in lower case with hyphens
   */
  public static List<String> names() {
    return ALL.stream().map(Definition::name).toList();
  }

  /**
   * Builds a network.
   *
   * @param name its name
   * @param options the number of classes and any differences from the published network
   * @return the network
   * @throws IllegalArgumentException if there is no network with that name, or it does not support
   *     that output stride or size; the message names the layer that does not fit
   */
  public static Network of(String name, NetworkOptions options) {
    Definition definition =
        ALL.stream()
            .filter(known -> known.name.equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no network \"%s\"%s; available networks: %s"
                            .formatted(
                                name,
                                Names.suggestion(name, names()),
                                String.join(", ", names()))));
    if (options.outputStride().isPresent() && !definition.choosesStride) {
      throw new IllegalArgumentException(
          "network %s has a fixed output stride, found %d; leave the option out"
              .formatted(name, options.outputStride().getAsInt()));
    }
    try {
      return definition.build.apply(options);
    } catch (IllegalArgumentException e) {
      if (options.size().isEmpty()) {
        throw e;
      }
      Network own =
          of(
              name,
              new NetworkOptions(
                  options.classes(), options.width(), options.outputStride(), Optional.empty()));
      throw new IllegalArgumentException(
          "network %s does not support an input of %s: %s. Its default is %s."
              .formatted(name, options.size().get(), e.getMessage(), own.input().size()),
          e);
    }
  }

  /**
   * Finds the network that a checkpoint fits, by the names and shapes of its tensors.
   *
   * @param tensors the tensors by name, as for {@link Weights#of(Network, Map)}
   * @return the network at its published width, with the checkpoint's number of classes; empty if
   *     it fits none
   */
  public static Optional<Network> fitting(Map<String, ? extends WeightTensor> tensors) {
    return KnownNetwork.of(tensors);
  }
}
