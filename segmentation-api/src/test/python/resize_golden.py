"""Golden values for resizing: what Pillow 9.4's Image.resize and OpenCV 4.6's resize make of generated
RGB and gray images.

Run from the top of the repository:

    python3 segmentation-api/src/test/python/resize_golden.py

It writes resize-golden.txt among the test resources. Lines starting with '#' are comments; every
other line is one case, eight fields separated by one space:

    kind filter srcWidth srcHeight dstWidth dstHeight seed form:value

    kind    noise:    one generator for the whole image, bytes in row-major RGB order; for each byte
                      s = s * 1664525 + 1013904223 (mod 2^32), starting at seed, byte = s >>> 24
            gradient: byte(x, y, c) = (x * 7 + y * 13 + c * 50) & 255; seed is 0 and not used
            gray:     the noise of a gray image, a byte for each pixel
    filter  bilinear, bicubic, lanczos or nearest: Pillow's; opencv-linear: OpenCV's INTER_LINEAR
    form    hex:    all bytes of the result in row-major order (up to 60 pixels; OpenCV's up to 200,
                    and none beyond)
            sha256: the SHA-256 of those bytes (more than 60 pixels)
"""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import PIL
from PIL import Image

OUTPUT = Path("segmentation-api/src/test/resources/io/github/pixelwise/resize-golden.txt")
LARGEST_IN_FULL = 60
LARGEST_OF_OPENCV = 200
FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "nearest": Image.Resampling.NEAREST,
}

NOISE = """
    1x1:1x1 1x1:7x5 1x1:512x512 2x2:1x1 7x5:1x1 640x480:1x1 1x9:1x4 1x9:1x30 9x1:4x1 9x1:30x1
    1x9:5x3 9x1:3x5 2x2:3x3 2x2:7x7 3x2:2x3 3x3:4x4 4x4:3x3 4x4:2x2 5x7:7x5 7x5:5x7 5x5:6x10 8x6:4x3
    10x8:9x6 13x11:5x4 16x16:7x7 5x4:5x9 5x4:11x4 5x4:5x4 12x9:12x5 12x9:5x9 100x3:3x10 3x100:10x3
    64x48:17x31 17x31:64x48 33x65:66x130 255x257:128x129 300x200:299x201 640x427:512x336
    10000x1:512x16 1x10000:16x512 10000x1:16x1 1x10000:1x16 3000x2:16x512 2x3000:512x16 16x512:3000x2
    512x512:512x512 451x300:512x336 600x400:512x336 512x600:432x512 1920x1280:512x336 4000x3000:512x384
    512x929:288x512 128x84:1920x1280 2900x7:870x5
"""
GRADIENT = "6x4:3x2 6x4:9x6 40x30:8x6 5x5:7x7 1x40:1x7 451x300:512x336 1920x1280:512x336 16x16:500x333"


def noise(size, seed):
    """The generator's n-th state is a^n * seed + c * (1 + a + ... + a^(n-1)), modulo 2^32."""
    powers = np.cumprod(np.full(size, 1664525, np.uint32), dtype=np.uint32)
    sums = np.cumsum(powers, dtype=np.uint32) - powers + np.uint32(1)
    return ((powers * np.uint32(seed) + sums * np.uint32(1013904223)) >> 24).astype(np.uint8)


def gradient(width, height):
    y, x, c = np.ogrid[:height, :width, :3]
    return ((x * 7 + y * 13 + c * 50) & 255).astype(np.uint8)


def sizes(text):
    for case in text.split():
        yield [[int(side) for side in size.split("x")] for size in case.split(":")]


def line(kind, name, pixels, target, seed):
    height, width = pixels.shape[:2]
    result = Image.fromarray(pixels).resize(target, FILTERS[name]).tobytes()
    if target[0] * target[1] <= LARGEST_IN_FULL:
        value = "hex:" + result.hex()
    else:
        value = "sha256:" + hashlib.sha256(result).hexdigest()
    return f"{kind} {name} {width} {height} {target[0]} {target[1]} {seed} {value}"


def cases(kind, pixels, target, seed):
    yield from (line(kind, name, pixels, target, seed) for name in FILTERS)
    if target[0] * target[1] <= LARGEST_OF_OPENCV:
        height, width, _ = pixels.shape
        result = cv2.resize(pixels, target, interpolation=cv2.INTER_LINEAR).tobytes().hex()
        yield f"{kind} opencv-linear {width} {height} {target[0]} {target[1]} {seed} hex:{result}"


def lines():
    yield f"# Pillow {PIL.__version__}, OpenCV {cv2.__version__}: kind filter srcWidth srcHeight dstWidth dstHeight seed form:value"
    for seed, ((width, height), target) in enumerate(sizes(NOISE), start=1):
        pixels = noise(width * height * 3, seed).reshape(height, width, 3)
        yield from cases("noise", pixels, target, seed)
    for (width, height), target in sizes(GRADIENT):
        yield from cases("gradient", gradient(width, height), target, 0)
    for seed, ((width, height), target) in enumerate(sizes(NOISE), start=1001):
        pixels = noise(width * height, seed).reshape(height, width)
        yield from (line("gray", name, pixels, target, seed) for name in FILTERS)


if __name__ == "__main__":
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n".join(lines()) + "\n")
