"""mIoU and pixel accuracy of masks against those of PASCAL VOC (numpy, Pillow).

    ./segment run PHOTOGRAPHS -o MASKS --write mask
    /usr/bin/python3 segmentation-models/src/test/python/voc_miou.py VOC/SegmentationClass MASKS

Every MASKS/NAME.mask.png is compared with NAME.png. One confusion matrix over all pixels; those that
are void (255) in the truth do not count. The mean is over the classes that the truth has.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = 21


def main(truths, masks):
    matrix = np.zeros((CLASSES, CLASSES), np.int64)
    files = sorted(masks.glob("*.mask.png"))
    for file in files:
        found = np.asarray(Image.open(file))
        truth = np.asarray(Image.open(truths / file.name.replace(".mask.png", ".png")))
        counted = truth != 255
        pairs = truth[counted].astype(np.int64) * CLASSES + found[counted]
        matrix += np.bincount(pairs, minlength=CLASSES * CLASSES).reshape(CLASSES, CLASSES)
    right, present = np.diag(matrix), matrix.sum(1) > 0
    union = matrix.sum(0) + matrix.sum(1) - right
    for category in np.flatnonzero(present):
        print(f"class {category:2}: IoU {right[category] / union[category]:.3f}")
    print(f"{len(files)} photographs, {present.sum()} classes present: mIoU"
          f" {(right[present] / union[present]).mean():.4f}, pixel accuracy"
          f" {right.sum() / matrix.sum():.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
