"""Writes metrics-golden.txt: what numpy, scipy, scikit-learn and torchmetrics make of some masks.

Run from the root of the project with numpy, scipy, scikit-learn, torch and torchmetrics installed; the
first line of the file says which versions were used. The formulas are written anew from the definitions
of the programs that are named; where a program can be run, its result is compared here, too.

    case NAME CLASSES IGNORE WIDTH HEIGHT
    truth HEX, prediction HEX, confidence HEX      one byte per pixel
    iou, dice, recall, precision V...              per class; nan where the denominator is 0
    means MIOU DICE ACCURACY PRECISION             of the classes that have a number
    miou-nan, miou-zero, miou-one V                the mean IoU by the other rules
    pixels ACCURACY FWIOU KAPPA
    boundary-iou PX V..., boundary-f PX V...       PX is 0 for the width taken from the diagonal
    ece V
    alpha MAE MSE GRADIENT                         of truth * 40 and confidence, taken as alpha masks

Means are math.fsum / n, which rounds once: numpy's own mean differs in the last digit.
"""

import math
from pathlib import Path

import numpy as np
import scipy
import scipy.ndimage
import sklearn
import sklearn.metrics
import torch
import torchmetrics
from torchmetrics.functional.classification import multiclass_f1_score, multiclass_jaccard_index

OUTPUT = Path("segmentation-evaluation/src/test/resources/io/github/pixelwise/evaluation/metrics-golden.txt")


def blobs(rng, height, width, classes, scale):
    """Smooth noise, so that classes have areas and outlines."""
    noise = rng.normal(size=(classes, height, width))
    return np.argmax([scipy.ndimage.gaussian_filter(n, scale) for n in noise], axis=0)


def confusion(truth, prediction, classes, ignore):
    """mmsegmentation's intersect_and_union: void of the truth is left out; what is no class is in no area of the
    prediction, but stays in that of the truth."""
    kept = truth != ignore
    t, p = truth[kept], prediction[kept]
    hits = np.array([np.sum((t == c) & (p == c)) for c in range(classes)], np.int64)
    return hits, np.array([np.sum(t == c) for c in range(classes)]), np.array([np.sum(p == c) for c in range(classes)])


def mean(values):
    values = [v for v in values if not math.isnan(v)]
    return math.fsum(values) / len(values) if values else math.nan


def replaced(values, by):
    return mean([by if math.isnan(v) else v for v in values]) if by is not None else math.fsum(values) / len(values)


def erode(mask, d):
    """The published rule: a border of zeros, then d erosions with a box of 3 x 3."""
    padded = np.pad(mask, 1)
    eroded = scipy.ndimage.binary_erosion(padded, np.ones((3, 3), bool), iterations=d, border_value=1)
    return eroded[1:-1, 1:-1]


def boundary_iou(truth, prediction, classes, ignore, px):
    height, width = truth.shape
    d = px or max(1, int(round(0.02 * math.sqrt(width**2 + height**2))))
    prediction = np.where(truth == ignore, ignore, prediction)
    values = []
    for c in range(classes):
        g, p = truth == c, prediction == c
        g, p = g & ~erode(g, d), p & ~erode(p, d)
        union = np.sum(g | p)
        values.append(np.sum(g & p) / union if union else math.nan)
    return values


def contour(labels, c):
    """Pixels of a class beside another category."""
    found = np.zeros(labels.shape, bool)
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        edge = (labels == c) & (np.roll(labels, step, axis) != c)
        index = [slice(None), slice(None)]
        index[axis] = 0 if step == 1 else -1
        edge[tuple(index)] = False
        found |= edge
    return found


def boundary_f(truth, prediction, classes, ignore, px):
    height, width = truth.shape
    theta = px or max(1, 0.0075 * math.sqrt(width**2 + height**2))
    void = truth == ignore
    values = []
    for c in range(classes):
        if not np.any((truth == c) | (prediction == c) & ~void):
            values.append(math.nan)
            continue
        g, p = contour(truth, c), contour(prediction, c)
        near_g = scipy.ndimage.distance_transform_edt(~g) <= theta + 1e-9 if g.any() else g
        near_p = scipy.ndimage.distance_transform_edt(~p) <= theta + 1e-9 if p.any() else p
        p &= ~void | near_g
        if not g.any() and not p.any():
            values.append(math.nan)
        elif not g.any() or not p.any():
            values.append(0.0)
        else:
            precision, recall = np.sum(p & near_g) / np.sum(p), np.sum(g & near_p) / np.sum(g)
            values.append(2 * precision * recall / (precision + recall) if precision and recall else 0.0)
    return values


def calibration_error(truth, prediction, confidence, ignore):
    kept = truth != ignore
    right, levels = (truth == prediction)[kept], confidence[kept].astype(np.int64)
    edges = np.linspace(0, 1, 16)
    bins = np.clip(np.searchsorted(edges + 1e-9, levels / 255, side="left") - 1, 0, 14)
    terms = []
    for b in range(15):
        inside = bins == b
        n = np.sum(inside)
        if n:
            terms.append(n / len(levels) * abs(np.sum(right[inside]) / n - np.sum(levels[inside]) / (255.0 * n)))
    return math.fsum(terms) if len(levels) else math.nan


