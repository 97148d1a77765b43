"""PyTorch modules of the zoo's networks, the reference for the graphs written in Java.

    python3 segmentation-networks/src/test/python/zoo_networks.py

prints every network's parameter count at width 1, and the names and shapes of its state dict.

build(name, classes, width, output_stride) makes one; the names of its state dict are those of the
checkpoints people publish. grid_scores gives the scores on the network's own grid, full_scores
those at the input's size. Images are n x 3 x h x w (separable residual network: 6 channels).

Channels. `width` is a factor on the channel counts, 1 as published:
- channels(c, width) = floor(c * width + 0.5), at least 1, on every channel count c as published (a
  bottleneck's output is channels(4 * planes), not 4 * channels(planes)): ResNets, Xception, U-Net,
  BiSeNetV2, the separable residual network, and all heads and decoders (256, 512, 128, 48, 2048).
  What is concatenated adds up: 5 * channels(256), channels(256) + channels(48).
- MobileNetV3: torchvision's rule, multiples of 8 (_mobilenet_v3_conf with width_mult), squeeze
  channels from the narrowed ones. The last layer has 6 times the last block's channels, the
  auxiliary head on it a quarter of its input (floor).
- MobileNetV2: int(c * width), at least 1; an expansion is 6 times its own narrowed input, also in
  BiSeNetV2.
- Input channels, classes, rates, strides and kernels are not scaled.
"""

import math
from collections import OrderedDict

import torch
import torchvision
from torch import nn
from torch.nn import functional as F
from torchvision.models import mobilenetv3, resnet
from torchvision.models._utils import IntermediateLayerGetter
from torchvision.models.segmentation import deeplabv3, fcn, lraspp


def channels(count, width):
    """The channels of a layer which has `count` at width 1."""
    return max(1, math.floor(count * width + 0.5))


def mobile_channels(count, width):
    """The same by MobileNetV2's rule."""
    return max(1, int(count * width))


def convolution(inputs, outputs, kernel=1, stride=1, dilation=1, groups=1):
    padding = dilation * (kernel // 2)
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False)


def thinned(network, width):
    """A ResNet of torchvision's with its channel counts multiplied."""
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Conv2d):
                inputs = 3 if child.in_channels == 3 else channels(child.in_channels, width)
                outputs = channels(child.out_channels, width)
                setattr(module, name, nn.Conv2d(inputs, outputs, child.kernel_size, child.stride,
                                                child.padding, child.dilation, bias=False))
            elif isinstance(child, nn.BatchNorm2d):
                setattr(module, name, nn.BatchNorm2d(channels(child.num_features, width)))
    return network


# torchvision's six. At width 1 they are the library's own; the narrow ones are made of its parts.


def _fcn_head(inputs, inner, classes):
    return nn.Sequential(convolution(inputs, inner, 3), nn.BatchNorm2d(inner), nn.ReLU(),
                         nn.Dropout(0.1), nn.Conv2d(inner, classes, 1))


def _deeplab_head(inputs, classes, width):
    inner = channels(256, width)
    return nn.Sequential(deeplabv3.ASPP(inputs, [12, 24, 36], inner), convolution(inner, inner, 3),
                         nn.BatchNorm2d(inner), nn.ReLU(), nn.Conv2d(inner, classes, 1))


def _narrow_resnet(name, classes, width):
    backbone = getattr(resnet, name.split("_")[1])(replace_stride_with_dilation=[False, True, True])
    backbone = IntermediateLayerGetter(thinned(backbone, width), {"layer4": "out", "layer3": "aux"})
    last, third = channels(2048, width), channels(1024, width)
    auxiliary = _fcn_head(third, channels(256, width), classes)
    if name.startswith("fcn"):
        return fcn.FCN(backbone, _fcn_head(last, channels(512, width), classes), auxiliary)
    return deeplabv3.DeepLabV3(backbone, _deeplab_head(last, classes, width), auxiliary)


