"""Golden image files: one of each kind that ImageIO reads, and the pixels that Pillow 9.4 finds in it.

Run from the top of the repository:

    python3 segmentation-imaging/src/test/python/image_golden.py

It writes image-golden.txt among the test resources. Lines starting with '#' are comments; every
other line is one file, four fields separated by one space:

    name width height pixels file

    pixels  the bytes of the upright 8-bit picture in row-major order, in Base64: RGB, or RGBA of
            files that are transparent. 16-bit samples are rounded, which Pillow itself does not do
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

OUTPUT = Path("segmentation-imaging/src/test/resources/io/github/pixelwise/imaging/image-golden.txt")
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
    if bands < 3:
        rounded = np.concatenate([np.repeat(rounded[:, :, :1], 3, 2), rounded[:, :, 1:]], 2)
    return png(7, 5, 16, color, samples.byteswap()), Image.fromarray(rounded)


def interlaced_png():
    pixels = np.asarray(SMOOTH)
    passes = [pixels[top::down, left::right] for left, top, right, down in ADAM7]
    return png(*SMOOTH.size, 8, 2, [row for part in passes for row in part], True)


def srgb_profile():
    """A profile of sRGB other than Java's own, without the time it was made at."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)
    return bytes(profile)


def tiff(samples, photometric, extra=(), planes=False, profile=b""):
    """A TIFF of any bands, in one strip, or in one for each plane."""
    height, width, bands = samples.shape
    strips = [samples[:, :, i].tobytes() for i in range(bands)] if planes else [samples.tobytes()]
    tags = {
        256: [width],
        257: [height],
        258: [samples.dtype.itemsize * 8] * bands,
        259: [1],
        262: [photometric],
        273: [0] * len(strips),
        277: [bands],
        278: [height],
        279: [len(strip) for strip in strips],
        284: [2 if planes else 1],
    }
    if extra:
        tags[338] = extra
    if profile:
        tags[34675] = profile
    end = 10 + 12 * len(tags) + 4
    kinds = {tag: "I" if tag in (273, 279) else "B" if tag == 34675 else "H" for tag in tags}
    sizes = [struct.calcsize(f"<{len(value)}{kinds[tag]}") for tag, value in tags.items()]
    values = end + sum(size for size in sizes if size > 4)
    tags[273] = np.cumsum([values, *tags[279][:-1]]).tolist()
    directory, data = struct.pack("<H", len(tags)), b""
    for tag, value in sorted(tags.items()):
        packed = struct.pack(f"<{len(value)}{kinds[tag]}", *value)
        if len(packed) > 4:
            packed, data = struct.pack("<I", end + len(data)), data + packed
        directory += struct.pack("<HHI4s", tag, {"H": 3, "I": 4, "B": 7}[kinds[tag]], len(value), packed)
    return b"II*\0\x08\0\0\0" + directory + bytes(4) + data + b"".join(strips)


def gif(width, height, place, pixels, transparent=None, palette=None):
    """A GIF of one frame of four colors, whose background is the second."""
    colors = bytes(range(0, 240, 20))
    bits = []
    for i, pixel in enumerate(pixels.flatten().tolist()):
        for code in [4, pixel] if i % 2 == 0 else [pixel]:  # so that codes stay short
            bits += [code >> bit & 1 for bit in range(3)]
    bits += [1, 0, 1]
    packed = np.packbits(bits, bitorder="little").tobytes()
    place = struct.pack("<4H", *place, pixels.shape[1], pixels.shape[0])
    return b"".join(
        [
            b"GIF89a" + struct.pack("<HH3B", width, height, 0x81, 1, 0) + colors,
            b"!\xfe\5hello\0",
            struct.pack("<8B", 0x21, 0xF9, 4, transparent is not None, 9, 0, transparent or 0, 0),
            b"," + place + (b"\x81" + palette if palette else b"\0"),
            b"\2" + bytes([len(packed)]) + packed + b"\0;",
        ]
    )


def segment(data):
    return struct.pack(">BBH", 0xFF, 0xE1, len(data) + 2) + data


def exif(value):
    return oriented(value).tobytes()