def alpha_errors(truth, prediction):
    sigma, epsilon = 1.4, 1e-2
    half = math.ceil(sigma * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * sigma * epsilon)))
    u = np.arange(-half, half + 1)
    gauss = np.exp(-(u**2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))
    slope = -u * gauss / sigma**2
    kernel = np.outer(gauss, slope)
    kernel /= math.sqrt(np.sum(kernel**2))
    t, p = truth / 255.0, prediction / 255.0

    def length(image):
        return np.hypot(
            scipy.ndimage.convolve(image, kernel, mode="nearest"), scipy.ndimage.convolve(image, kernel.T, mode="nearest")
        )

    return np.mean(np.abs(t - p)), np.mean((t - p) ** 2), np.sum((length(t) - length(p)) ** 2) / 1000


def check(truth, prediction, classes, ignore, iou, dice, kappa):
    """What the programs themselves say, where they can be asked: they know no void in the prediction."""
    kept = truth != ignore
    t, p = torch.tensor(truth[kept].astype(np.int64)), torch.tensor(prediction[kept].astype(np.int64))
    if len(t) == 0 or classes < 2 or (p >= classes).any():
        return
    present = ~np.isnan(iou)
    theirs = multiclass_jaccard_index(p, t, classes, average="none").numpy()
    assert np.allclose(theirs[present], np.array(iou)[present], atol=1e-6), (theirs, iou)
    theirs = multiclass_f1_score(p, t, classes, average="none").numpy()
    assert np.allclose(theirs[present], np.array(dice)[present], atol=1e-6), (theirs, dice)
    theirs = sklearn.metrics.cohen_kappa_score(t.numpy(), p.numpy())
    assert math.isnan(theirs) or math.isclose(theirs, kappa, abs_tol=1e-12), (theirs, kappa)


def text(values):
    return " ".join(repr(float(v)) for v in values)


def case(name, truth, prediction, confidence, classes, ignore=255):
    height, width = truth.shape
    yield f"case {name} {classes} {ignore} {width} {height}"
    for what, values in (("truth", truth), ("prediction", prediction), ("confidence", confidence)):
        yield f"{what} {values.astype(np.uint8).tobytes().hex()}"
    hits, t, p = confusion(truth, prediction, classes, ignore)
    with np.errstate(invalid="ignore", divide="ignore"):
        iou, dice, recall, precision = hits / (t + p - hits), 2 * hits / (t + p), hits / t, hits / p
        total = np.sum(t)
        accuracy = np.sum(hits) / total
        weighted = math.fsum((t / total * iou)[t > 0]) if total else math.nan
        chance = math.fsum(t / total * (p / total)) if total else math.nan
        kappa = (accuracy - chance) / (1 - chance)
    check(truth, prediction, classes, ignore, iou, dice, kappa)
    for what, values in (("iou", iou), ("dice", dice), ("recall", recall), ("precision", precision)):
        yield f"{what} {text(values)}"
    yield f"means {text(map(mean, (iou, dice, recall, precision)))}"
    yield f"miou-nan {text([replaced(iou, None)])}"
    yield f"miou-zero {text([replaced(iou, 0.0)])}"
    yield f"miou-one {text([replaced(iou, 1.0)])}"
    yield f"pixels {text([accuracy, weighted, kappa])}"
    for px in (0, 1, 3):
        yield f"boundary-iou {px} {text(boundary_iou(truth, prediction, classes, ignore, px))}"
        yield f"boundary-f {px} {text(boundary_f(truth, prediction, classes, ignore, px))}"
    yield f"ece {text([calibration_error(truth, prediction, confidence, ignore)])}"
    yield f"alpha {text(alpha_errors((truth * 40) % 256, confidence))}"


def cases():
    rng = np.random.default_rng(7)

    def noise(shape):
        return rng.integers(0, 256, shape)

    shape = (40, 60)
    truth = blobs(rng, *shape, 5, 4)
    other = np.where(rng.random(shape) < 0.1, rng.integers(0, 5, shape), np.roll(truth, 2, 1))
    yield from case("plain", truth, other, noise(shape), 5)
    border = np.where(scipy.ndimage.morphological_gradient(truth, 3) > 0, 255, truth)
    yield from case("void-border", border, other, noise(shape), 5)
    yield from case("predicted-void", border, np.where(rng.random(shape) < 0.05, 255, other), noise(shape), 5)
    yield from case("absent-classes", border, other, noise(shape), 9)
    missed = np.where(other == 3, 6, other)
    yield from case("missed-and-invented", border, missed, noise(shape), 9)
    yield from case("no-such-class", border, np.where(other == 3, 200, other), noise(shape), 5)
    yield from case("one-class", np.zeros((9, 7), int), np.zeros((9, 7), int), noise((9, 7)), 1)
    yield from case("one-class-void", np.where(noise((9, 7)) < 99, 255, 0), np.zeros((9, 7), int), noise((9, 7)), 1)
    yield from case("all-void", np.full((5, 6), 255), np.zeros((5, 6), int), noise((5, 6)), 3)
    yield from case("ignore-11", np.where(noise(shape) < 30, 11, truth), other, noise(shape), 11, ignore=11)
    large = blobs(rng, 150, 200, 3, 12)
    yield from case("large", large, np.roll(large, (3, 2), (0, 1)), noise(large.shape), 3)


if __name__ == "__main__":
    lines = [
        f"# numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__},"
        f" torchmetrics {torchmetrics.__version__}; see src/test/python/metrics_golden.py",
        *cases(),
    ]
    OUTPUT.write_text("\n".join(lines) + "\n")
