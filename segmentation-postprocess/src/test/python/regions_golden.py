"""Golden values for morphology, regions, outlines and panels: what OpenCV 4.6, scikit-image 0.19, SciPy 1.10,
Pillow 9.4 and plain numpy make of small images.

Run from the top of the repository:

    python3 segmentation-postprocess/src/test/python/regions_golden.py

It writes these files among the test resources; lines starting with '#' are comments, fields are separated by one
space, hex holds all bytes in row-major order, and the first lines of each file give its images:

    source NAME WIDTH HEIGHT HEX

morphology-golden.txt: 8-bit grey images; cv2.erode, dilate and morphologyEx with the kernel skimage.morphology.disk(R)
and OpenCV's default border

    erode | dilate | open | close NAME R HEX

regions-golden.txt: class maps, 255 is void

    regions NAME CATEGORY,AREA,X,Y,WIDTH,HEIGHT ...   skimage.measure.label, 8-connected, and regionprops
    drop NAME MIN HEX                                 drop_small below
    fill NAME CATEGORY MAX HEX                        holes of at most MAX pixels of CATEGORY become CATEGORY
    outline NAME W HEX                                1 where another category lies at most W pixels away

islands-golden.txt: 8-bit alpha

    drop NAME MIN HEX       skimage.morphology.remove_small_objects of alpha > 0, 8-connected
    fill NAME MAX HEX       skimage.morphology.remove_small_holes of alpha == 255, 4-connected, of those holes that
                            scipy.ndimage.binary_fill_holes fills

panels-golden.txt

    source NAME WIDTH HEIGHT HEX        of class maps; of RGB images ("rgb" in place of "source"), three bytes a pixel
    panel PHOTO CLASSES CATEGORY HEX    0.4 * (0.299 R + 0.587 G + 0.114 B), rounded half up, outside CATEGORY
    grid WIDTH HEIGHT HEX COLUMNS CELL PHOTO ...    Pillow's bilinear resize, pasted 8 pixels apart on white
"""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import scipy
import skimage
from PIL import Image
from scipy import ndimage
from skimage import measure, morphology

OUTPUT = Path("segmentation-postprocess/src/test/resources/io/github/pixelwise/postprocess")
VOID = 255


def noise(shape, state):
    """Bytes s >>> 24 of the generator s = s * 1664525 + 1013904223 (mod 2^32)."""
    values = []
    for _ in range(np.prod(shape)):
        state = state * 1664525 + 1013904223 & 0xFFFFFFFF
        values.append(state >> 24)
    return np.array(values, np.uint8).reshape(shape)


def blobs(height, width, classes, spread, state):
    """A map of 0 to classes - 1 whose regions are the larger the more the noise is blurred."""
    planes = [cv2.GaussianBlur(noise((height, width), state + i).astype(np.float32), (0, 0), spread)
              for i in range(classes)]
    return np.argmax(planes, axis=0).astype(np.uint8)


def source_lines(sources):
    for name, image in sources.items():
        height, width = image.shape
        yield f"source {name} {width} {height} {image.tobytes().hex()}"


def morphology_lines():
    hard = (blobs(19, 26, 2, 1.5, 10) * 255).astype(np.uint8)
    sources = {"noise": noise((17, 23), 1), "hard": hard, "soft": cv2.GaussianBlur(hard, (5, 5), 0),
               "pixel": noise((1, 1), 2), "row": noise((1, 9), 3), "column": noise((9, 1), 4), "tiny": noise((3, 3), 5),
               "pair": noise((5, 2), 6)}
    operations = {"erode": cv2.MORPH_ERODE, "dilate": cv2.MORPH_DILATE, "open": cv2.MORPH_OPEN, "close": cv2.MORPH_CLOSE}
    yield f"# OpenCV {cv2.__version__}, scikit-image {skimage.__version__}"
    yield from source_lines(sources)
    for name, image in sources.items():
        for radius in (0, 1, 2, 3, 5, 30):
            for operation, code in operations.items():
                result = cv2.morphologyEx(image, code, morphology.disk(radius))
                yield f"{operation} {name} {radius} {result.tobytes().hex()}"


