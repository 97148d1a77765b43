"""Golden values for post-processing: what OpenCV 4.6 and numpy make of small images.

Run from the top of the repository:

    python3 segmentation-postprocess/src/test/python/opencv_golden.py

It writes these files among the test resources; lines of the text files starting with '#' are
comments, fields are separated by one space, and hex holds all bytes in row-major order.

blur-golden.txt: cv2.GaussianBlur on 8-bit single-channel images, default border (reflect 101)

    source NAME WIDTH HEIGHT HEX   an image
    size   NAME K HEX              NAME blurred with ksize (K, K), sigma 0
    sigma  NAME S HEX              NAME blurred with ksize (0, 0), sigma S

segmap-golden.txt: decode_segmap, a class map coloured with the 21 VOC colours

    classes WIDTH HEIGHT HEX       one byte per pixel, the class
    rgb     WIDTH HEIGHT HEX       three bytes per pixel

compositing/: PNG files, all 40 x 30

    classes.png                    the class map: a disc of 15 and a rectangle of 8 on 0; the indices of a
                                   palette image with the VOC palette
    classes-16.png                 16-bit gray: 40 x + 2000 y
    photo.png, background.png      RGB: the picture, and the picture to put behind it
    alpha.png                      8-bit grey: the colour map's grey > 0 -> 255, Gaussian 7 x 7, sigma 0
    correct-BEHIND.png             RGB: alpha / 255 * F + (1 - alpha / 255) * B in float64, rounded half up

BEHIND is white (255, 255, 255), colour (30, 200, 90) or image (background.png).
"""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

OUTPUT = Path("segmentation-postprocess/src/test/resources/io/github/pixelwise/postprocess")
SIZES = (1, 3, 5, 7, 9, 15, 31)
SIGMAS = (0.5, 1.0, 1.4, 2.0, 5.0, 10.0)
VOC = np.array([(0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128), (128, 0, 128), (0, 128, 128),
                (128, 128, 128), (64, 0, 0), (192, 0, 0), (64, 128, 0), (192, 128, 0), (64, 0, 128), (192, 0, 128),
                (64, 128, 128), (192, 128, 128), (0, 64, 0), (128, 64, 0), (0, 192, 0), (128, 192, 0),
                (0, 64, 128)], np.uint8)


def noise(shape, state):
    """Bytes s >>> 24 of the generator s = s * 1664525 + 1013904223 (mod 2^32)."""
    values = []
    for _ in range(np.prod(shape)):
        state = state * 1664525 + 1013904223 & 0xFFFFFFFF
        values.append(state >> 24)
    return np.array(values, np.uint8).reshape(shape)


def gradient(height, width):
    y, x, c = np.ogrid[:height, :width, :3]
    return ((x * 7 + y * 13 + c * 50) & 255).astype(np.uint8)


def paint(height, width, disc, rectangle):
    """A map of 0 with a rectangle in the lower left corner and a disc on the right."""
    y, x = np.ogrid[:height, :width]
    image = np.zeros((height, width), np.uint8)
    image[height // 2:, :width // 3] = rectangle
    image[(3 * x - 2 * width) ** 2 + (3 * y - height) ** 2 < (0.9 * height) ** 2] = disc
    return image


def blur_lines():
    sources = {"noise": noise((17, 23), 1), "mask": paint(24, 32, 255, 255), "pixel": noise((1, 1), 2),
               "row": noise((1, 9), 3), "column": noise((9, 1), 4), "tiny": noise((3, 3), 5),
               "pair": noise((5, 2), 6)}
    yield f"# OpenCV {cv2.__version__}: source NAME WIDTH HEIGHT HEX, size NAME K HEX, sigma NAME S HEX"
    for name, image in sources.items():
        height, width = image.shape
        yield f"source {name} {width} {height} {image.tobytes().hex()}"
        yield from (f"size {name} {k} {cv2.GaussianBlur(image, (k, k), 0).tobytes().hex()}" for k in SIZES)
        yield from (f"sigma {name} {s} {cv2.GaussianBlur(image, (0, 0), s).tobytes().hex()}" for s in SIGMAS)


def decode_segmap(classes):
    """The tutorial's loop over the classes."""
    red, green, blue = (np.zeros_like(classes) for _ in range(3))
    for number, colour in enumerate(VOC):
        index = classes == number
        red[index], green[index], blue[index] = colour
    return np.stack([red, green, blue], axis=2)


def segmap_lines():
    height, width = 6, 9
    y, x = np.ogrid[:height, :width]
    classes = ((x * 5 + y * 8) % len(VOC)).astype(np.uint8)
    assert len(np.unique(classes)) == len(VOC)
    yield f"# numpy {np.__version__}: classes WIDTH HEIGHT HEX, rgb WIDTH HEIGHT HEX"
    yield f"classes {width} {height} {classes.tobytes().hex()}"
    yield f"rgb {width} {height} {decode_segmap(classes).tobytes().hex()}"


def compositing():
    classes = paint(30, 40, disc=15, rectangle=8)
    photo = noise((30, 40, 3), 7)
    background = gradient(30, 40)

    grey = cv2.cvtColor(decode_segmap(classes), cv2.COLOR_RGB2GRAY)
    _, alpha = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY)
    alpha = cv2.GaussianBlur(alpha, (7, 7), 0)

    palette = Image.fromarray(classes, "P")
    palette.putpalette(VOC.tobytes())
    yield "classes", palette
    y, x = np.ogrid[:30, :40]
    yield "classes-16", Image.fromarray((x * 40 + y * 2000).astype(np.uint16))
    yield "photo", Image.fromarray(photo)
    yield "background", Image.fromarray(background)
    yield "alpha", Image.fromarray(alpha)

    opacity = alpha[..., np.newaxis] / 255.0
    behinds = {"white": np.full_like(photo, 255), "colour": np.full_like(photo, (30, 200, 90)), "image": background}
    for name, behind in behinds.items():
        correct = opacity * photo + (1 - opacity) * behind
        yield f"correct-{name}", Image.fromarray(np.floor(correct + 0.5).astype(np.uint8))


if __name__ == "__main__":
    folder = OUTPUT / "compositing"
    folder.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "blur-golden.txt").write_text("\n".join(blur_lines()) + "\n")
    (OUTPUT / "segmap-golden.txt").write_text("\n".join(segmap_lines()) + "\n")
    for name, image in compositing():
        image.save(folder / f"{name}.png", optimize=True)