def _narrow_mobilenet(name, classes, width):
    settings, last = mobilenetv3._mobilenet_v3_conf("mobilenet_v3_large", width_mult=width, dilated=True)
    network = mobilenetv3.MobileNetV3(settings, last)
    if name.startswith("lraspp"):
        features = network.features
        backbone = IntermediateLayerGetter(features, {"4": "low", "16": "high"})
        return lraspp.LRASPP(backbone, features[4].out_channels, features[16].out_channels, classes,
                             channels(128, width))
    network = deeplabv3._deeplabv3_mobilenetv3(network, classes, True)
    last = network.backbone["16"].out_channels
    network.classifier = _deeplab_head(last, classes, width)
    return network


def _torchvision(name, classes, width):
    if width == 1:
        auxiliary = {} if name.startswith("lraspp") else {"aux_loss": True}
        make = getattr(torchvision.models.segmentation, name)
        return make(weights=None, weights_backbone=None, num_classes=classes, **auxiliary)
    return (_narrow_resnet if "resnet" in name else _narrow_mobilenet)(name, classes, width)


# DeepLabV3+: names and arithmetic of the checkpoints of jfzhang95/pytorch-deeplab-xception.


class SeparableConvolution(nn.Module):
    """A depthwise convolution, batch norm, and a 1x1 convolution: no activation within."""

    def __init__(self, inputs, outputs, stride=1, dilation=1):
        super().__init__()
        self.conv1 = convolution(inputs, inputs, 3, stride, dilation, inputs)
        self.bn = nn.BatchNorm2d(inputs)
        self.pointwise = convolution(inputs, outputs)

    def forward(self, x):
        return self.pointwise(self.bn(self.conv1(x)))


class XceptionBlock(nn.Module):
    """Separable convolutions with batch norm, a ReLU before each, and a shortcut around them.

    The block's first ReLU also acts on what the shortcut takes (the published code does it in
    place), and is missing where `starts_with_relu` is false.
    """

    def __init__(self, inputs, separables, starts_with_relu=True, stride=1):
        super().__init__()
        outputs = separables[-1].pointwise.out_channels
        self.starts_with_relu = starts_with_relu
        self.skip = None
        if outputs != inputs or stride != 1:
            self.skip = convolution(inputs, outputs, 1, stride)
            self.skipbn = nn.BatchNorm2d(outputs)
        layers = []
        for separable in separables:
            layers += [nn.ReLU(), separable, nn.BatchNorm2d(separable.pointwise.out_channels)]
        self.rep = nn.Sequential(*layers[0 if starts_with_relu else 1:])

    def forward(self, x):
        if self.starts_with_relu:
            x = F.relu(x)
        shortcut = x if self.skip is None else self.skipbn(self.skip(x))
        return self.rep(x) + shortcut


class Xception(nn.Module):
    """The modified, aligned Xception with a middle flow of 16 blocks."""

    def __init__(self, width, output_stride):
        super().__init__()
        c32, c64, c128, c256, c728, c1024, c1536, c2048 = (
            channels(c, width) for c in (32, 64, 128, 256, 728, 1024, 1536, 2048))
        separable = SeparableConvolution
        stride, middle, exit = (2, 1, (1, 2)) if output_stride == 16 else (1, 2, (2, 4))
        self.conv1, self.bn1 = convolution(3, c32, 3, 2), nn.BatchNorm2d(c32)
        self.conv2, self.bn2 = convolution(c32, c64, 3), nn.BatchNorm2d(c64)
        for number, (inputs, outputs, down) in enumerate(
                [(c64, c128, 2), (c128, c256, 2), (c256, c728, stride)], 1):
            block = [separable(inputs, outputs), separable(outputs, outputs),
                     separable(outputs, outputs, down)]
            self.add_module(f"block{number}", XceptionBlock(inputs, block, number == 3, down))
        for number in range(4, 20):
            block = [separable(c728, c728, dilation=middle) for _ in range(3)]
            self.add_module(f"block{number}", XceptionBlock(c728, block))
        self.block20 = XceptionBlock(c728, [separable(c728, c728, dilation=exit[0]),
                                            separable(c728, c1024, dilation=exit[0]),
                                            separable(c1024, c1024)])
        for number, (inputs, outputs) in enumerate(
                [(c1024, c1536), (c1536, c1536), (c1536, c2048)], 3):
            self.add_module(f"conv{number}", separable(inputs, outputs, dilation=exit[1]))
            self.add_module(f"bn{number}", nn.BatchNorm2d(outputs))
        self.low_channels, self.high_channels = c128, c2048

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        low = x = F.relu(self.block1(x))
        for number in range(2, 21):
            x = getattr(self, f"block{number}")(x)
        x = F.relu(x)
        for number in (3, 4, 5):
            x = F.relu(getattr(self, f"bn{number}")(getattr(self, f"conv{number}")(x)))
        return x, low


