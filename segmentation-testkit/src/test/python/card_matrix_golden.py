"""The matrix of model cards: what Pillow, OpenCV, torchvision and numpy make of every combination.

Run from the top of the repository (Pillow 9.4, OpenCV 4.6, torch 1.13, torchvision 0.14):

    python3 segmentation-testkit/src/test/python/card_matrix_golden.py

Each case is a model card, as a user would write it, over a tiny network: a 1 x 1 convolution of the
card's stride that weighs the three channels into logits, then softmax, sigmoid or arg-max, in several
types of number and layouts (MatrixNetworks writes them as ONNX, torchscript_networks.py as TorchScript). The rules are those of
docs/model-card.md, worked out here once more in exact fractions. Files, among the main resources:

    NAME.png    three photographs
    cards.gz    text: the cards, each after a line "== PHOTO"
    masks.gz    bytes: for each card the mask of the photograph's size, then a byte each for width
                and height of the network's input, then the mask of that size

A mask's byte is a class, 255 where the network saw nothing, or 254 where two classes lie closer than the
engines' arithmetic (1e-5), or closer than what samples off by one make of them where the photograph was
resized by OpenCV, whose result the library promises within one.

Before it writes, the script asserts that the cases cover every triple of choices, and that mistakes
(channels in the wrong order, a crop off by one, another interpolation, ...) change the masks.
"""

import gzip
import itertools
import random
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from torch.nn import functional
from torchvision.transforms.functional import center_crop

OUTPUT = Path("segmentation-testkit/src/main/resources/io/github/pixelwise/testkit/matrix")
VOID, UNDECIDED = 255, 254
CLOSE = 1e-5
WEIGHTS = np.array([(1, -0.5, 0.25), (-0.75, 1, 0.5), (0.25, -0.625, -1), (-0.5, 0.125, 1.25), (-0.25, -0.875, 0.375)])
BIAS = np.array((0.125, 0, -0.125, 0.0625, 0.25))
SIGMOID_WEIGHTS, SIGMOID_BIAS = np.array([(1.5, -1, 0.75)]), np.array([-0.125])

