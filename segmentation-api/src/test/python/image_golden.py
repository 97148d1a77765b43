"""Golden image files: one of each kind that ImageIO reads, and the pixels that Pillow 9.4 finds in it.

Run from the top of the repository:

    python3 segmentation-api/src/test/python/image_golden.py

It writes image-golden.txt among the test resources. Lines starting with '#' are comments; every
other line is one file, four fields separated by one space:

    name width height pixels file

    pixels  the bytes of the upright 8-bit RGB picture in row-major order, in Base64; alpha is
            dropped and 16-bit samples are rounded, which Pillow itself does not do
    file    the bytes of the file in Base64

The files named jpeg-* are lossy, so a decoder may differ from Pillow's by one level. Those named
*-turned-N hold EXIF orientation N. Those named webp-* are there for what surrounds their pixels.
"""

import base64
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageCms, ImageOps

OUTPUT = Path("segmentation-api/src/test/resources/io/github/pixelwise/awt/image-golden.txt")
ORIENTATION = 0x0112
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]

random = np.random.default_rng(20)
NOISE = Image.fromarray(random.integers(0, 256, (5, 7, 4), np.uint8), "RGBA")
y, x = np.mgrid[:9, :10]
SMOOTH = Image.fromarray(np.stack([25 * x, 28 * y, 255 - 12 * (x + y)], 2).astype(np.uint8))


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color, rows, interlaced=False):
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows), 9)
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def deep_png(bands, color):
    """A 16-bit PNG and its samples, rounded to 8 bits."""
    samples = random.integers(0, 65536, (5, 7, bands)).astype(np.uint16)
    rounded = ((samples.astype(int) + 128) // 257).astype(np.uint8)
    rgb = rounded[:, :, :3] if bands > 2 else np.repeat(rounded[:, :, :1], 3, 2)
    return png(7, 5, 16, color, samples.byteswap()), Image.fromarray(rgb)


def interlaced_png():
    pixels = np.asarray(SMOOTH)
    passes = [pixels[top::down, left::right] for left, top, right, down in ADAM7]
    return png(*SMOOTH.size, 8, 2, [row for part in passes for row in part], True)


def srgb_profile():
    """A profile of sRGB other than Java's own, without the time it was made at."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)
    return bytes(profile)


def files():
    """Names and files, with the picture where it is not what Pillow finds."""
    rgb, grey = NOISE.convert("RGB"), NOISE.convert("L")
    palette = rgb.quantize(6)
    yield "png-rgb", saved(rgb, "PNG"), None
    yield "png-rgba", saved(NOISE, "PNG"), None
    yield "png-grey", saved(grey, "PNG"), None
    yield "png-grey-alpha", saved(NOISE.convert("LA"), "PNG"), None
    yield "png-1-bit", saved(grey.convert("1"), "PNG"), None
    yield "png-palette", saved(palette, "PNG", bits=4), None
    yield "png-palette-transparent", saved(palette, "PNG", transparency=bytes([0, 128])), None
    yield "png-rgb-transparent", saved(rgb, "PNG", transparency=rgb.getpixel((0, 0))), None
    yield "png-interlaced", interlaced_png(), None
    yield "png-srgb-profile", saved(rgb, "PNG", icc_profile=srgb_profile()), None
    yield "png-16-bit-rgb", *deep_png(3, 2)
    yield "png-16-bit-rgba", *deep_png(4, 6)
    yield "png-16-bit-grey", *deep_png(1, 0)
    yield "png-16-bit-grey-alpha", *deep_png(2, 4)
    yield "jpeg-rgb", saved(SMOOTH, "JPEG", subsampling=0), None
    yield "jpeg-subsampled", saved(SMOOTH, "JPEG", subsampling=2), None
    yield "jpeg-progressive", saved(SMOOTH, "JPEG", progressive=True), None
    yield "jpeg-grey", saved(SMOOTH.convert("L"), "JPEG"), None
    yield "jpeg-cmyk", saved(SMOOTH.convert("CMYK"), "JPEG"), None
    yield "gif", saved(palette, "GIF", optimize=True), None
    yield "bmp-rgb", saved(rgb, "BMP"), None
    yield "bmp-1-bit", saved(grey.convert("1"), "BMP"), None
    yield "tiff-rgb", saved(rgb, "TIFF"), None
    yield "tiff-rgba-lzw", saved(NOISE, "TIFF", compression="tiff_lzw"), None
    yield "tiff-grey-deflate", saved(grey, "TIFF", compression="tiff_adobe_deflate"), None
    yield "tiff-1-bit-fax", saved(grey.convert("1"), "TIFF", compression="group4"), None
    yield "tiff-cmyk", saved(rgb.convert("CMYK"), "TIFF"), None
    small = rgb.crop((0, 0, 3, 2))
    for value in range(1, 9):
        file = saved(small, "PNG", exif=oriented(value))
        yield f"png-turned-{value}", file, None
    # Pillow does not look at the orientation of a TIFF, but it means the same.
    turned = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    yield "tiff-turned-8", saved(small, "TIFF", tiffinfo={ORIENTATION: 8}), turned
    yield "jpeg-turned-6", saved(SMOOTH.convert("L"), "JPEG", exif=oriented(6)), None
    yield "webp-turned-6", saved(small, "WEBP", lossless=True, exif=oriented(6)), None


def oriented(value):
    exif = Image.Exif()
    exif[ORIENTATION] = value
    return exif


def line(name, file, picture):
    if picture is None:
        picture = ImageOps.exif_transpose(Image.open(io.BytesIO(file))).convert("RGB")
    encoded = [base64.b64encode(data).decode() for data in (picture.tobytes(), file)]
    return " ".join([name, str(picture.width), str(picture.height), *encoded])


if __name__ == "__main__":
    head = f"# Pillow {PIL.__version__}: name width height pixels file"
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n".join([head, *(line(*file) for file in files())]) + "\n")
