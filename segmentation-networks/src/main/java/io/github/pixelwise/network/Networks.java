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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The built-in networks, by name. */
public final class Networks {
  /**
   * How a network is built.
   *
   * @param mark a part of names in its checkpoints, which few other networks have
   */
  private record Definition(
      String name, String mark, boolean choosesStride, Function<NetworkOptions, Network> build) {}

  private static final List<Definition> ALL =
      List.of(
          choosingStride("deeplabv3-resnet50", "conv3", options -> DeepLabV3.onResNet(50, options)),
          choosingStride(
              "deeplabv3-resnet101", "conv3", options -> DeepLabV3.onResNet(101, options)),
          ofOneStride("deeplabv3-mobilenet-v3-large", "fc1", DeepLabV3::onMobileNetV3),
          choosingStride("fcn-resnet50", "conv3", options -> Fcn.onResNet(50, options)),
          choosingStride("fcn-resnet101", "conv3", options -> Fcn.onResNet(101, options)),
          ofOneStride("lraspp-mobilenet-v3-large", "fc1", LrAspp::onMobileNetV3),
          choosingStride("deeplabv3plus-xception", "atrous_conv", DeepLabV3Plus::onXception),
          choosingStride("deeplabv3plus-resnet101", "atrous_conv", DeepLabV3Plus::onResNet101),
          choosingStride("deeplabv3plus-mobilenetv2", "atrous_conv", DeepLabV3Plus::onMobileNetV2),
          ofOneStride(
              "deeplabv3plus-mobilenetv2-refined", "coarse", RefinedDeepLabV3Plus::onMobileNetV2),
          ofOneStride("unet", "double_conv", UNet::transposed),
          ofOneStride("unet-bilinear", "double_conv", UNet::bilinear),
          ofOneStride("fcn-resnet18", "final_conv", FcnResNet18::of),
          ofOneStride("bisenetv2", "conv_first", BiSeNetV2::of),
          ofOneStride("separable-residual", "shortcut", SeparableResidual::of),
          ofOneStride("segformer-b0", "linear_fuse", SegFormer::b0),
          ofOneStride("segformer-b1", "linear_fuse", SegFormer::b1),
          ofOneStride("segformer-b2", "linear_fuse", SegFormer::b2),
          ofOneStride("segformer-b3", "linear_fuse", SegFormer::b3),
          ofOneStride("segformer-b4", "linear_fuse", SegFormer::b4),
          ofOneStride("segformer-b5", "linear_fuse", SegFormer::b5),
          ofOneStride("upernet-convnext-tiny", "psp_modules", UperNet::onConvNextTiny));

  private Networks() {}

  private static Definition choosingStride(
      String name, String mark, Function<NetworkOptions, Network> build) {
    return new Definition(name, mark, true, build);
  }

  private static Definition ofOneStride(
      String name, String mark, Function<NetworkOptions, Network> build) {
    return new Definition(name, mark, false, build);
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
   * Returns the names of the networks that tensors may belong to, without building any.
   *
   * @param tensors the names of the tensors
   */
  static List<String> candidates(Set<String> tensors) {
    Set<String> parts =
        tensors.stream()
            .flatMap(name -> Stream.of(name.split("\\.", -1)))
            .collect(Collectors.toSet());
    return ALL.stream().filter(known -> parts.contains(known.mark)).map(Definition::name).toList();
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