def silent_exif():
    data = Image.Exif()
    data[0x010F] = "maker"
    return data.tobytes()


def digits(data):
    """EXIF data as ImageMagick writes it to a text."""
    lines = [data.hex()[i : i + 72] for i in range(0, 2 * len(data), 72)]
    return "\n".join(["", "exif", f"{len(data):8}", *lines, ""]).encode()


def turned_by_segments():
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="8"/>'
    yield "exif-1-then-6", [exif(1), exif(6)]
    yield "exif-6-then-1", [exif(6), exif(1)]
    yield "empty-exif-then-6", [b"Exif\0\0", exif(6)]
    yield "silent-exif-then-6", [silent_exif(), exif(6)]
    yield "broken-exif-then-6", [b"Exif\0\0no data of TIFF", exif(6)]
    yield "xmp-then-exif-6", [xmp, exif(6)]
    yield "exif-6-then-xmp", [exif(6), xmp]
    yield "xmp-alone", [xmp]


def turned_by_chunks():
    raw, xmp = b"Raw profile type exif\0", b"XML:com.adobe.xmp\0\0\0\0\0"
    attribute, element = b'<x tiff:Orientation="6"/>', b"<tiff:Orientation>6</tiff:Orientation>"
    yield "exif-1-then-6", [(b"eXIf", exif(1)[6:]), (b"eXIf", exif(6)[6:])]
    yield "exif-6-then-1", [(b"eXIf", exif(6)[6:]), (b"eXIf", exif(1)[6:])]
    yield "text", [(b"tEXt", raw + digits(exif(6)))]
    yield "text-without-prefix", [(b"tEXt", raw + digits(exif(6)[6:]))]
    yield "compressed-text", [(b"zTXt", raw + b"\0" + zlib.compress(digits(exif(6))))]
    yield "international-text", [(b"iTXt", raw + bytes(4) + digits(exif(6)))]
    yield "text-6-and-exif-1", [(b"tEXt", raw + digits(exif(6))), (b"eXIf", exif(1)[6:])]
    yield "text-6-and-silent-exif", [(b"tEXt", raw + digits(exif(6))), (b"eXIf", silent_exif()[6:])]
    yield "text-of-app1", [(b"tEXt", b"Raw profile type APP1\0" + digits(exif(6)))]
    yield "xmp-attribute", [(b"iTXt", xmp + attribute)]
    yield "xmp-element", [(b"iTXt", xmp + element)]
    yield "xmp-compressed", [(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(attribute))]
    yield "xmp-6-and-exif-1", [(b"iTXt", xmp + attribute), (b"eXIf", exif(1)[6:])]
    yield "xmp-6-and-text-1", [(b"iTXt", xmp + attribute), (b"tEXt", raw + digits(exif(1)))]
    yield "xmp-6-and-silent-exif", [(b"iTXt", xmp + attribute), (b"eXIf", silent_exif()[6:])]


def animations():
    pixels = np.array([[1, 2, 3], [3, 1, 0]])
    local = bytes(range(255, 15, -20))
    yield "in-its-place", gif(6, 5, (2, 1), pixels)
    yield "transparent", gif(6, 5, (2, 1), pixels, transparent=2)
    yield "first-color-transparent", gif(6, 5, (2, 1), pixels, transparent=0)
    yield "own-palette", gif(6, 5, (2, 1), pixels, palette=local)
    yield "own-palette-transparent", gif(6, 5, (2, 1), pixels, transparent=3, palette=local)
    yield "beyond-the-canvas", gif(4, 2, (2, 1), pixels)
    yield "canvas-of-nothing", gif(0, 0, (0, 0), pixels)
    yield "whole", gif(3, 2, (0, 0), pixels)


def many_bands():
    """TIFFs of RGB and more bands, which Pillow does not all read."""
    for bands in (5, 6, 8, 12):
        for kind in (np.uint8, np.uint16):
            samples = random.integers(0, np.iinfo(kind).max, (3, 4, bands), endpoint=True).astype(kind)
            rounded = samples if kind == np.uint8 else (samples.astype(int) + 128) // 257
            colors = Image.fromarray(rounded[:, :, :3].astype(np.uint8))
            name = f"{bands}-bands-{8 * samples.itemsize}-bits"
            yield name, tiff(samples, 2, [0] * (bands - 3)), colors
            yield name + "-planes", tiff(samples, 2, [0] * (bands - 3), planes=True), colors