FIXED, EDGES = {"fixed": "fixed 32 x 24"}, {"short": "short-edge 24", "long": "long-edge 40"}
INTEGERS = ("int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8")
AXES = {
    # All combinations of these seven.
    "rule": ("fixed", "short", "long"),
    "multiple": ((1, 0), (8, 0), (8, 1)),
    "rounding": ("nearest", "down"),
    "resize": ("stretch", "letterbox", "pad"),
    "crop": (None, (20, 16), (47, 26)),
    "stride": (1, 4, 8),
    "alignment": ("half-pixel", "aligned-corners"),
    # All combinations of these four.
    "layout": ("NCHW", "NHWC"),
    "channels": ("RGB", "BGR"),
    "out": ("nchw", "nhwc", "none"),
    "type": ("logits-float", "logits-float16", "logits-double", "probabilities-float", "sigmoid-float",
             *(f"categories-{t}" for t in (*INTEGERS, "float", "double", "bool"))),
    # Spread over the others.
    "interpolation": ("bilinear", "bicubic", "nearest", "opencv-linear"),
    "norm": ("imagenet", "mmseg", "tensorflow", "binary"),
    "padding": (0, 114, 127.5),
    "threshold": (0.5, 0.3),
    "photo": ("landscape", "portrait", "wide"),
}
NORMS = {
    "imagenet": (Fraction(1, 255), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "mmseg": (Fraction(1), (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
    "tensorflow": (Fraction(2, 255), (1, 1, 1), (1, 1, 1)),
    # Every sum is exact in floats of 32 bits, so that rounding to 16 bits has one answer.
    "binary": (Fraction(1, 256), (0.5, 0.375, 0.625), (0.25, 0.5, 0.25)),
}
SIZES = {"landscape": (37, 23), "portrait": (27, 48), "wide": (50, 25)}  # with sides halfway between two lengths


def photograph(width, height, seed):
    """Coloured clouds: noise on two coarse grids, brought to size by cubic interpolation."""
    noise = np.random.RandomState(seed)
    layers = [(noise.randint(0, 256, (h, w, 3)).astype(np.uint8), part) for w, h, part in ((5, 4, 0.6), (11, 9, 0.4))]
    clouds = sum(np.asarray(Image.fromarray(layer).resize((width, height), Image.Resampling.BICUBIC), np.float64) * part
                 for layer, part in layers)
    return np.clip((clouds - 128) * 1.7 + 128, 0, 255).round().astype(np.uint8)


PHOTOS = {name: photograph(*size, seed) for seed, (name, size) in enumerate(SIZES.items(), 3)}


# The cases.

def valid(case):
    get = case.get
    return not (get("rule") == "fixed" and get("multiple") not in (None, (1, 0))
                or get("out") == "none" and get("type", "categories").split("-")[0] != "categories"
                or get("type") == "logits-float16" and get("norm", "binary") != "binary"
                or get("threshold", 0.5) != 0.5 and (get("type", "sigmoid-float") != "sigmoid-float" or get("out") == "none"))


def product(names):
    cases = (dict(zip(names, values)) for values in itertools.product(*(AXES[name] for name in names)))
    return [case for case in cases if valid(case)]


def tuples(case, strength):
    return set(itertools.combinations(sorted(case.items(), key=lambda item: item[0]), strength))


def cases():
    """Every geometry with a tensor form in turn; the rest chosen so that new triples come about."""
    names = list(AXES)
    chance = random.Random(1)
    forms = product(names[7:11])
    missing = {t for three in itertools.combinations(sorted(names), 3) for case in product(three) for t in tuples(case, 3)}
    total = len(missing)
    queue, result = [], []
    for geometry in product(names[:7]):
        if len(queue) < 40:
            queue += chance.sample(forms, len(forms))
        candidates = []
        for i in chance.sample(range(40), 12):
            for _ in range(5):
                rest = {name: chance.choice(AXES[name]) for name in names[11:]}
                candidate = {**geometry, **queue[i], **rest}
                if valid(candidate):
                    candidates.append((len(tuples(candidate, 3) & missing), i, candidate))
        # The first of the queue goes first where it is nearly as good, so that none is left over.
        gain, i, best = max(candidates, key=lambda c: (c[0] - c[1] * 0.5))
        del queue[i]
        missing -= tuples(best, 3)
        result.append(best)
    while missing:
        wanted = dict(min(missing, key=repr))
        candidates = [{name: wanted.get(name, chance.choice(AXES[name])) for name in names} for _ in range(5000)]
        best = max(filter(valid, candidates), key=lambda case: len(tuples(case, 3) & missing))
        missing -= tuples(best, 3)
        result.append(best)
    counts = {tuple(form.values()): 0 for form in forms}
    for case in result:
        counts[tuple(case[name] for name in names[7:11])] += 1
    assert min(counts.values()) > 0
    print(f"{len(result)} cases; {len(forms)} tensor forms, each {min(counts.values())} to {max(counts.values())} times; "
          f"all {total} triples of choices")
    return result


def card(number, case):
    """The card's text. Keys that say what is so anyway are left out."""
    kind = case["type"].split("-")[0]
    scale, mean, std = NORMS[case["norm"]]
    network = f"{case['layout'].lower()}-{case['stride']}-{case['type']}"
    multiple, remainder = case["multiple"]
    lines = {
        "name": f"card-{number}", "file.onnx": f"{network}.onnx", "file.torchscript": f"{network}.pt",
        "file.reference": f"{network}.reference",
        "input.name": "image", "input.layout": case["layout"], "input.channels": case["channels"],
        "input.scale": scale, "input.mean": ", ".join(map(str, mean)), "input.std": ", ".join(map(str, std)),
        "input.size": {**FIXED, **EDGES}[case["rule"]], "input.multiple": multiple, "input.remainder": remainder,
        "input.rounding": case["rounding"], "input.resize": case["resize"],
        "input.crop": case["crop"] and "%d x %d" % case["crop"], "input.interpolation": case["interpolation"],
        "input.padding": case["padding"], "output.name": "out-" + case["out"],
        "output.layout": "NHWC" if case["out"] == "nhwc" else "NCHW", "output.kind": kind,
        "output.stride": case["stride"], "output.alignment": case["alignment"], "output.threshold": case["threshold"],
        "labels": ", ".join("abcde"[:classes(case)]),
    }
    absent = {"input.layout": "NCHW", "input.channels": "RGB", "input.scale": Fraction(1, 255), "input.mean": "0, 0, 0",
              "input.std": "1, 1, 1", "input.multiple": 1, "input.remainder": 0, "input.rounding": "nearest",
              "input.resize": "stretch", "input.crop": None, "input.interpolation": "bilinear", "input.padding": 0,
              "output.layout": "NCHW", "output.kind": "logits", "output.stride": 1, "output.alignment": "half-pixel",
              "output.threshold": 0.5}
    return "".join(f"{key} = {value}\n" for key, value in lines.items() if key not in absent or absent[key] != value)


def classes(case):
    return 2 if case["type"] in ("sigmoid-float", "categories-bool") else 5


# From photograph to tensor.

def whole(number, rounding):
    return floor(number) if rounding == "down" else round(number)


def geometry(case):
    """Sides of the input and of the resized photograph, and where that lies in it."""
    sides = SIZES[case["photo"]]
    given = (32, 24) if case["rule"] == "fixed" else (24, 24) if case["rule"] == "short" else (40, 40)
    scales = [Fraction(g, s) for g, s in zip(given, sides)]
    scale = max(scales) if case["rule"] == "short" else min(scales)
    scaled = [scale * s for s in sides]
    (multiple, remainder), rounding = case["multiple"], case["rounding"]
    if case["resize"] == "stretch":
        least = remainder or multiple
        edges = [max(least, multiple * whole((s - remainder) / multiple, rounding) + remainder) for s in scaled]
        content = list(given) if case["rule"] == "fixed" else edges
        sides = content
    else:
        content = [max(1, whole(s, rounding)) for s in scaled]
        up = [ceil(Fraction(c - remainder, multiple)) * multiple + remainder for c in content]
        sides = list(given) if case["rule"] == "fixed" else up
    start = [(s - c) // 2 if case["resize"] == "letterbox" else 0 for s, c in zip(sides, content)]
    if case["crop"]:
        # torchvision crops, and pads where there is too little, a picture that tells each pixel's place.
        places = np.stack(np.meshgrid(*(np.arange(1, s + 1, dtype=np.uint8) for s in sides)))
        cropped = center_crop(torch.from_numpy(places), case["crop"][::-1]).numpy()
        for axis, line in enumerate((cropped[0].max(axis=0), cropped[1].max(axis=1))):
            first = int(np.argmax(line > 0))
            start[axis] += first - (int(line[first]) - 1)
        sides = list(case["crop"])
    return sides, content, start


def resized(case, size):
    photo = PHOTOS[case["photo"]]
    if case["interpolation"] == "opencv-linear":
        return cv2.resize(photo, tuple(size), interpolation=cv2.INTER_LINEAR)
    return np.asarray(Image.fromarray(photo).resize(size, Image.Resampling[case["interpolation"].upper()]))


def tensor(case, place):
    """The network's input, height x width x channel."""
    (width, height), content, (left, top) = place
    picture = np.full((height, width, 3), float(case["padding"]))
    image = resized(case, content)
    across = [x for x in range(width) if 0 <= x - left < content[0]]
    down = [y for y in range(height) if 0 <= y - top < content[1]]
    picture[np.ix_(down, across)] = image[np.ix_([y - top for y in down], [x - left for x in across])]
    if case["channels"] == "BGR":
        picture = picture[:, :, ::-1]
    scale, mean, std = NORMS[case["norm"]]
    return ((picture * float(scale) - mean) / std).astype(np.float32)


# The network, and what its output means.

def network(case, pixels):
    """Scores on the grid, height x width x channel, in the network's own type of number."""
    sampled = pixels[::case["stride"], ::case["stride"]].astype(np.float64)
    if case["type"] == "sigmoid-float":
        return 1 / (1 + np.exp(-(sampled @ SIGMOID_WEIGHTS.T + SIGMOID_BIAS)))
    logits = sampled @ WEIGHTS[:classes(case)].T + BIAS[:classes(case)]
    if case["type"] == "logits-float16":
        return logits.astype(np.float16).astype(np.float64)
    if case["type"] == "probabilities-float":
        powers = np.exp(logits - logits.max(axis=2, keepdims=True))
        return powers / powers.sum(axis=2, keepdims=True)
    return logits


def noise(case, place):
    """How far samples off by one bring two classes together, at most: a matrix of classes."""
    (_, content, _) = place
    count = classes(case) if case["type"] != "sigmoid-float" else 1
    if case["interpolation"] != "opencv-linear" or tuple(content) == SIZES[case["photo"]]:
        return np.zeros((count, count))
    scale, _, std = NORMS[case["norm"]]
    step = float(scale) / np.array(std)
    if case["type"] == "sigmoid-float":
        return np.full((1, 1), (np.abs(SIGMOID_WEIGHTS) @ step).max() / 4)  # the steepest that a sigmoid is
    difference = np.abs(WEIGHTS[:count, None] - WEIGHTS[None, :count]) @ step
    if case["type"] == "probabilities-float":
        return np.full((count, count), difference.max() / 2)  # each changes by a quarter of that at most
    return difference


def positions(pixels, content, start, side, grid, alignment):
    """Where a photograph's pixels lie on the grid, None outside the input."""
    result = []
    for i in range(pixels):
        place = Fraction(2 * i + 1, 2) * content / pixels - Fraction(1, 2) + start
        if alignment == "half-pixel":
            node = (place + Fraction(1, 2)) * grid / side - Fraction(1, 2)
        else:
            node = place * Fraction(grid - 1, max(1, side - 1))
        inside = -Fraction(1, 2) <= place <= side - Fraction(1, 2)
        result.append(min(max(node, 0), grid - 1) if inside else None)
    return result


def interpolated(values, nodes, axis):
    low = np.array([floor(n) for n in nodes])
    part = np.array([float(n - floor(n)) for n in nodes])
    high = np.minimum(low + 1, values.shape[axis] - 1)
    shape = [-1 if a == axis else 1 for a in range(values.ndim)]
    part = part.reshape(shape)
    return np.take(values, low, axis) * (1 - part) + np.take(values, high, axis) * part


def decided(case, scores, bound):
    """The classes, and UNDECIDED where the two best are too close."""
    if case["type"] == "sigmoid-float":
        margin = scores[:, :, 0] - case["threshold"]
        return np.where(np.abs(margin) <= bound[0, 0] + CLOSE, UNDECIDED, np.where(margin > 0, 1, 0)).astype(np.uint8)
    best = scores.argmax(axis=2)
    margins = np.take_along_axis(scores, best[:, :, None], 2) - scores
    close = (margins <= bound[best] + CLOSE).sum(axis=2) > 1  # the best itself is always
    return np.where(close, UNDECIDED, best).astype(np.uint8)


def mask(case, scores, bound, columns, rows):
    result = np.full((len(rows), len(columns)), VOID, np.uint8)
    xs, ys = ([i for i, n in enumerate(nodes) if n is not None] for nodes in (columns, rows))
    if not xs or not ys:
        return result
    across, down = [columns[x] for x in xs], [rows[y] for y in ys]
    if case["type"].startswith("categories"):
        nearest = [[floor(n + Fraction(1, 2)) for n in nodes] for nodes in (down, across)]
        inside = decided(case, scores, bound)[np.ix_(*nearest)]
    else:
        inside = decided(case, interpolated(interpolated(scores, down, 0), across, 1), bound)
    result[np.ix_(ys, xs)] = inside
    return result


def masks(case):
    """The tensor, the mask of the photograph's size and that of the input's."""
    place = geometry(case)
    sides, content, start = place
    pixels = tensor(case, place)
    scores = network(case, pixels)
    bound = noise(case, place)
    grid = scores.shape[1::-1]
    pairs = [[positions(p, c, s, side, g, case["alignment"])
              for p, c, s, side, g in zip(photo, content_, start_, sides, grid)]
             for photo, content_, start_ in ((SIZES[case["photo"]], content, start), (sides, sides, (0, 0)))]
    if not case["type"].startswith("categories"):
        require_torch_agrees(case, scores, pairs[1])
    return [pixels] + [mask(case, scores, bound, *pair) for pair in pairs]


def require_torch_agrees(case, scores, nodes):
    mine = interpolated(interpolated(scores, nodes[1], 0), nodes[0], 1)
    torchs = functional.interpolate(torch.from_numpy(scores.transpose(2, 0, 1)[None]), mine.shape[:2], mode="bilinear",
                                    align_corners=case["alignment"] == "aligned-corners")
    assert np.allclose(mine, torchs[0].numpy().transpose(1, 2, 0), rtol=0, atol=1e-9), case


# Whether mistakes would be found.

def differ(one, other):
    return one.shape != other.shape or bool(((one != other) & (one != UNDECIDED) & (other != UNDECIDED)).any())


def require_mistakes_show(all_cases, results):
    for axis in ("rule", "multiple", "rounding", "resize", "crop", "alignment", "channels", "interpolation", "norm",
                 "padding", "threshold", "photo"):
        possible = found = 0
        for case, (pixels, source, model) in zip(all_cases, results):
            for value in AXES[axis]:
                mistaken = {**case, axis: value}
                if value == case[axis] or not valid(mistaken):
                    continue
                other, other_source, other_model = masks(mistaken)
                same = pixels.shape == other.shape and (pixels == other).all()
                if same and (axis not in ("alignment", "threshold") or case["stride"] == 1 and axis == "alignment"):
                    continue  # another way to say the same
                possible += 1
                found += differ(source, other_source) or differ(model, other_model)
        print(f"{axis}: {found} of {possible} mistakes change the mask")
        assert 2 * found > possible


def main():
    all_cases = cases()
    results = [masks(case) for case in all_cases]
    for interpolation in AXES["interpolation"]:
        chosen = [m for case, r in zip(all_cases, results) if case["interpolation"] == interpolation for m in r[1:]]
        print(f"{interpolation}: {sum((m == UNDECIDED).sum() for m in chosen)} undecided pixels of {sum(m.size for m in chosen)}")
    used = np.bincount(np.concatenate([r[1].ravel() for r in results]), minlength=256)
    print("pixels a class:", used[:5], "void:", used[VOID])
    require_mistakes_show(all_cases, results)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for name, photo in PHOTOS.items():
        Image.fromarray(photo).save(OUTPUT / f"{name}.png", optimize=True)
    text = "".join(f"== {case['photo']}\n{card(i, case)}" for i, case in enumerate(all_cases))
    data = b"".join(s.tobytes() + bytes(m.shape[::-1]) + m.tobytes() for _, s, m in results)
    for name, content in (("cards", text.encode()), ("masks", data)):
        (OUTPUT / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
        print(name, len(content), (OUTPUT / f"{name}.gz").stat().st_size)


if __name__ == "__main__":
    main()
