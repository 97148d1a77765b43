"""Evaluates the embedded model on a VOC split in Python alone: onnxruntime, Pillow, numpy.

    python evaluate_onnx.py MODEL.onnx VOC_FOLDER val

Prints what `segment evaluate` should print, to the digits that engines share. The preprocessing is that of
the model's card: long edge 513, sides 16k + 1, bilinear as Pillow; scores on a grid of aligned corners are
interpolated at the photograph's pixel centers.
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

CLASSES = 21
MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def side(length, longest):
    scaled = length * 513 / longest
    return max(17, int(np.floor((scaled - 1) / 16 + 0.5)) * 16 + 1)


def positions(source, entered, grid):
    centers = (np.arange(source) + 0.5) * entered / source - 0.5
    at = np.clip(centers / (entered - 1) * (grid - 1), 0, grid - 1)
    low = np.minimum(at.astype(int), grid - 2)
    return low, (at - low).astype(np.float32)


def predict(session, photograph):
    width, height = photograph.size
    size = side(width, max(width, height)), side(height, max(width, height))
    pixels = np.asarray(photograph.resize(size, Image.Resampling.BILINEAR)) / 255
    entered = ((pixels - MEAN) / STD).transpose(2, 0, 1)[np.newaxis].astype(np.float32)
    scores = session.run(None, {session.get_inputs()[0].name: entered})[0][0]
    x, fx = positions(width, size[0], scores.shape[2])
    y, fy = positions(height, size[1], scores.shape[1])
    rows = scores[:, y] * (1 - fy)[None, :, None] + scores[:, y + 1] * fy[None, :, None]
    return np.argmax(rows[:, :, x] * (1 - fx) + rows[:, :, x + 1] * fx, axis=0)


def main(model, voc, split):
    session = onnxruntime.InferenceSession(model)
    matrix = np.zeros((CLASSES, CLASSES), np.int64)
    for name in (voc / f"ImageSets/Segmentation/{split}.txt").read_text().split():
        truth = np.asarray(Image.open(voc / f"SegmentationClass/{name}.png"))
        found = predict(session, Image.open(voc / f"JPEGImages/{name}.jpg").convert("RGB"))
        counted = truth != 255
        pairs = truth[counted].astype(np.int64) * CLASSES + found[counted]
        matrix += np.bincount(pairs, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    hits = np.diag(matrix)
    with np.errstate(invalid="ignore"):
        iou = hits / (matrix.sum(0) + matrix.sum(1) - hits)
    for category, value in enumerate(iou):
        print(f"class {category:2}: IoU {value:.4f}, {matrix.sum(1)[category]} pixels")
    print(f"mIoU {np.nanmean(iou):.6f}, pixel accuracy {hits.sum() / matrix.sum():.6f}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
