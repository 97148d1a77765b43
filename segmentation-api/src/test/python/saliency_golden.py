"""Golden values for networks that find the salient object of a picture: how rembg 2.0 prepares a
picture, and makes an alpha mask of an output, with numpy and Pillow.

Run from the top of the repository:

    python3 segmentation-api/src/test/python/saliency_golden.py

It writes saliency-golden.txt among the test resources. Lines starting with '#' are comments; every
other line is one case, with fields separated by one space:

    input  srcWidth srcHeight width height seed sha256
    alpha  gridWidth gridHeight width height seed sha256
    logits gridWidth gridHeight width height seed hex

    input   the picture is the noise of resize_golden.py, each sample times 3/4 and rounded down, so
            that its maximum is below 255. It is resized by Lanczos, divided by its maximum, and
            normalized with ImageNet's mean and std. The SHA-256 is that of the float32 numbers of a
            tensor [1, 3, height, width], little-endian.
    alpha   the output is the noise of two bytes a number, (256 * first + second) / 65535 in float32.
            It is normalized by its minimum and maximum, rounded down to steps of 1/255, and resized
            by Lanczos. The SHA-256 is that of the mask's bytes.
    logits  the output is that of alpha, times 12 less 6. Its sigmoid comes first. All bytes in hex.
"""

import hashlib
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

from resize_golden import noise, sizes

OUTPUT = Path("segmentation-api/src/test/resources/io/github/pixelwise/saliency-golden.txt")
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def prepared(picture, size):
    samples = np.array(picture.resize(size, Image.Resampling.LANCZOS))
    scaled = samples / max(np.max(samples), 1e-6)
    planes = [(scaled[:, :, c] - MEAN[c]) / STD[c] for c in range(3)]
    return np.stack(planes)[None].astype(np.float32)


def alpha(output, size):
    lowest, highest = np.min(output), np.max(output)
    steps = ((output - lowest) / (highest - lowest) * 255).astype(np.uint8)
    return Image.fromarray(steps).resize(size, Image.Resampling.LANCZOS).tobytes()


def numbers(width, height, seed):
    pairs = noise(width * height * 2, seed).astype(np.float32).reshape(height, width, 2)
    return (pairs[:, :, 0] * np.float32(256) + pairs[:, :, 1]) / np.float32(65535)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def lines():
    yield f"# Pillow {PIL.__version__}, numpy {np.__version__}"
    for seed, ((width, height), size) in enumerate(
        sizes("7x5:3x3 64x48:32x32 33x65:48x48 451x300:320x320 3x2:16x16"), start=1
    ):
        pixels = noise(width * height * 3, seed).reshape(height, width, 3).astype(np.uint16) * 3 // 4
        tensor = prepared(Image.fromarray(pixels.astype(np.uint8)), size)
        yield f"input {width} {height} {size[0]} {size[1]} {seed} {sha256(tensor.tobytes())}"
    black = prepared(Image.fromarray(np.zeros((4, 4, 3), np.uint8)), (8, 8))
    yield f"input 4 4 8 8 0 {sha256(black.tobytes())}"
    for seed, ((width, height), size) in enumerate(
        sizes("4x4:4x4 5x7:13x11 32x32:451x300 320x320:700x467 64x64:31x47"), start=1
    ):
        mask = alpha(numbers(width, height, seed), size)
        yield f"alpha {width} {height} {size[0]} {size[1]} {seed} {sha256(mask)}"
    logits = numbers(24, 16, 9) * np.float32(12) - np.float32(6)
    mask = alpha(1 / (1 + np.exp(-logits)), (60, 40))
    yield f"logits 24 16 60 40 9 {mask.hex()}"


if __name__ == "__main__":
    OUTPUT.write_text("\n".join(lines()) + "\n")
