"""Golden values for augmentation: what Pillow 9.4 makes of generated pictures and masks.

Run from the top of the repository:

    python3 segmentation-training/src/test/python/augment_golden.py

It writes augment-golden.txt among the test resources. Lines starting with '#' are comments. There are
two kinds of other lines, with fields separated by one space. Results are the SHA-256 of all samples in
row-major order; of masks, each category is two bytes, the upper one first.

    NAME NUMBER kind width height seed sha256

        NAME    brightness, contrast, saturation: ImageEnhance, with the factor NUMBER
                hue: torchvision's adjust_hue for Pillow's images, with the factor NUMBER
                blur: ImageFilter.GaussianBlur, with the radius NUMBER
                gray: convert("L"); NUMBER is 0 and not used

    scene resizedWidth resizedHeight degrees left top cropWidth cropHeight kind width height seed photo mask

        resizes bilinearly, rotates bilinearly, then crops; (10, 20, 30) lies outside. The mask: nearest
        pixels, and 65535 outside

    kind    noise: one generator for the whole picture, bytes in row-major RGB order; for each byte
                   s = s * 1664525 + 1013904223 (mod 2^32), starting at seed, byte = s >>> 24
            cube:  512 x 512 colors; pixel i has red 4 * (i & 63) + 1, green 4 * ((i >> 6) & 63) + 2,
                   and blue 4 * (i >> 12)
    masks   the same generator; for each pixel, s >>> 20
"""

import hashlib
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageEnhance, ImageFilter

OUTPUT = Path(
    "segmentation-training/src/test/resources/io/github/pixelwise/training/augment/augment-golden.txt"
)
PADDING = (10, 20, 30)
VOID = 65535


def numbers(count, seed):
    s = seed
    for _ in range(count):
        s = (s * 1664525 + 1013904223) & 0xFFFFFFFF
        yield s


def picture(kind, width, height, seed):
    if kind == "cube":
        i = np.arange(512 * 512)
        rgb = np.stack([4 * (i & 63) + 1, 4 * ((i >> 6) & 63) + 2, 4 * (i >> 12)], axis=1)
        return Image.fromarray(rgb.astype(np.uint8).reshape(512, 512, 3))
    samples = bytes(s >> 24 for s in numbers(width * height * 3, seed))
    return Image.frombytes("RGB", (width, height), samples)


def mask(width, height, seed):
    categories = np.array([s >> 20 for s in numbers(width * height, seed)], dtype=np.int32)
    return Image.fromarray(categories.reshape(height, width), "I")


def hue(image, factor):
    h, s, v = image.convert("HSV").split()
    shifted = (np.array(h, dtype=np.int32) + int(factor * 255)) & 255
    h = Image.fromarray(shifted.astype(np.uint8), "L")
    return Image.merge("HSV", (h, s, v)).convert("RGB")


CHANGES = {
    "brightness": lambda image, factor: ImageEnhance.Brightness(image).enhance(factor),
    "contrast": lambda image, factor: ImageEnhance.Contrast(image).enhance(factor),
    "saturation": lambda image, factor: ImageEnhance.Color(image).enhance(factor),
    "hue": hue,
    "blur": lambda image, radius: image.filter(ImageFilter.GaussianBlur(radius)),
    "gray": lambda image, _: image.convert("L").convert("RGB"),
}
NUMBERS = {
    "brightness": (0, 0.3, 0.8, 1, 1.25, 2.7),
    "contrast": (0, 0.37, 0.9, 1, 1.1, 3),
    "saturation": (0, 0.45, 1, 1.3, 2.2),
    "hue": (-0.5, -0.18, -0.003, 0, 0.02, 0.1, 0.27, 0.5),
    "gray": (0,),
}
SIGMAS = (0, 0.1, 0.5, 0.9, 1, 1.7, 2, 3.3, 8, 40)
BLURRED = ((1, 1), (2, 3), (13, 7), (40, 31))
# Source, size, angle, crop.
SCENES = (
    ((31, 23), (31, 23), 0, (0, 0, 31, 23)),
    ((31, 23), (31, 23), 0, (4, 5, 16, 9)),
    ((31, 23), (31, 23), 0, (-6, -3, 50, 40)),
    ((31, 23), (62, 46), 0, (11, 3, 30, 30)),
    ((31, 23), (47, 20), 0, (-2, -9, 60, 33)),
    ((64, 48), (21, 16), 0, (3, 2, 15, 12)),
    ((31, 23), (31, 23), 10, (0, 0, 31, 23)),
    ((31, 23), (31, 23), -7.3, (0, 0, 31, 23)),
    ((31, 23), (31, 23), 45, (5, 5, 20, 15)),
    ((31, 23), (31, 23), 90, (0, 0, 31, 23)),
    ((24, 24), (24, 24), 90, (0, 0, 24, 24)),
    ((24, 24), (24, 24), -90, (0, 0, 24, 24)),
    ((31, 23), (31, 23), 180, (0, 0, 31, 23)),
    ((31, 23), (57, 41), 3.25, (20, 9, 30, 30)),
    ((64, 48), (33, 27), -28, (-5, -4, 50, 45)),
    ((64, 48), (300, 200), 1e-9, (0, 0, 300, 200)),
    ((64, 48), (300, 200), 12.5, (120, 3, 100, 90)),
    ((5, 90), (5, 90), 90, (0, 0, 3, 3)),
)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def change_lines():
    for name, values in NUMBERS.items():
        for number in values:
            for kind, width, height, seed in (("noise", 40, 31, 7), ("cube", 512, 512, 0)):
                result = CHANGES[name](picture(kind, width, height, seed), number)
                yield f"{name} {number} {kind} {width} {height} {seed} {sha256(result.tobytes())}"
    for sigma in SIGMAS:
        for width, height in BLURRED:
            result = CHANGES["blur"](picture("noise", width, height, 11), sigma)
            yield f"blur {sigma} noise {width} {height} 11 {sha256(result.tobytes())}"


def cropped(image, crop, outside):
    left, top, width, height = crop
    result = Image.new(image.mode, (width, height), outside)
    result.paste(image, (-left, -top))
    return result


def scene_lines():
    for source, size, degrees, crop in SCENES:
        photo = picture("noise", *source, 3).resize(size, Image.Resampling.BILINEAR)
        photo = photo.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=PADDING)
        photo = cropped(photo, crop, PADDING)
        truth = mask(*source, 5).resize(size, Image.Resampling.NEAREST)
        truth = truth.rotate(degrees, Image.Resampling.NEAREST, fillcolor=VOID)
        truth = np.array(cropped(truth, crop, VOID)).astype(">u2")
        fields = [*size, degrees, *crop, "noise", *source, 3]
        fields += [sha256(photo.tobytes()), sha256(truth.tobytes())]
        yield "scene " + " ".join(str(field) for field in fields)


def main():
    lines = [f"# Made by augment_golden.py with Pillow {PIL.__version__}."]
    lines += [*change_lines(), *scene_lines()]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