class DilatedResNet101(nn.Module):
    """ResNet-101 with dilations 1, 2, 4 within the fourth layer, times that layer's own."""

    def __init__(self, width, output_stride):
        super().__init__()
        whole = thinned(resnet.resnet101(
            replace_stride_with_dilation=[False, output_stride == 8, True]), width)
        for name, child in list(whole.named_children())[:-2]:
            self.add_module(name, child)
        if output_stride == 8:
            self._dilate(self.layer3, [2] * 23)
        self._dilate(self.layer4, [16 // output_stride * 2 * grid for grid in (1, 2, 4)])
        self.low_channels, self.high_channels = channels(256, width), channels(2048, width)

    @staticmethod
    def _dilate(layer, dilations):
        for block, dilation in zip(layer, dilations):
            block.conv2.dilation = block.conv2.padding = (dilation, dilation)

    def forward(self, x):
        low = self.layer1(self.maxpool(self.relu(self.bn1(self.conv1(x)))))
        return self.layer4(self.layer3(self.layer2(low))), low


class PaddedInvertedResidual(nn.Module):
    """MobileNetV2's block, padded before its 1x1 expansion instead of before the depthwise layer.

    So what surrounds the depthwise convolution is relu6(batch norm(0)), not 0.
    """

    def __init__(self, inputs, outputs, stride, dilation, expansion):
        super().__init__()
        hidden = expansion * inputs
        layers = []
        if expansion != 1:
            layers += [convolution(inputs, hidden), nn.BatchNorm2d(hidden), nn.ReLU6()]
        depthwise = nn.Conv2d(hidden, hidden, 3, stride, 0, dilation, hidden, bias=False)
        layers += [depthwise, nn.BatchNorm2d(hidden), nn.ReLU6()]
        layers += [convolution(hidden, outputs), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*layers)
        self.adds = stride == 1 and inputs == outputs
        self.padding = [dilation] * 4

    def forward(self, x):
        y = self.conv(F.pad(x, self.padding))
        return x + y if self.adds else y


# Expansion, channels, blocks and stride of MobileNetV2's seven stages.
MOBILE_STAGES = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                 (6, 160, 3, 2), (6, 320, 1, 1)]


class PaddedMobileNetV2(nn.Module):
    """MobileNetV2 with its layers in the state dict twice: in `features` and in one of its parts."""

    def __init__(self, width, output_stride):
        super().__init__()
        inputs = mobile_channels(32, width)
        layers = [nn.Sequential(convolution(3, inputs, 3, 2), nn.BatchNorm2d(inputs), nn.ReLU6())]
        reached, rate = 2, 1
        for expansion, count, blocks, stride in MOBILE_STAGES:
            # A stride that would go too far becomes a dilation, of the layers after this stage.
            dilation = 1
            if reached == output_stride:
                dilation, rate, stride = rate, rate * stride, 1
            reached *= stride
            outputs = mobile_channels(count, width)
            for block in range(blocks):
                layers.append(PaddedInvertedResidual(inputs, outputs, stride if block == 0 else 1,
                                                     dilation, expansion))
                inputs = outputs
        self.features = nn.Sequential(*layers)
        self.low_level_features = self.features[:4]
        self.high_level_features = self.features[4:]
        self.low_channels, self.high_channels = mobile_channels(24, width), inputs

    def forward(self, x):
        low = self.low_level_features(x)
        return self.high_level_features(low), low


class AtrousBranch(nn.Module):
    def __init__(self, inputs, outputs, kernel, dilation):
        super().__init__()
        self.atrous_conv = convolution(inputs, outputs, kernel, dilation=dilation)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.bn(self.atrous_conv(x)))


