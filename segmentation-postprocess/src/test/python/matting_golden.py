"""Golden values for soft edges: what numpy, OpenCV 4.6 and PyTorch make of small images.

Run from the top of the repository:

    python3 segmentation-postprocess/src/test/python/matting_golden.py

It writes these files among the test resources; lines of the text files starting with '#' are
comments, fields are separated by one space, and hex holds all bytes in row-major order.

compositing/: PNG files, all 150 x 110: dark strands and a block before a bright, uneven background

    strands-photo.png, strands-alpha.png        RGB, 8-bit grey
    strands-foreground.png, strands-background.png
                                                RGB: the colours estimated by estimate() below
    strands-blurred-SIGMA.png                   RGB: that foreground over that background, blurred
                                                by blur() below

foreground-golden.txt: smaller ones

    layers NAME WIDTH HEIGHT IMAGE ALPHA FOREGROUND BACKGROUND

probability-golden.txt: logits (byte - 128) / 16 on a grid, interpolated to a source's size by PyTorch, and
the softmax of them, some channels added up

    softmax CHANNELS GRID_WIDTH GRID_HEIGHT WIDTH HEIGHT ALIGNED CHANNEL,CHANNEL,... LOGITS ALPHA
"""

from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image

OUTPUT = Path("segmentation-postprocess/src/test/resources/io/github/pixelwise/postprocess")
SIGMAS = (2, 7, 20)


def noise(shape, state):
    """Bytes s >>> 24 of the generator s = s * 1664525 + 1013904223 (mod 2^32)."""
    values = []
    for _ in range(np.prod(shape)):
        state = state * 1664525 + 1013904223 & 0xFFFFFFFF
        values.append(state >> 24)
    return np.array(values, np.uint8).reshape(shape)


def shifted(values):
    """Every pixel's left, right, upper and lower neighbour; the pixel itself at the edge."""
    return (np.concatenate([values[:, :1], values[:, :-1]], 1), np.concatenate([values[:, 1:], values[:, -1:]], 1),
            np.concatenate([values[:1], values[:-1]], 0), np.concatenate([values[1:], values[-1:]], 0))