def label(classes):
    """Numbers from 1 on, in the order of first pixels."""
    return measure.label(classes.astype(int), background=-1, connectivity=2)


def drop_small(classes, minimum):
    """Small regions take the class with which they share the longest border, of settled regions."""
    labels = label(classes)
    count = labels.max()
    category = {n: int(classes[labels == n][0]) for n in range(1, count + 1)}
    size = {n: int((labels == n).sum()) for n in range(1, count + 1)}
    border = {n: {} for n in range(1, count + 1)}
    for a, b in ((labels[:, 1:], labels[:, :-1]), (labels[1:], labels[:-1])):
        for m, n in zip(a[a != b].tolist(), b[a != b].tolist()):
            border[m][n] = border[m].get(n, 0) + 1
            border[n][m] = border[n].get(m, 0) + 1
    void = {n for n in category if category[n] == VOID}
    waiting = {n for n in category if size[n] < minimum} - void
    settled = set(category) - waiting - void
    for more in (set(), void):
        settled |= more
        while True:
            decided = {}
            for n in waiting:
                shared = {}
                for other in settled & set(border[n]):
                    shared[category[other]] = shared.get(category[other], 0) + border[n][other]
                if shared:
                    decided[n] = min(shared, key=lambda c: (-shared[c], c))
            if not decided:
                break
            category.update(decided)
            waiting -= set(decided)
            settled |= set(decided)
    return np.vectorize(category.get)(labels).astype(np.uint8)


def holes(solid, most):
    filled = morphology.remove_small_holes(solid, most + 1, connectivity=1) & ndimage.binary_fill_holes(solid)
    return filled & ~solid


def outline(classes, width):
    padded = np.pad(classes.astype(int), width, constant_values=-1)
    height, breadth = classes.shape
    found = np.zeros(classes.shape, bool)
    for dy in range(-width, width + 1):
        for dx in range(-width, width + 1):
            if dx * dx + dy * dy <= width * width:
                there = padded[width + dy:width + dy + height, width + dx:width + dx + breadth]
                found |= (there >= 0) & (there != classes)
    return found.astype(np.uint8)


def regions_lines():
    gaps = blobs(24, 30, 4, 1.2, 40)
    gaps[gaps == 3] = VOID
    islands = np.full((16, 20), VOID, np.uint8)
    islands[1:3, 1:4] = 1
    islands[6:14, 5:15] = 2
    islands[7:9, 6:9] = 1
    islands[5, 12] = 3
    islands[2, 10:12] = (0, 3)
    rings = np.zeros((15, 17), np.uint8)
    for i, category in enumerate((1, 0, 2, 1, 2)):
        rings[1 + i:14 - i, 2 + i:15 - i] = category
    rings[0:3, 16] = 1
    sources = {"noise": noise((17, 23), 20) % 3, "blobs": blobs(24, 30, 5, 1.0, 30), "gaps": gaps, "islands": islands,
               "rings": rings, "pixel": np.array([[7]], np.uint8), "row": noise((1, 25), 21) % 2,
               "column": noise((25, 1), 22) % 3, "even": np.full((4, 5), 3, np.uint8),
               "void": np.full((4, 5), VOID, np.uint8)}
    yield f"# scikit-image {skimage.__version__}, SciPy {scipy.__version__}, numpy {np.__version__}"
    yield from source_lines(sources)
    for name, classes in sources.items():
        found = []
        for region in measure.regionprops(label(classes)):
            top, left, bottom, right = region.bbox
            y, x = region.coords[0]
            found.append(f"{classes[y, x]},{region.area},{left},{top},{right - left},{bottom - top}")
        yield f"regions {name} {' '.join(found)}"
        yield from (f"drop {name} {m} {drop_small(classes, m).tobytes().hex()}" for m in (1, 3, 10, 1000))
        for category in (0, 1, 2):
            for most in (2, 10 ** 9):
                filled = np.where(holes(classes == category, most), category, classes).astype(np.uint8)
                yield f"fill {name} {category} {most} {filled.tobytes().hex()}"
        yield from (f"outline {name} {w} {outline(classes, w).tobytes().hex()}" for w in (1, 2, 3, 40))


