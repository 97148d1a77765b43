"""The test kit's networks as TorchScript: the micro-models, and those behind the matrix of cards.

Run from the top of the repository (torch 1.13):

    PYTHONHASHSEED=0 python3 segmentation-testkit/src/test/python/torchscript_networks.py

It writes, among the main resources, a .pt file beside each micro-model's card and, in one archive,
those of the matrix; then MicroModelFilesTest, run as it says, writes the hashes into the cards. The
arithmetic is that of OnnxMicroModels and MatrixNetworks. Networks of several outputs return a dict.

PyTorch 1.13 has no unsigned integers but those of 8 bits: networks that are called uint16, uint32
or uint64 answer in the signed type of that size or the next one, which holds every class as well.

The archives that PyTorch writes carry debugging information, with the paths of sources, and padding;
both are left out, so that the files are small and always the same bytes.
"""

import io
import itertools
import sys
import zipfile
from pathlib import Path
from typing import Dict

import torch
from torch import Tensor
from torch.nn import Module, Parameter
from torch.nn.functional import conv2d

OUTPUT = Path("segmentation-testkit/src/main/resources/io/github/pixelwise/testkit")
EPOCH = (1980, 1, 1, 0, 0, 0)

MICRO = [[1, 0.25, -0.5], [-0.5, 1, 0.25], [0.25, -0.5, 1]], [0.125, 0, -0.125]
MATRIX = ([[1, -0.5, 0.25], [-0.75, 1, 0.5], [0.25, -0.625, -1], [-0.5, 0.125, 1.25], [-0.25, -0.875, 0.375]],
          [0.125, 0, -0.125, 0.0625, 0.25])
MATRIX_SIGMOID = [[1.5, -1, 0.75]], [-0.125]
TYPES = {
    "logits": {"float": torch.float32, "float16": torch.float16, "double": torch.float64},
    "probabilities": {"float": torch.float32},
    "sigmoid": {"float": torch.float32},
    "categories": {
        "int8": torch.int8, "int16": torch.int16, "int32": torch.int32, "int64": torch.int64,
        "uint8": torch.uint8, "uint16": torch.int32, "uint32": torch.int64, "uint64": torch.int64,
        "float": torch.float32, "double": torch.float64, "bool": torch.bool,
    },
}


class Affine(Module):
    """Weighs channels, by a convolution of 1 x 1."""

    def __init__(self, weights_and_bias, stride=1):
        super().__init__()
        weights, bias = weights_and_bias
        self.weight = Parameter(torch.tensor(weights)[:, :, None, None], requires_grad=False)
        self.bias = Parameter(torch.tensor(bias, dtype=torch.float32), requires_grad=False)
        self.stride = stride

    def forward(self, image: Tensor) -> Tensor:
        return conv2d(image, self.weight, self.bias, [self.stride, self.stride])


class TwoOutputs(Affine):
    def forward(self, image: Tensor) -> Dict[str, Tensor]:
        return {
            "aux": conv2d(image, -self.weight, -self.bias),
            "out": conv2d(image, self.weight, self.bias),
        }


class Sigmoid(Affine):
    def forward(self, image: Tensor) -> Tensor:
        return torch.sigmoid(conv2d(image, self.weight, self.bias))


class Categories(Affine):
    def forward(self, image: Tensor) -> Tensor:
        return torch.argmax(conv2d(image, self.weight, self.bias), 1)


class ChannelsLast(Affine):
    def forward(self, image: Tensor) -> Tensor:
        return conv2d(image.permute(0, 3, 1, 2), self.weight, self.bias).permute(0, 2, 3, 1)


class Slow(Module):
    """Convolutions with a kernel of zeros but for a one in its middle."""

    def __init__(self):
        super().__init__()
        kernel = torch.zeros(3, 3, 11, 11)
        for channel in range(3):
            kernel[channel, channel, 5, 5] = 1
        self.kernel = Parameter(kernel, requires_grad=False)

    def forward(self, image: Tensor) -> Tensor:
        out = image
        for _ in range(24):
            out = conv2d(out, self.kernel, None, [1, 1], [5, 5])
        return out


