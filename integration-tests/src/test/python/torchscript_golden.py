"""What PyTorch computes with the network of TorchScriptTest, which has every operation.

Run from the top of the repository (torch 1.13):

    python3 integration-tests/src/test/python/torchscript_golden.py

It writes torchscript-golden.txt among the test resources, a line for each output: its name, its
shape, and its numbers. Weights and the input follow from their names, by the formula below.
"""

import math
import zlib
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

OUTPUT = Path("integration-tests/src/test/resources/io/github/pixelwise/integration/torchscript-golden.txt")


def numbers(name, count):
    """Numbers of -0.5 to 0.5, in double precision."""
    steps = (zlib.crc32(name.encode()) + np.arange(count, dtype=np.uint64) * 2654435761) & 0xFFFFFFFF
    return (steps >> 16) / 65536 - 0.5


def tensor(values, shape):
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def weight(name, *shape):
    return tensor(numbers(name + ".weight", math.prod(shape)) * (4 / math.sqrt(math.prod(shape[1:]))), shape)


def bias(name, channels):
    return tensor(numbers(name + ".bias", channels), channels)


def norm(x, name):
    channels = x.shape[1]
    mean = tensor(numbers(name + ".running_mean", channels), channels)
    variance = tensor(numbers(name + ".running_var", channels) + 1, channels)
    factor = tensor(numbers(name + ".weight", channels) + 1, channels)
    return F.batch_norm(x, mean, variance, factor, bias(name, channels))


def upsample(x, size, aligned=False):
    return F.interpolate(x, size=size, mode="bilinear", align_corners=aligned)


def network(image):
    stem = F.relu(norm(F.conv2d(image, weight("stem", 8, 3, 3, 3), None, 2, 1), "stem.norm"))
    deep = F.conv2d(stem, weight("depthwise", 8, 1, 3, 3), bias("depthwise", 8), 1, 2, 2, 8)
    deep = F.relu6(norm(deep, "depthwise.norm"))
    block = F.conv2d(deep, weight("pointwise", 8, 4, 1, 1), None, groups=2) + stem
    alone = F.relu(norm(block, "alone"))
    largest = F.max_pool2d(block, 3, 2, 1)
    mean = F.avg_pool2d(alone, 3, 2, 1)
    pooled = F.adaptive_avg_pool2d(largest, 1)
    gate = F.conv2d(F.relu(F.conv2d(pooled, weight("squeeze", 4, 8, 1, 1), bias("squeeze", 4))),
                    weight("excite", 8, 4, 1, 1), bias("excite", 8))
    gated = F.hardswish(largest * F.hardsigmoid(gate))
    twofold = F.interpolate(gated, scale_factor=2, mode="bilinear", align_corners=False)
    shifted = F.max_pool2d(twofold, 2, 1, 0)
    both = torch.cat([gated, mean], 1)
    up = F.elu(F.conv_transpose2d(both, weight("up", 16, 6, 3, 3), bias("up", 6), 2, 1))
    node = F.relu(norm(F.conv2d(F.adaptive_avg_pool2d(both, 1), weight("pool", 6, 16, 1, 1)), "pool.norm"))
    sides = up.shape[2:]
    joined = torch.cat([up, upsample(node, sides), torch.sigmoid(block), upsample(gated, sides, True) + shifted], 1)
    return F.conv2d(joined, weight("scores", 5, 28, 1, 1))


def main():
    shape = 2, 3, 9, 17
    image = tensor(numbers("image", math.prod(shape)) * 10, shape)
    with torch.no_grad():
        scores = network(image)
        large = upsample(scores, image.shape[2:])
    outputs = {
        "grid": scores,
        "input": large,
        "categories": torch.argmax(large, 1, True),
        "probabilities": torch.softmax(scores, 1),
    }
    with OUTPUT.open("w") as out:
        for name, values in outputs.items():
            text = " ".join(f"{value:.6g}" for value in values.flatten().tolist())
            print(f"{name}|{' '.join(map(str, values.shape))}|{text}", file=out)


main()