class AtrousPyramid(nn.Module):
    """Rates 6, 12, 18 at output stride 16, twice those at 8; the fifth branch is the average."""

    def __init__(self, inputs, width, output_stride):
        super().__init__()
        inner, rate = channels(256, width), 96 // output_stride
        self.aspp1 = AtrousBranch(inputs, inner, 1, 1)
        self.aspp2 = AtrousBranch(inputs, inner, 3, rate)
        self.aspp3 = AtrousBranch(inputs, inner, 3, 2 * rate)
        self.aspp4 = AtrousBranch(inputs, inner, 3, 3 * rate)
        self.global_avg_pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), convolution(inputs, inner),
                                             nn.BatchNorm2d(inner), nn.ReLU())
        self.conv1, self.bn1 = convolution(5 * inner, inner), nn.BatchNorm2d(inner)

    def forward(self, x):
        branches = [self.aspp1(x), self.aspp2(x), self.aspp3(x), self.aspp4(x)]
        branches.append(self.global_avg_pool(x).expand_as(branches[0]))
        return F.relu(self.bn1(self.conv1(torch.cat(branches, 1))))


class Decoder(nn.Module):
    def __init__(self, low_channels, classes, width):
        super().__init__()
        inner, low = channels(256, width), channels(48, width)
        self.conv1, self.bn1 = convolution(low_channels, low), nn.BatchNorm2d(low)
        self.last_conv = nn.Sequential(
            convolution(inner + low, inner, 3), nn.BatchNorm2d(inner), nn.ReLU(), nn.Dropout(0.5),
            convolution(inner, inner, 3), nn.BatchNorm2d(inner), nn.ReLU(), nn.Dropout(0.1),
            nn.Conv2d(inner, classes, 1))

    def forward(self, x, low):
        low = F.relu(self.bn1(self.conv1(low)))
        return self.last_conv(torch.cat((aligned(x, low.shape[2:]), low), 1))


def aligned(x, size):
    return F.interpolate(x, tuple(size), mode="bilinear", align_corners=True)


def half_pixel(x, size):
    return F.interpolate(x, tuple(size), mode="bilinear", align_corners=False)


class DeepLabV3Plus(nn.Module):
    """DeepLabV3+ whose up-sampling, inner and last, aligns the corners."""

    def __init__(self, backbone, classes, width, output_stride):
        super().__init__()
        self.backbone = backbone(width, output_stride)
        self.aspp = AtrousPyramid(self.backbone.high_channels, width, output_stride)
        self.decoder = Decoder(self.backbone.low_channels, classes, width)

    def grid(self, x):
        high, low = self.backbone(x)
        return self.decoder(self.aspp(high), low)

    def forward(self, x):
        return aligned(self.grid(x), x.shape[2:])


# The embedded model.


class FoldedBottleneck(nn.Module):
    """torchvision's InvertedResidual with batch norm folded into its convolutions."""

    def __init__(self, inputs, outputs, stride, dilation, expansion):
        super().__init__()
        self.joined = stride == 1 and inputs == outputs
        inner = inputs * expansion
        layers = [] if expansion == 1 else [nn.Sequential(nn.Conv2d(inputs, inner, 1), nn.ReLU6())]
        depthwise = nn.Conv2d(inner, inner, 3, stride, dilation, dilation, inner)
        self.conv = nn.Sequential(
            *layers, nn.Sequential(depthwise, nn.ReLU6()), nn.Conv2d(inner, outputs, 1))

    def forward(self, x):
        return x + self.conv(x) if self.joined else self.conv(x)


class Separable(nn.Module):
    def __init__(self, inputs, outputs, dilation=1):
        super().__init__()
        self.depthwise = nn.Conv2d(inputs, inputs, 3, 1, dilation, dilation, inputs)
        self.pointwise = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x):
        return F.relu(self.pointwise(F.relu(self.depthwise(x))))


