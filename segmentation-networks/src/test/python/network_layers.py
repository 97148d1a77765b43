"""Writes what PyTorch's networks are made of, for NetworkLayersTest.

    python3 segmentation-networks/src/test/python/network_layers.py

makes layers.txt.gz in the test resources (torch 1.13, torchvision 0.14): for each network and
variant a line

    == name classes width output_stride image_width image_height parameters multiply_adds

and one line for each layer with parameters, in no particular order: its name, its entries in the
state dict with their shapes, what it does, and its output's shape for one image of that size:
seen by hooks in a pass, so shapes are those that PyTorch computed.

Padding is not among it: MobileNetV2's blocks pad outside their convolutions. Shapes show it.
"""

import gzip
from pathlib import Path

import torch
from torch import nn
from torchvision.models import resnet
from torchvision.models.segmentation import deeplabv3, fcn

import zoo_networks

TARGET = Path("segmentation-networks/src/test/resources/io/github/pixelwise/network/layers.txt.gz")
# Odd where the network allows it: width and height.
SIZES = {"unet": (80, 48), "unet_bilinear": (80, 48), "fcn_resnet18": (96, 64),
         "separable_residual": (224, 224), "deeplabv3plus_mobilenetv2_refined": (81, 49)}
TORCHVISION_RESNETS = [name for name in zoo_networks.TORCHVISION if "_resnet" in name]


def dimensions(shape):
    return "x".join(map(str, shape))


def at_stride_16(name, classes):
    """One of torchvision's networks on a ResNet that dilates its last stage alone."""
    make = deeplabv3._deeplabv3_resnet if name.startswith("deeplab") else fcn._fcn_resnet
    backbone = getattr(resnet, name.split("_")[1])
    return make(backbone(replace_stride_with_dilation=[False, False, True]), classes, True).eval()


def work(module, image, output):
    if isinstance(module, nn.ConvTranspose2d):
        return image[0].numel() * module.weight.shape[1:].numel()
    if isinstance(module, nn.Conv2d):
        return output[0, 0].numel() * module.weight.numel()
    return 0


def doing(module):
    if isinstance(module, nn.BatchNorm2d):
        return f"epsilon {round(module.eps * 1e6)}e-6"
    return f"stride {module.stride[0]} dilation {module.dilation[0]} groups {module.groups}"


def described(network, channels, width, height):
    lines, multiply_adds = [], 0

    def observe(name):
        def hook(module, images, output):
            nonlocal multiply_adds
            multiply_adds += work(module, images[0], output)
            entries = [f"{key}:{dimensions(value.shape)}"
                       for key, value in module.state_dict().items() if value.dim() > 0]
            lines.append(" ".join([name, *entries, doing(module), dimensions(output.shape[1:])]))
        return hook

    for name, module in network.named_modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.BatchNorm2d)):
            module.register_forward_hook(observe(name))
    with torch.no_grad():
        network(torch.zeros(1, channels, height, width))
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return parameters, multiply_adds, lines


def cases():
    for name in zoo_networks.NAMES:
        classes = 12 if name == "separable_residual" else 21
        for width in (1, 0.3):
            yield name, classes, width, "own", zoo_networks.build(name, classes, width)
        if name in zoo_networks.PLUS_BACKBONES:
            yield name, classes, 1, 8, zoo_networks.build(name, classes, 1, 8)
        if name in TORCHVISION_RESNETS:
            yield name, classes, 1, 16, at_stride_16(name, classes)


def main():
    text = []
    for name, classes, width, stride, network in cases():
        sides = SIZES.get(name, (77, 53))
        channels = 6 if name == "separable_residual" else 3
        parameters, multiply_adds, lines = described(network, channels, *sides)
        head = [name.replace("_", "-"), classes, width, stride, *sides, parameters, multiply_adds]
        text += ["== " + " ".join(map(str, head)), *lines]
        print(text[-len(lines) - 1])
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(gzip.compress(("\n".join(text) + "\n").encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