def islands_lines():
    hard = (blobs(24, 30, 2, 1.0, 50) * 255).astype(np.uint8)
    sources = {"hard": hard, "inverse": 255 - hard, "soft": cv2.GaussianBlur(hard, (3, 3), 0),
               "noise": (noise((17, 23), 51).astype(int) * 3 - 255).clip(0, 255).astype(np.uint8),
               "pixel": np.array([[9]], np.uint8), "row": noise((1, 25), 52) % 2 * 255}
    yield f"# scikit-image {skimage.__version__}, SciPy {scipy.__version__}"
    yield from source_lines(sources)
    for name, alpha in sources.items():
        for size in (1, 2, 5, 10 ** 9):
            kept = morphology.remove_small_objects(alpha > 0, size, connectivity=2)
            yield f"drop {name} {size} {np.where(kept, alpha, 0).astype(np.uint8).tobytes().hex()}"
            filled = np.where(holes(alpha == 255, size), 255, alpha)
            yield f"fill {name} {size} {filled.astype(np.uint8).tobytes().hex()}"


def panel(photo, classes, category):
    result = photo.copy()
    for y, x in zip(*np.nonzero(classes != category)):
        red, green, blue = (int(sample) for sample in photo[y, x])
        gray = Fraction(2, 5) * (299 * red + 587 * green + 114 * blue) / 1000
        result[y, x] = int(gray + Fraction(1, 2))
    return result


def grid(photos, columns, cell):
    height = round(photos[0].shape[0] * cell / photos[0].shape[1])
    across = min(columns, len(photos))
    down = -(-len(photos) // across)
    sheet = Image.new("RGB", (across * (cell + 8) - 8, down * (height + 8) - 8), "white")
    for i, photo in enumerate(photos):
        scaled = Image.fromarray(photo).resize((cell, height), Image.Resampling.BILINEAR)
        sheet.paste(scaled, (i % across * (cell + 8), i // across * (height + 8)))
    return np.asarray(sheet)


def panels_lines():
    classes = {"classes": blobs(9, 12, 3, 1.0, 60)}
    photos = {name: noise((9, 12, 3), state) for name, state in (("a", 61), ("b", 62), ("c", 63))}
    yield f"# numpy {np.__version__}, Pillow {Image.__version__}"
    yield from source_lines(classes)
    for name, photo in photos.items():
        yield f"rgb {name} {photo.shape[1]} {photo.shape[0]} {photo.tobytes().hex()}"
    for category in (0, 2, 9):
        yield f"panel a classes {category} {panel(photos['a'], classes['classes'], category).tobytes().hex()}"
    for columns, cell, names in ((2, 12, "abc"), (2, 5, "abc"), (5, 4, "ab"), (1, 20, "ac"), (3, 1, "b")):
        sheet = grid([photos[name] for name in names], columns, cell)
        height, width, _ = sheet.shape
        yield f"grid {width} {height} {sheet.tobytes().hex()} {columns} {cell} {' '.join(names)}"


if __name__ == "__main__":
    (OUTPUT / "morphology-golden.txt").write_text("\n".join(morphology_lines()) + "\n")
    (OUTPUT / "regions-golden.txt").write_text("\n".join(regions_lines()) + "\n")
    (OUTPUT / "islands-golden.txt").write_text("\n".join(islands_lines()) + "\n")
    (OUTPUT / "panels-golden.txt").write_text("\n".join(panels_lines()) + "\n")
