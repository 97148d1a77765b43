"""Exports a small network as people export theirs, with free axes and Shape arithmetic, and keeps PyTorch's answers.

Run by `python3 dynamic_golden.py` in this folder, with torch 1.13 and numpy. Writes, beside the tests that read them,
dynamic.onnx and for each size HxW the input HxW.in.bin and the outputs HxW.out.bin, HxW.aux.bin: floats of 32 bits,
little-endian, row-major.
"""

import pathlib

import torch
from torch import nn
from torch.nn import functional

HERE = pathlib.Path(__file__).parent
RESOURCES = HERE.parent / "resources/io/github/pixelwise/opencv"
SIZES = [(12, 16), (17, 9)]


class Net(nn.Module):
    """Two grids joined by a skip connection, pooling over the image, and up-sampling to the input's size."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU())
        self.second = nn.Sequential(nn.Conv2d(8, 12, 3, 2, 1), nn.BatchNorm2d(12), nn.Hardswish())
        self.pooled = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(12, 12, 1), nn.Sigmoid())
        self.head = nn.Conv2d(12 + 8, 5, 1)
        self.aux = nn.Conv2d(8, 5, 1)

    def forward(self, image):
        sides = image.shape[-2:]
        low = self.first(image)
        high = self.second(low)
        pooled = functional.interpolate(self.pooled(high), size=high.shape[-2:], mode="bilinear", align_corners=False)
        high = functional.interpolate(high * pooled, size=low.shape[-2:], mode="bilinear", align_corners=False)
        out = self.head(torch.cat([high, low], dim=1))
        out = functional.interpolate(out, size=sides, mode="bilinear", align_corners=False)
        return out, functional.interpolate(self.aux(low), size=sides, mode="bilinear", align_corners=False)


def main():
    torch.manual_seed(1)
    net = Net()
    with torch.no_grad():
        for _ in range(20):
            net(torch.randn(4, 3, 48, 48))
    net.eval()
    axes = {name: {0: "n", 2: "h", 3: "w"} for name in ("image", "out", "aux")}
    torch.onnx.export(
        net,
        torch.randn(1, 3, 32, 32),
        RESOURCES / "dynamic.onnx",
        input_names=["image"],
        output_names=["out", "aux"],
        dynamic_axes=axes,
        opset_version=13,
    )
    for height, width in SIZES:
        image = torch.randn(2, 3, height, width)
        with torch.no_grad():
            out, aux = net(image)
        for name, tensor in (("in", image), ("out", out), ("aux", aux)):
            tensor.numpy().astype("<f4").tofile(RESOURCES / f"{height}x{width}.{name}.bin")


if __name__ == "__main__":
    main()
