"""Rasterizes polygons and run lengths with pycocotools.

pip install pycocotools numpy, then: python coco_golden.py
Writes ../resources/io/github/pixelwise/evaluation/dataset/coco_golden.txt, with pycocotools 2.0.11 and numpy 2.4.6.
Lines: "polygon", width, height, coordinates, and the run lengths; or "compressed", width, height, text, and the
run lengths; or "union", width, height, two polygons, and the run lengths; fields with | between.
"""
import pathlib
import random

import numpy as np
from pycocotools import mask as tools

random.seed(15)


def counts(rle, height, width):
    flat = tools.decode(rle).reshape(height, width).flatten(order="F")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat, [0]]).astype(int)))
    return " ".join(str(e) for e in edges)


def numbers(points):
    return " ".join(repr(float(p)) for p in points)


def blob(width, height, corners, spread):
    cx, cy = random.uniform(0, width), random.uniform(0, height)
    return [v for _ in range(corners) for v in (cx + random.gauss(0, spread), cy + random.gauss(0, spread))]


lines = []
polygons = [
    (10, 8, [1, 1, 5, 1, 5, 5, 1, 5]),
    (10, 8, [1.5, 1.5, 5.5, 1.5, 5.5, 5.5, 1.5, 5.5]),
    (10, 8, [0.49, 0.51, 9.51, 0.5, 9.49, 7.5, 0.5, 7.49]),
    (10, 8, [-5, -5, 20, -5, 20, 20, -5, 20]),
    (10, 8, [-5, -5, -1, -5, -1, -1]),
    (10, 8, [12, 2, 30, 2, 30, 6]),
    (10, 8, [3, 3, 3, 3, 3, 3]),
    (10, 8, [3.1, 3.1, 3.2, 3.1, 3.2, 3.2]),
    (10, 8, [2, 4, 8, 4, 5, 4]),
    (10, 8, [0, 0, 9, 7, 9, 0, 0, 7]),
    (10, 8, [9, 0, 10, 0, 10, 8, 9, 8]),
    (10, 8, [0, 7.5, 10, 7.5, 10, 9, 0, 9]),
    (1, 1, [0, 0, 1, 0, 1, 1, 0, 1]),
    (1, 9, [0, 2, 1, 2, 1, 6, 0, 6]),
    (9, 1, [2, 0, 6, 0, 6, 1, 2, 1]),
]
for i in range(160):
    width, height = random.randint(1, 60), random.randint(1, 60)
    corners = random.choice([3, 3, 4, 5, 8, 20])
    points = blob(width, height, corners, random.choice([0.3, 2, 8, 30]))
    if i % 4 == 1:
        points = [round(p, 2) for p in points]
    if i % 4 == 2:
        points = [float(round(p)) for p in points]
    if i % 4 == 3:
        points = [round(p * 2) / 2 for p in points]
    polygons.append((width, height, points))
for width, height, points in polygons:
    rle = tools.frPyObjects([points], height, width)[0]
    lines.append("|".join(["polygon", str(width), str(height), numbers(points), counts(rle, height, width)]))
    lines.append("|".join(["compressed", str(width), str(height), rle["counts"].decode(), counts(rle, height, width)]))
for i in range(20):
    width, height = 40, 30
    parts = [blob(width, height, 5, 8), blob(width, height, 4, 10)]
    rle = tools.merge(tools.frPyObjects(parts, height, width))
    lines.append("|".join(
        ["union", str(width), str(height), numbers(parts[0]), numbers(parts[1]), counts(rle, height, width)]))
noise = np.asfortranarray((np.random.default_rng(15).random((300, 400)) < 0.004).astype(np.uint8))
noise[:, 100:180] = 1
rle = tools.encode(noise)
lines.append("|".join(["compressed", "400", "300", rle["counts"].decode(), counts(rle, 300, 400)]))

target = pathlib.Path(__file__).parent.parent / "resources/io/github/pixelwise/evaluation/dataset/coco_golden.txt"
target.write_text("\n".join(lines) + "\n")
print(len(lines))