def transparent_tiffs():
    straight = np.asarray(NOISE).copy()
    straight[:, :, 3] |= 64  # so that colors survive
    picture = Image.fromarray(straight)
    deep = straight.astype(int) * 257
    multiplied = np.concatenate([(deep[:, :, :3] * deep[:, :, 3:] + 32767) // 65535, deep[:, :, 3:]], 2)
    gray = np.repeat(straight[:, :, :1], 3, 2)
    yield "rgb-premultiplied-16-bits", tiff(multiplied.astype(np.uint16), 2, [1]), picture
    five = np.concatenate([multiplied, multiplied[:, :, :1]], 2).astype(np.uint16)
    yield "rgb-premultiplied-5-bands", tiff(five, 2, [1, 0]), picture
    yield "rgb-and-alpha", tiff(straight, 2, [2]), picture
    yield "rgb-and-alpha-planes", tiff(straight, 2, [2], planes=True), picture
    yield "rgb-and-unsaid", tiff(straight, 2), picture
    yield "rgb-and-no-alpha", tiff(straight, 2, [0]), picture.convert("RGB")
    yield "grey-and-alpha", tiff(straight[:, :, [0, 3]], 1, [2]), Image.fromarray(np.dstack([gray, straight[:, :, 3]]))
    yield "grey-and-no-alpha", tiff(straight[:, :, [0, 3]], 1, [0]), Image.fromarray(gray)
    opaque = straight.copy()
    opaque[:, :, 3] = 255
    yield "rgb-and-opaque-alpha", tiff(opaque, 2, [2]), picture.convert("RGB")


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
    jpeg, plain = saved(SMOOTH.convert("L").resize((4, 3)), "JPEG"), saved(small, "PNG")
    for name, segments in turned_by_segments():
        file = jpeg[:2] + b"".join(segment(data) for data in segments) + jpeg[2:]
        # Pillow fails where the first is broken.
        yield f"jpeg-{name}", file, Image.open(io.BytesIO(jpeg)).convert("RGB") if "broken" in name else None
    for name, chunks in turned_by_chunks():
        yield f"png-{name}", plain[:33] + b"".join(chunk(*data) for data in chunks) + plain[33:], None
    yield "png-text-at-the-end", plain[:-12] + chunk(b"tEXt", b"Raw profile type exif\0" + digits(exif(6))) + plain[-12:], None
    yield "png-text-broken", plain[:33] + chunk(b"tEXt", b"Raw profile type exif\0\nexif\n8\nxyz") + plain[33:], small
    yield "png-transparent-turned-6", saved(NOISE, "PNG", exif=oriented(6)), None
    yield "png-grey-transparent", saved(grey, "PNG", transparency=grey.getpixel((0, 0))), None
    for name, file in animations():
        yield f"gif-frame-{name}", file, None
    for name, file, picture in many_bands():
        yield f"tiff-{name}", file, picture
    for name, file, picture in transparent_tiffs():
        yield f"tiff-{name}", file, picture
    yield "webp-turned-6", saved(small, "WEBP", lossless=True, exif=oriented(6)), None


def oriented(value):
    exif = Image.Exif()
    exif[ORIENTATION] = value
    return exif


def line(name, file, picture):
    if picture is None:
        image = Image.open(io.BytesIO(file))
        transparent = image.mode in ("RGBA", "LA") or "transparency" in image.info
        picture = ImageOps.exif_transpose(image).convert("RGBA" if transparent else "RGB")
    encoded = [base64.b64encode(data).decode() for data in (picture.tobytes(), file)]
    return " ".join([name, str(picture.width), str(picture.height), *encoded])


if __name__ == "__main__":
    head = f"# Pillow {PIL.__version__}: name width height pixels file"
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n".join([head, *(line(*file) for file in files())]) + "\n")