class RefinedDeepLabV3Plus(nn.Module):
    """DeepLabV3 on MobileNetV2, and a decoder that refines its scores; sides 16 k + 1.

    Block 14 has lost its stride, the depthwise layers after it (blocks 15 to 17) have dilation 2.
    """

    def __init__(self, classes, width):
        super().__init__()
        inputs = mobile_channels(32, width)
        layers = [nn.Sequential(nn.Conv2d(3, inputs, 3, 2, 1), nn.ReLU6())]
        for number, (expansion, count, blocks, stride) in enumerate(MOBILE_STAGES):
            outputs = mobile_channels(count, width)
            for block in range(blocks):
                layers.append(FoldedBottleneck(
                    inputs, outputs, stride if block == 0 and number != 5 else 1,
                    2 if len(layers) > 14 else 1, expansion))
                inputs = outputs
        self.backbone = nn.Sequential(*layers)
        wide, inner, distant = channels(256, width), channels(128, width), channels(96, width)
        self.aspp = nn.ModuleDict({
            "image": nn.Conv2d(inputs, wide, 1), "near": nn.Conv2d(inputs, wide, 1),
            "far": nn.ModuleList(Separable(inputs, distant, rate) for rate in (6, 12, 18))})
        self.project = nn.Conv2d(2 * wide + 3 * distant, wide, 1)
        self.coarse = nn.Conv2d(wide, classes, 1)
        self.reduce = nn.Conv2d(wide, inner, 1)
        detail = channels(48, width)
        self.low = nn.Conv2d(mobile_channels(24, width), detail, 1)
        self.refine = nn.Sequential(Separable(inner + detail, inner), Separable(inner, inner))
        self.fine = nn.Conv2d(inner, classes, 1)

    def grid(self, x):
        low = self.backbone[:4](x)
        x = self.backbone[4:](low)
        near = F.relu(self.aspp["near"](x))
        image = F.relu(self.aspp["image"](x.mean((2, 3), True))).expand_as(near)
        x = F.relu(self.project(torch.cat((image, near, *(far(x) for far in self.aspp["far"])), 1)))
        reduced = aligned(F.relu(self.reduce(x)), low.shape[2:])
        fine = self.fine(self.refine(torch.cat((reduced, F.relu(self.low(low))), 1)))
        return aligned(self.coarse(x), low.shape[2:]) + fine

    def forward(self, x):
        return aligned(self.grid(x), x.shape[2:])


# BiSeNetV2: names and arithmetic of the checkpoints of OpenMMLab's mmsegmentation.


class Normalized(nn.Module):
    """A convolution and batch norm, and a ReLU if it is asked for: mmcv's ConvModule."""

    def __init__(self, inputs, outputs, kernel=3, stride=1, groups=1, relu=True):
        super().__init__()
        self.conv = convolution(inputs, outputs, kernel, stride, groups=groups)
        self.bn = nn.BatchNorm2d(outputs)
        self.relu = relu

    def forward(self, x):
        x = self.bn(self.conv(x))
        return F.relu(x) if self.relu else x


class BareConvolution(nn.Module):
    """A 1x1 convolution with a bias: mmcv's ConvModule without norm and activation."""

    def __init__(self, count):
        super().__init__()
        self.conv = nn.Conv2d(count, count, 1)

    def forward(self, x):
        return self.conv(x)


def depthwise(count, stride=1, relu=False):
    return Normalized(count, count, 3, stride, count, relu)


def separable(first, second):
    return nn.Sequential(nn.Sequential(OrderedDict(depthwise_conv=first, pointwise_conv=second)))


class Stem(nn.Module):
    def __init__(self, width):
        super().__init__()
        c8, c16 = channels(8, width), channels(16, width)
        self.conv_first = Normalized(3, c16, stride=2)
        self.convs = nn.Sequential(Normalized(c16, c8, 1), Normalized(c8, c16, stride=2))
        self.fuse_last = Normalized(2 * c16, c16)

    def forward(self, x):
        x = self.conv_first(x)
        return self.fuse_last(torch.cat((self.convs(x), F.max_pool2d(x, 3, 2, 1)), 1))