class MatrixNetwork(Affine):
    """Scores, or classes, in a type of number and in every layout that an output may have."""

    __constants__ = ["channels_last", "head", "dtype", "stride"]

    def __init__(self, channels_last, stride, head, dtype):
        weights, bias = MATRIX_SIGMOID if head == "sigmoid" else MATRIX
        classes = 2 if dtype == torch.bool else len(bias)
        super().__init__((weights[:classes], bias[:classes]), stride)
        self.channels_last = channels_last
        self.head = head
        self.dtype = dtype

    def forward(self, image: Tensor) -> Dict[str, Tensor]:
        planes = image.permute(0, 3, 1, 2) if self.channels_last else image
        if self.head == "categories":
            # PyTorch has other kernels for a batch than for an image, and floats of 32 bits that all but
            # tie are ranked by how those round.
            exact = conv2d(planes.double(), self.weight.double(), self.bias.double(), [self.stride, self.stride])
            best = torch.argmax(exact, 1).to(self.dtype)
            out = best.unsqueeze(1)
            return {"out-nchw": out, "out-nhwc": out.permute(0, 2, 3, 1), "out-none": best}
        logits = conv2d(planes, self.weight, self.bias, [self.stride, self.stride])
        if self.head == "probabilities":
            out = torch.softmax(logits, 1)
        elif self.head == "sigmoid":
            out = torch.sigmoid(logits)
        else:
            out = logits.to(self.dtype)
        return {"out-nchw": out, "out-nhwc": out.permute(0, 2, 3, 1)}


class OnlySize(Affine):
    """Takes one image of 32 x 24 and nothing else."""

    def forward(self, image: Tensor) -> Tensor:
        if image.shape != [1, 3, 24, 32]:
            raise RuntimeError("an input of [1, 3, 24, 32] is expected")
        return conv2d(image, self.weight, self.bias)


def torchscript(module):
    """A file of only what running takes."""
    written = io.BytesIO()
    torch.jit.save(torch.jit.script(module.eval()), written)
    result = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(result, "w") as target:
        for name in sorted(source.namelist()):
            if not name.endswith(".debug_pkl"):
                target.writestr(zipfile.ZipInfo(name, EPOCH), source.read(name))
    return result.getvalue()


def micro_models():
    return {
        "affine": Affine(MICRO),
        "two-outputs": TwoOutputs(MICRO),
        "strided": Affine(MICRO, 4),
        "sigmoid": Sigmoid(([[-4, 4, 0.5]], [0.25])),
        "categories": Categories(MICRO),
        "channels-last": ChannelsLast(MICRO),
        "slow": Slow(),
    }


def matrix_networks():
    networks = {
        "grey": Affine(([[1.0]] * 5, [0.5] * 5)),
        "fixed-32x24": OnlySize(([[1.0, 1, 1]] * 5, [0.5] * 5)),
        "not-a-number": Affine(([[1.0, 1, 1]] * 5, [float("nan")] * 5)),
    }
    for layout, stride, head in itertools.product(("nchw", "nhwc"), (1, 4, 8), TYPES):
        for name, dtype in TYPES[head].items():
            networks[f"{layout}-{stride}-{head}-{name}"] = MatrixNetwork(layout == "nhwc", stride, head, dtype)
    return networks


def main():
    # PyTorch writes constants in the order of a set.
    assert not sys.flags.hash_randomization, "set PYTHONHASHSEED=0"
    for name, module in micro_models().items():
        (OUTPUT / "models" / f"{name}.pt").write_bytes(torchscript(module))
    with zipfile.ZipFile(OUTPUT / "matrix" / "torchscript.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, module in sorted(matrix_networks().items()):
            entry = zipfile.ZipInfo(f"{name}.pt", EPOCH)
            archive.writestr(entry, torchscript(module), zipfile.ZIP_DEFLATED)


main()
