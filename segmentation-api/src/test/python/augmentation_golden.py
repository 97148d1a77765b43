"""Golden values for test-time augmentation: PyTorch's mean of scores of several sizes and of their mirror
images.

Run from the top of the repository:

    python3 segmentation-api/src/test/python/augmentation_golden.py

It writes augmentation-golden.txt among the test resources. Lines starting with '#' are comments; every
other line is one case, with fields separated by one space:

    alignment srcWidth srcHeight channels forms mean

    forms   separated by ';', each inputWidth,inputHeight,left,top,contentWidth,contentHeight,gridWidth,
            gridHeight,mirrored: where the source lies in the input, and the sides of the grid. The scores
            of the n-th form, from 1, are the noise of resize_golden.py with seed n, each byte / 16 - 8.
    mean    on the grid of the first form, plane by plane

Where sources fill their inputs and pixels are halves, the mean is that of flip and interpolate. Otherwise,
grid_sample takes scores from the places that the geometry gives.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from resize_golden import noise

OUTPUT = Path("segmentation-api/src/test/resources/io/github/pixelwise/internal/decode/augmentation-golden.txt")
CASES = """
    half-pixel 100 80 2 36,28,0,0,36,28,9,7,0;36,28,0,0,36,28,9,7,1
    half-pixel 100 80 3 36,28,0,0,36,28,9,7,0;36,28,0,0,36,28,9,7,1;52,40,0,0,52,40,13,10,0;52,40,0,0,52,40,13,10,1;20,16,0,0,20,16,5,4,0;20,16,0,0,20,16,5,4,1
    half-pixel 33 50 1 24,32,0,0,24,32,3,4,0;40,64,0,0,40,64,5,8,0;8,8,0,0,8,8,1,1,0
    half-pixel 90 60 2 32,32,0,5,32,21,8,8,0;48,48,0,8,48,32,12,12,0;48,48,0,8,48,32,12,12,1
    half-pixel 61 47 2 32,32,0,0,31,24,8,8,0;64,48,0,0,61,47,16,12,1
    aligned-corners 500 375 2 33,25,0,0,33,25,9,7,0;49,33,0,0,49,33,13,9,0;17,17,0,0,17,17,5,5,1
    aligned-corners 50 80 1 17,33,1,2,14,30,5,9,0;33,49,2,0,29,47,9,13,1
"""


def scores(form, seed, channels):
    width, height = form[6:8]
    values = noise(channels * height * width, seed).astype(np.float64) / 16 - 8
    scores = torch.tensor(values).reshape(1, channels, height, width)
    return torch.flip(scores, (3,)) if form[8] else scores


def positions(first, form, axis, corners):
    """Where the nodes of the first form lie in another one, -1 to 1 from its first node to its last."""
    nodes, others = first[6 + axis], form[6 + axis]
    input_side, other_side = first[axis], form[axis]
    node = np.arange(nodes, dtype=np.float64)
    # Continuous places: pixel i reaches from i to i + 1.
    place = node * (input_side - 1) / (nodes - 1) + 0.5 if corners else (node + 0.5) * input_side / nodes
    share = (place - first[2 + axis]) / first[4 + axis]
    place = share * form[4 + axis] + form[2 + axis]
    index = (place - 0.5) * (others - 1) / (other_side - 1) if corners else place * others / other_side - 0.5
    return 2 * index / max(1, others - 1) - 1


def sampled(scores, first, form, corners):
    x, y = (positions(first, form, axis, corners) for axis in (0, 1))
    grid = np.stack(np.meshgrid(x, y), axis=-1)[None]
    return F.grid_sample(scores, torch.tensor(grid), mode="bilinear", padding_mode="border", align_corners=True)


def is_stretched(form):
    return tuple(form[2:6]) == (0, 0, form[0], form[1])


def on_first_grid(scores, first, form, corners):
    result = sampled(scores, first, form, corners)
    if not corners and is_stretched(first) and is_stretched(form):
        interpolated = F.interpolate(scores, (first[7], first[6]), mode="bilinear", align_corners=False)
        torch.testing.assert_close(result, interpolated)
        return interpolated
    return result


def line(case):
    alignment, width, height, channels, text = case.split()
    forms = [[int(number) for number in form.split(",")] for form in text.split(";")]
    corners = alignment == "aligned-corners"
    maps = [
        on_first_grid(scores(form, i + 1, int(channels)), forms[0], form, corners) for i, form in enumerate(forms)
    ]
    mean = torch.stack(maps).mean(dim=0).numpy().ravel()
    return f"{case.strip()} " + ",".join(f"{value:.6f}" for value in mean)


if __name__ == "__main__":
    lines = [f"# made by augmentation_golden.py with PyTorch {torch.__version__}"]
    OUTPUT.write_text("\n".join(lines + [line(case) for case in CASES.strip().split("\n")]) + "\n")