class GatherExpansion(nn.Module):
    """Expands each channel sixfold; where the grid is halved, the shortcut is convolved."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        inner = 6 * inputs
        self.conv1 = Normalized(inputs, inputs)
        if stride == 1:
            self.dwconv = nn.Sequential(Normalized(inputs, inner, groups=inputs))
            self.shortcut = nn.Sequential()
        else:
            self.dwconv = nn.Sequential(Normalized(inputs, inner, 3, stride, inputs, False),
                                        depthwise(inner, relu=True))
            self.shortcut = separable(depthwise(inputs, stride),
                                      Normalized(inputs, outputs, 1, relu=False))
        self.conv2 = nn.Sequential(Normalized(inner, outputs, 1, relu=False))

    def forward(self, x):
        return F.relu(self.conv2(self.dwconv(self.conv1(x))) + self.shortcut(x))


class ContextEmbedding(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.gap = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.BatchNorm2d(count))
        self.conv_gap = Normalized(count, count, 1)
        self.conv_last = Normalized(count, count)

    def forward(self, x):
        return self.conv_last(x + self.conv_gap(self.gap(x)))


class GuidedAggregation(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.detail_dwconv = separable(depthwise(count), BareConvolution(count))
        self.detail_down = nn.Sequential(Normalized(count, count, stride=2, relu=False),
                                         nn.AvgPool2d(3, 2, 1))
        self.semantic_conv = nn.Sequential(Normalized(count, count, relu=False))
        self.semantic_dwconv = separable(depthwise(count), BareConvolution(count))
        self.conv = Normalized(count, count)

    def forward(self, detail, semantic):
        weights = half_pixel(self.semantic_conv(semantic), detail.shape[2:])
        fine = self.detail_dwconv(detail) * torch.sigmoid(weights)
        coarse = self.detail_down(detail) * torch.sigmoid(self.semantic_dwconv(semantic))
        return self.conv(fine + half_pixel(coarse, fine.shape[2:]))


class Bilateral(nn.Module):
    """Both branches and their aggregation: its output, and those of the semantic stages."""

    def __init__(self, width):
        super().__init__()
        self.detail = nn.Module()
        self.detail.detail_branch = nn.ModuleList()
        inputs = 3
        for count, layers in ((64, 2), (64, 3), (128, 3)):
            outputs = channels(count, width)
            stage = [Normalized(inputs, outputs, stride=2)]
            stage += [Normalized(outputs, outputs) for _ in range(layers - 1)]
            self.detail.detail_branch.append(nn.Sequential(*stage))
            inputs = outputs
        self.semantic = nn.Module()
        self.semantic.stage1 = Stem(width)
        inputs = channels(16, width)
        for number, (count, layers) in enumerate(((32, 2), (64, 2), (128, 4)), 2):
            outputs = channels(count, width)
            stage = [GatherExpansion(inputs, outputs, 2)]
            stage += [GatherExpansion(outputs, outputs, 1) for _ in range(layers - 1)]
            self.semantic.add_module(f"stage{number}", nn.Sequential(*stage))
            inputs = outputs
        self.semantic.stage4_CEBlock = ContextEmbedding(inputs)
        self.bga = GuidedAggregation(inputs)

    def forward(self, x):
        detail, stages = x, []
        for stage in self.detail.detail_branch:
            detail = stage(detail)
        for number in range(1, 5):
            x = getattr(self.semantic, f"stage{number}")(x)
            stages.append(x)
        return self.bga(detail, self.semantic.stage4_CEBlock(x)), stages


class FcnHead(nn.Module):
    def __init__(self, inputs, inner, layers, classes):
        super().__init__()
        self.convs = nn.Sequential(
            *(Normalized(inputs if number == 0 else inner, inner) for number in range(layers)))
        self.conv_seg = nn.Conv2d(inner, classes, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x):
        return self.conv_seg(self.dropout(self.convs(x)))


class BiSeNetV2(nn.Module):
    """With the four heads that only training uses."""

    def __init__(self, classes, width):
        super().__init__()
        self.backbone = Bilateral(width)
        self.decode_head = FcnHead(channels(128, width), channels(1024, width), 1, classes)
        self.auxiliary_head = nn.ModuleList(
            FcnHead(channels(count, width), channels(inner, width), 2, classes)
            for count, inner in ((16, 16), (32, 64), (64, 256), (128, 1024)))

    def grid(self, x):
        return self.decode_head(self.backbone(x)[0])

    def forward(self, x):
        features, stages = self.backbone(x)
        scores = half_pixel(self.decode_head(features), x.shape[2:])
        auxiliary = [half_pixel(head(stage), x.shape[2:])
                     for head, stage in zip(self.auxiliary_head, stages)]
        return {"out": scores, "aux": auxiliary}


# Networks whose scores have the input's size.


class DoubleConvolution(nn.Module):
    def __init__(self, inputs, outputs, inner=None):
        super().__init__()
        inner = inner or outputs
        self.double_conv = nn.Sequential(
            convolution(inputs, inner, 3), nn.BatchNorm2d(inner), nn.ReLU(),
            convolution(inner, outputs, 3), nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, x):
        return self.double_conv(x)


class Down(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConvolution(inputs, outputs))

    def forward(self, x):
        return self.maxpool_conv(x)


class Up(nn.Module):
    def __init__(self, below, skip, outputs, bilinear):
        super().__init__()
        if bilinear:
            # Without a layer that narrows it, what comes from below is as wide as the skip.
            self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
            self.conv = DoubleConvolution(2 * skip, outputs, skip)
        else:
            self.up = nn.ConvTranspose2d(below, skip, 2, 2)
            self.conv = DoubleConvolution(2 * skip, outputs)

    def forward(self, x, skip):
        return self.conv(torch.cat((skip, self.up(x)), 1))


class OutConvolution(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.conv = nn.Conv2d(inputs, classes, 1)

    def forward(self, x):
        return self.conv(x)


class UNet(nn.Module):
    """U-Net of milesial/Pytorch-UNet's names; sides are multiples of 16.

    The bilinear variant halves the channels of what goes into an up-sampling: 512 at the bottom,
    then 256, 128, 64 and, last, 64.
    """

    def __init__(self, classes, width, bilinear):
        super().__init__()
        wide = [channels(c, width) for c in (64, 128, 256, 512, 1024)]
        if bilinear:
            wide[4] = wide[3]
        self.inc = DoubleConvolution(3, wide[0])
        below = wide[4]
        for level in range(1, 5):
            self.add_module(f"down{level}", Down(wide[level - 1], wide[level]))
        for number, level in enumerate((3, 2, 1, 0), 1):
            outputs = wide[max(0, level - 1)] if bilinear else wide[level]
            self.add_module(f"up{number}", Up(below, wide[level], outputs, bilinear))
            below = outputs
        self.outc = OutConvolution(wide[0], classes)

    def forward(self, x):
        skips = [self.inc(x)]
        for level in range(1, 5):
            skips.append(getattr(self, f"down{level}")(skips[-1]))
        x = skips.pop()
        for number in range(1, 5):
            x = getattr(self, f"up{number}")(x, skips.pop())
        return self.outc(x)


def fcn_resnet18(classes, width):
    """The FCN of d2l.ai on torchvision's ResNet-18; sides are multiples of 32."""
    backbone = thinned(resnet.resnet18(), width)
    network = nn.Sequential(*list(backbone.children())[:-2])
    network.add_module("final_conv", nn.Conv2d(channels(512, width), classes, 1))
    transposed = nn.ConvTranspose2d(classes, classes, 64, 32, 16)
    ramp = 1 - (torch.arange(64) - 31.5).abs() / 32
    with torch.no_grad():
        transposed.weight.zero_()
        transposed.weight[range(classes), range(classes)] = ramp[:, None] * ramp
    network.add_module("transpose_conv", transposed)
    return network


