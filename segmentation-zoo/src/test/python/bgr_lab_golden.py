"""Golden values for BgrLabPreprocessor: what OpenCV 4.6's float BGR2LAB makes of BGR / 127.5 - 1.

Run from the top of the repository:

    python3 segmentation-zoo/src/test/python/bgr_lab_golden.py

It writes bgr-lab-golden.gz among the test resources, without a header, little-endian: pixels of 27 bytes,
R, G, B as bytes, then the six channels B, G, R, L*, a*, b* as 32-bit floats. The pixels are the corners of
the colour cube, the greys 0 to 255, 400 random colours and 16 x 16 pixels of a photograph.

It prints how far the formula of the CIE is from OpenCV's answer.
"""

import gzip
from pathlib import Path

import cv2
import numpy as np

OUTPUT = Path("segmentation-zoo/src/test/resources/io/github/pixelwise/zoo/bgr-lab-golden.gz")
PHOTOGRAPH = "examples/photos/chelsea.png"


def colours():
    corners = np.array(np.meshgrid([0, 255], [0, 255], [0, 255])).reshape(3, -1).T
    greys = np.repeat(np.arange(256)[:, None], 3, axis=1)
    random = np.random.default_rng(0).integers(0, 256, (400, 3))
    crop = cv2.imread(PHOTOGRAPH)[110:126, 150:166, ::-1].reshape(-1, 3)
    return np.concatenate([corners, greys, random, crop]).astype(np.uint8)


def formula(bgr):
    rgb = np.clip(bgr[:, ::-1].astype(np.float64), 0, 1)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = [[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]
    xyz = linear @ np.array(matrix).T / [0.950456, 1, 1.088754]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), xyz * 841 / 108 + 16 / 116)
    lightness = np.where(xyz[:, 1] > 216 / 24389, 116 * f[:, 1] - 16, xyz[:, 1] * 24389 / 27)
    return np.stack([lightness, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def main():
    rgb = colours()
    bgr = rgb[:, ::-1].astype(np.float32) / np.float32(127.5) - np.float32(1)
    lab = cv2.cvtColor(bgr[None], cv2.COLOR_BGR2LAB)[0]
    print("OpenCV", cv2.__version__, "- the formula is off by up to", np.abs(lab - formula(bgr)).max(axis=0))
    pixels = b"".join(
        p.tobytes() + v.astype("<f4").tobytes() for p, v in zip(rgb, np.concatenate([bgr, lab], axis=1))
    )
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_bytes(gzip.compress(pixels, mtime=0))
    print(len(rgb), "pixels,", OUTPUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
