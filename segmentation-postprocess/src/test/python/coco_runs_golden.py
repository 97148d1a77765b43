"""Writes the run lengths that pycocotools gives of masks: coco-runs.json.

Usage: python coco_runs_golden.py > ../resources/io/github/pixelwise/postprocess/shape/coco-runs.json
Needs numpy and pycocotools.
"""

import json

import numpy as np
from pycocotools import mask as coco


def mask(width, height, seed):
    """Pixels as RunLengthsTest makes them."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    z = (x * 73856093 ^ y * 19349663 ^ seed * 83492791) % 97
    noise = z < 48
    wave = (x * x + y * y + 31 * seed) // (40 + 7 * seed) % 3 == 0
    return noise if seed % 2 else wave


def main():
    cases = []
    for seed, (width, height) in enumerate([(40, 30), (7, 5), (1, 9), (16, 16), (33, 64), (90, 20)]):
        pixels = np.asfortranarray(mask(width, height, seed).astype(np.uint8))
        cases.append({
            "width": width,
            "height": height,
            "seed": seed,
            "pixels": int(pixels.sum()),
            "counts": coco.encode(pixels)["counts"].decode("ascii"),
        })
    print(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