class SeparableNorm(nn.Module):
    """Depthwise 3x3 without bias, 1x1 with bias, batch norm."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.depthwise = convolution(inputs, inputs, 3, groups=inputs)
        self.pointwise = nn.Conv2d(inputs, outputs, 1)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.bn(self.pointwise(self.depthwise(x)))


class SeparableResidual(nn.Module):
    """Three separable convolutions (the first widens) with ELU, plus one around them, then ReLU."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.separable = nn.ModuleList(SeparableNorm(inputs if number == 0 else outputs, outputs)
                                       for number in range(3))
        self.shortcut = SeparableNorm(inputs, outputs)

    def forward(self, x):
        shortcut = self.shortcut(x)
        for separable in self.separable:
            x = F.elu(separable(x))
        return F.relu(x + shortcut)


class SeparableResidualNetwork(nn.Module):
    """The network of the CamVid tutorial: 6 x 224 x 224 to probabilities of the same size."""

    def __init__(self, classes, width):
        super().__init__()
        wide = [channels(c, width) for c in (16, 32, 64, 96, 128)]
        dense = channels(2048, width)
        self.conv = nn.Conv2d(6, wide[0], 3, padding=1)
        self.bn = nn.BatchNorm2d(wide[0])
        self.blocks = nn.ModuleList(map(SeparableResidual, wide, wide[1:]))
        self.conv6 = nn.Conv2d(wide[4], dense, 7, padding=3)
        self.conv7 = nn.Conv2d(dense, dense, 1)
        self.up7 = nn.ConvTranspose2d(dense, classes, 4, 4, bias=False)
        self.score4 = nn.Conv2d(wide[3], classes, 1)
        self.up4 = nn.ConvTranspose2d(classes, classes, 2, 2, bias=False)
        self.score3 = nn.Conv2d(wide[2], classes, 1)
        self.up = nn.ConvTranspose2d(classes, classes, 8, 8, bias=False)

    def forward(self, x):
        x = F.max_pool2d(F.elu(self.bn(self.conv(x))), 2)
        pools = [x]
        for block in self.blocks:
            pools.append(F.max_pool2d(block(pools[-1]), 2))
        x = self.up7(F.relu(self.conv7(F.relu(self.conv6(pools[4])))))
        x = x + self.up4(F.relu(self.score4(pools[3]))) + F.relu(self.score3(pools[2]))
        return self.up(x).softmax(1)


