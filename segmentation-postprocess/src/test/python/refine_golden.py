"""Golden values for refined alpha: closed-form matting in float64, solved until nothing changes.

Run from the top of the repository:

    python3 segmentation-postprocess/src/test/python/refine_golden.py

It reads compositing/strands-photo.png and strands-alpha.png among the test resources, and writes

    compositing/strands-found.png    what is left of the alpha on a grid of 20 x 15
    compositing/strands-refined.png  what colors make of it

The pixels within MARGIN of one whose alpha is neither above 240 nor below 10 are uncertain. Their alpha a
minimizes a' L a + PRIOR |a - found|^2, L being the matting Laplacian of windows of 3 x 3 (A. Levin,
D. Lischinski, Y. Weiss: A Closed Form Solution to Natural Image Matting, CVPR 2006). Then, in the window
of 3 x 3 around each of them, a linear function of the colors is fitted to alpha (K. He, J. Sun, X. Tang:
Guided Image Filtering, ECCV 2010); the mean of the functions of a pixel's uncertain neighbors, and of its
own, gives its alpha.
"""

from pathlib import Path

import numpy as np
from PIL import Image

FOLDER = Path("segmentation-postprocess/src/test/resources/io/github/pixelwise/postprocess/compositing")
MARGIN = 2
PRIOR = 3e-3
EPSILON = 1e-7
SMOOTHNESS = 1e-4


def extreme(values, function):
    """Of all pixels within MARGIN, in a square."""
    height, width = values.shape
    result = values.copy()
    for y in range(height):
        for x in range(width):
            result[y, x] = function(values[max(0, y - MARGIN):y + MARGIN + 1, max(0, x - MARGIN):x + MARGIN + 1])
    return result


def laplacian(colors):
    """The windows' pixels, [n, 9], and their matrices, [n, 9, 9]."""
    height, width, _ = colors.shape
    y, x = np.mgrid[1:height - 1, 1:width - 1].reshape(2, -1)
    pixels = np.stack([(y + dy) * width + x + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)], 1)
    window = colors.reshape(-1, 3)[pixels]
    centered = window - window.mean(1, keepdims=True)
    covariance = np.einsum("nki,nkj->nij", centered, centered) / 9
    inverse = np.linalg.inv(covariance + EPSILON / 9 * np.eye(3))
    affinity = (1 + np.einsum("nki,nij,nlj->nkl", centered, inverse, centered)) / 9
    return pixels, np.eye(9) - affinity


def solve(colors, alpha, uncertain):
    pixels, matrices = laplacian(colors)
    free = uncertain.ravel()

    def multiply(vector):
        product = np.zeros_like(vector)
        np.add.at(product, pixels, np.einsum("nkl,nl->nk", matrices, vector[pixels]))
        return product

    x = alpha.ravel().copy()
    residual = np.where(free, -multiply(x), 0)
    direction = residual.copy()
    energy = residual @ residual
    first = energy
    while energy > 1e-24 * first:
        product = np.where(free, multiply(direction) + PRIOR * direction, 0)
        step = energy / (direction @ product)
        x += step * direction
        residual -= step * product
        energy, before = residual @ residual, energy
        direction = residual + energy / before * direction
    return np.clip(x, 0, 1).reshape(alpha.shape)


def smoothed(colors, alpha, uncertain):
    height, width = alpha.shape
    models = np.zeros((height, width, 4))
    for y, x in zip(*np.nonzero(uncertain)):
        window = np.s_[max(0, y - 1):y + 2, max(0, x - 1):x + 2]
        color, a = colors[window].reshape(-1, 3), alpha[window].ravel()
        centered = color - color.mean(0)
        covariance = centered.T @ centered / len(a) + SMOOTHNESS * np.eye(3)
        slope = np.linalg.solve(covariance, centered.T @ (a - a.mean()) / len(a))
        models[y, x] = [*slope, a.mean() - slope @ color.mean(0)]
    result = alpha.copy()
    for y, x in zip(*np.nonzero(uncertain)):
        window = np.s_[max(0, y - 1):y + 2, max(0, x - 1):x + 2]
        model = models[window][uncertain[window]].mean(0)
        result[y, x] = model[:3] @ colors[y, x] + model[3]
    return np.clip(result, 0, 1)


def main():
    photo = Image.open(FOLDER / "strands-photo.png")
    truth = Image.open(FOLDER / "strands-alpha.png")
    grid = truth.resize((20, 15), Image.Resampling.BILINEAR)
    found = grid.resize(truth.size, Image.Resampling.BILINEAR)
    found.save(FOLDER / "strands-found.png")
    colors = np.array(photo) / 255.0
    steps = np.array(found)
    certain = extreme(steps, np.min) > 240
    none = extreme(steps, np.max) < 10
    uncertain = ~certain & ~none
    alpha = np.where(certain, 1.0, np.where(none, 0.0, steps / 255.0))
    refined = smoothed(colors, solve(colors, alpha, uncertain), uncertain)
    Image.fromarray(np.round(refined * 255).astype(np.uint8)).save(FOLDER / "strands-refined.png")
    for name, values in (("found", steps / 255.0), ("refined", refined)):
        print(name, np.abs(values - np.array(truth) / 255.0).mean())


if __name__ == "__main__":
    main()