def estimate(image, alpha):
    """Multi-level foreground estimation (arXiv:2006.14970), each pixel's 2 x 2 system solved as such."""
    image = image.astype(np.float64)
    alpha = alpha / 255.0
    height, width = alpha.shape
    foreground = (image * alpha[..., None]).sum((0, 1), keepdims=True) / alpha.sum()
    background = (image * (1 - alpha[..., None])).sum((0, 1), keepdims=True) / (1 - alpha).sum()
    coarsest = int(np.ceil(np.log2(max(width, height))))
    for level in range(coarsest, -1, -1):
        side = 2 ** level
        w, h = -(-width // side), -(-height // side)
        xs = np.minimum(np.arange(w) * side + side // 2, width - 1)
        ys = np.minimum(np.arange(h) * side + side // 2, height - 1)
        colour, a = image[ys][:, xs], alpha[ys][:, xs]
        if level < coarsest:
            foreground = foreground[np.arange(h) // 2][:, np.arange(w) // 2]
            background = background[np.arange(h) // 2][:, np.arange(w) // 2]
        else:
            foreground, background = foreground.copy(), background.copy()
        weights = [1e-5 + np.abs(a - n) for n in shifted(a)]
        total = sum(weights)
        system = np.empty((h, w, 2, 2))
        system[..., 0, 0] = a * a + total
        system[..., 0, 1] = system[..., 1, 0] = a * (1 - a)
        system[..., 1, 1] = (1 - a) * (1 - a) + total
        inverse = np.linalg.inv(system)
        parity = np.add.outer(np.arange(h), np.arange(w)) % 2
        for _ in range(10 if max(w, h) <= 32 else 2):
            for turn in (0, 1):
                right = np.stack([
                    a[..., None] * colour + sum(k[..., None] * n for k, n in zip(weights, shifted(foreground))),
                    (1 - a[..., None]) * colour + sum(k[..., None] * n for k, n in zip(weights, shifted(background)))
                ], 2)
                solved = np.clip(inverse @ right, 0, 255)
                foreground[parity == turn] = solved[parity == turn][:, 0]
                background[parity == turn] = solved[parity == turn][:, 1]
    soft = ((alpha > 0) & (alpha < 1))[..., None]
    return tuple(np.floor(np.where(soft, layer, image) + 0.5).astype(np.uint8) for layer in (foreground, background))


def blur(foreground, background, alpha, sigma):
    """The foreground over the Gaussian mean of the background's pixels, each as heavy as it shows."""
    radius = int(np.ceil(6 * sigma))
    kernel = np.exp(-0.5 * np.arange(-radius, radius + 1) ** 2 / sigma ** 2)
    weight = 1 - alpha[..., None] / 255.0
    sums = cv2.sepFilter2D(np.concatenate([background * weight, weight], 2), cv2.CV_64F, kernel, kernel,
                           borderType=cv2.BORDER_CONSTANT)
    behind = sums[..., :3] / np.maximum(sums[..., 3:], 1e-300)
    return np.floor((1 - weight) * foreground + weight * behind + 0.5).astype(np.uint8)


def strands():
    """A picture with a soft foreground, and its alpha."""
    height, width = 110, 150
    y, x = np.mgrid[:height, :width].astype(np.float64)
    fine = np.zeros((height * 8, width * 8), np.uint8)
    for i in range(14):
        t = np.linspace(0, 1, 60)
        px = (75 + (i - 6.5) * 4 + (i - 6.5) * 9 * t ** 2 + 5 * np.sin(6 * t + i)) * 8
        py = (100 - 85 * t - 3 * np.cos(5 * t + 2 * i)) * 8
        cv2.polylines(fine, [np.stack([px, py], 1).astype(np.int32)], False, 255, 5 + 3 * i)
    fine[700:, 300:900] = 255
    alpha = np.rint(fine.reshape(height, 8, width, 8).mean((1, 3)))
    alpha = np.rint(cv2.GaussianBlur(alpha, (0, 0), 0.6))
    dark = np.stack([60 + 30 * np.sin(x / 9), 40 + 20 * np.cos(y / 7), 30 + 10 * np.sin((x + y) / 5)], 2)
    bright = np.stack([230 + 20 * np.cos(x / 30), 200 + 40 * np.sin(y / 25), 170 + 60 * np.cos((x - y) / 20)], 2)
    photo = np.rint(alpha[..., None] / 255 * dark + (1 - alpha[..., None] / 255) * bright)
    return photo.astype(np.uint8), alpha.astype(np.uint8)


def foreground_lines():
    yield f"# numpy {np.__version__}: layers NAME WIDTH HEIGHT IMAGE ALPHA FOREGROUND BACKGROUND"
    shapes = {"pixel": (1, 1), "row": (1, 45), "column": (45, 1), "noise": (9, 13), "odd": (33, 5)}
    for state, (name, (height, width)) in enumerate(shapes.items()):
        image = noise((height, width, 3), 10 + state)
        # From full to no opacity, with some of each.
        alpha = np.clip(noise((height, width), 20 + state).astype(int) * 2 - 128, 0, 255).astype(np.uint8)
        alpha[0, 0] = 100
        layers = estimate(image, alpha)
        yield " ".join(["layers", name, str(width), str(height)]
                       + [part.tobytes().hex() for part in (image, alpha, *layers)])


def probability_lines():
    yield (f"# PyTorch {torch.__version__}: softmax CHANNELS GRID_WIDTH GRID_HEIGHT WIDTH HEIGHT ALIGNED"
           " CHANNEL,... LOGITS ALPHA")
    cases = [(3, 5, 4, 37, 30, False, (1,)), (3, 5, 4, 37, 30, False, (0, 2)), (21, 6, 5, 50, 41, False, (15,)),
             (21, 6, 5, 50, 41, True, tuple(range(1, 21))), (2, 12, 9, 7, 5, False, (1,)), (4, 1, 1, 3, 2, False, (2,)),
             (4, 3, 2, 20, 11, True, ()), (4, 3, 2, 20, 11, False, (0, 1, 2, 3))]
    for state, (channels, grid_width, grid_height, width, height, aligned, wanted) in enumerate(cases):
        logits = noise((channels, grid_height, grid_width), 30 + state)
        scores = torch.from_numpy((logits.astype(np.float64) - 128) / 16)[None]
        scores = torch.nn.functional.interpolate(scores, (height, width), mode="bilinear", align_corners=aligned)
        alpha = torch.floor(scores.softmax(1)[0, list(wanted)].sum(0) * 255 + 0.5).numpy().astype(np.uint8)
        yield (f"softmax {channels} {grid_width} {grid_height} {width} {height} {str(aligned).lower()}"
               f" {','.join(map(str, wanted))} {logits.tobytes().hex()} {alpha.tobytes().hex()}")


if __name__ == "__main__":
    (OUTPUT / "foreground-golden.txt").write_text("\n".join(foreground_lines()) + "\n")
    (OUTPUT / "probability-golden.txt").write_text("\n".join(probability_lines()) + "\n")
    photo, alpha = strands()
    layers = estimate(photo, alpha)
    images = {"photo": photo, "alpha": alpha, "foreground": layers[0], "background": layers[1]}
    images.update({f"blurred-{sigma}": blur(*layers, alpha, sigma) for sigma in SIGMAS})
    for name, image in images.items():
        Image.fromarray(image).save(OUTPUT / "compositing" / f"strands-{name}.png", optimize=True)