TORCHVISION = ["deeplabv3_resnet50", "deeplabv3_resnet101", "fcn_resnet50", "fcn_resnet101",
               "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large"]
PLUS_BACKBONES = {"deeplabv3plus_xception": Xception, "deeplabv3plus_resnet101": DilatedResNet101,
                  "deeplabv3plus_mobilenetv2": PaddedMobileNetV2}
NAMES = [*TORCHVISION, *PLUS_BACKBONES, "deeplabv3plus_mobilenetv2_refined", "unet", "unet_bilinear",
         "fcn_resnet18", "bisenetv2", "separable_residual"]


def build(name, classes, width=1, output_stride=16):
    """A network in inference mode; only those of PLUS_BACKBONES have a choice of output stride."""
    if name in TORCHVISION:
        network = _torchvision(name, classes, width)
    elif name in PLUS_BACKBONES:
        network = DeepLabV3Plus(PLUS_BACKBONES[name], classes, width, output_stride)
    elif name == "deeplabv3plus_mobilenetv2_refined":
        network = RefinedDeepLabV3Plus(classes, width)
    elif name in ("unet", "unet_bilinear"):
        network = UNet(classes, width, name == "unet_bilinear")
    elif name == "fcn_resnet18":
        network = fcn_resnet18(classes, width)
    elif name == "bisenetv2":
        network = BiSeNetV2(classes, width)
    else:
        network = SeparableResidualNetwork(classes, width)
    return network.eval()


def ends_at_input_size(network):
    return isinstance(network, (UNet, SeparableResidualNetwork, nn.Sequential))


def grid_scores(network, images):
    """What the network computes before its last up-sampling."""
    if hasattr(network, "grid"):
        return network.grid(images)
    if ends_at_input_size(network):
        return network(images)
    features = network.backbone(images)
    return network.classifier(features if isinstance(network, lraspp.LRASPP) else features["out"])


def full_scores(network, images):
    """The network's output at the images' size."""
    scores = network(images)
    return scores["out"] if isinstance(scores, dict) else scores


def main():
    for name in NAMES:
        network = build(name, 12 if name == "separable_residual" else 21)
        count = sum(parameter.numel() for parameter in network.parameters())
        print(f"== {name} {count:,} parameters")
        for key, value in network.state_dict().items():
            print(key, "x".join(map(str, value.shape)) or "scalar")


if __name__ == "__main__":
    main()
