"""Golden image files: one for each row of the tables in docs/images.md, and the pixels Pillow finds.

Run from the top of the repository:

    python3 integration-tests/src/test/python/formats_golden.py

It writes formats-golden.txt among the test resources. Lines starting with '#' are comments; every
other line is one file, five fields separated by '|':

    title|width|height|pixels|file

    title   the first column of its row
    pixels  the bytes of the upright 8-bit RGB picture in row-major order, in Base64; empty if the
            file cannot be read. Transparent pictures are on white. Where the tables say that
            Pixelwise means something else than Pillow does (profiles converted, samples of more
            than 8 bits rounded), numpy or LittleCMS, through Pillow, makes them.
    file    the bytes of the file in Base64
"""

import base64
import importlib.util
import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import PIL
from PIL import Image, ImageCms, ImageOps

OUTPUT = Path("integration-tests/src/test/resources/io/github/pixelwise/integration/formats-golden.txt")
HELPERS = Path("segmentation-imaging/src/test/python/image_golden.py")

spec = importlib.util.spec_from_file_location("image_golden", HELPERS)
helpers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(helpers)
saved = helpers.saved

random = np.random.default_rng(7)
more = np.random.default_rng(8)
NOISE = Image.fromarray(random.integers(0, 256, (9, 11, 4), np.uint8), "RGBA")
RGB, GREY = NOISE.convert("RGB"), NOISE.getchannel("G")
PALETTE = RGB.quantize(12)
BITS = GREY.point(lambda level: 255 * (level > 127)).convert("1")
y, x = np.mgrid[:12, :16]
SMOOTH = Image.fromarray(np.stack([16 * x, 22 * y, 255 - 9 * (x + y)], 2).astype(np.uint8))


def exif(orientation):
    return helpers.oriented(orientation)


def exchanging_profile():
    """A profile of sRGB with red and green exchanged."""
    profile = bytearray(helpers.srgb_profile())
    (count,) = struct.unpack(">I", profile[128:132])
    at = {bytes(profile[i : i + 4]): i for i in range(132, 132 + 12 * count, 12)}
    red, green = at[b"rXYZ"] + 4, at[b"gXYZ"] + 4
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    return bytes(profile)


def ink_profile():
    """A small profile of CMYK: the colors of the 16 corners of the cube of inks, interpolated."""
    table = b""
    for corner in range(16):
        inks = [corner >> bit & 1 for bit in (3, 2, 1, 0)]  # the last channel varies fastest
        cyan, magenta, yellow, black = inks
        light = 100 * (1 - 0.9 * black) * (1 - 0.25 * cyan) * (1 - 0.45 * magenta) * (1 - 0.05 * yellow)
        a, b = 60 * magenta - 35 * cyan, 80 * yellow - 45 * cyan
        table += struct.pack(">HHH", *(int(v) for v in (light * 652.8, (a + 128) * 256, (b + 128) * 256)))
    ramp = struct.pack(">HH", 0, 65535)
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft2" + bytes(4) + bytes([4, 3, 2, 0]) + identity + struct.pack(">HH", 2, 2) + ramp * 4 + table + ramp * 3
    back = b"mft2" + bytes(4) + bytes([3, 4, 2, 0]) + identity + struct.pack(">HH", 2, 2) + ramp * 3 + bytes(64) + ramp * 4
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"inks\0" + bytes(4 + 4 + 2 + 1 + 67)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    tags = [(b"desc", text), (b"cprt", b"text" + bytes(4) + b"none\0"), (b"wtpt", white), (b"A2B0", lut), (b"B2A0", back)]
    offset = 132 + 12 * len(tags)
    index, data = struct.pack(">I", len(tags)), b""
    for name, content in tags:
        content += bytes(-len(content) % 4)
        index += struct.pack(">4sII", name, offset + len(data), len(content))
        data += content
    size = offset + len(data)
    head = struct.pack(">II", size, 0) + bytes([2, 0x40, 0, 0]) + b"prtrCMYKLab " + bytes(12) + b"acsp"
    head += bytes(24) + struct.pack(">I3i", ImageCms.Intent.RELATIVE_COLORIMETRIC, 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + index + data


def converted(image, profile):
    """The picture in sRGB, by LittleCMS."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(
        image,
        source,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.getDefaultIntent(source),
        outputMode="RGB",
    )


def decoded(file):
    return Image.open(io.BytesIO(file))


def ycck():
    """A JPEG of YCCK: one of CMYK whose Adobe segment says that the first three are Y, Cb, Cr."""
    black = Image.fromarray((10 * x).astype(np.uint8))
    planes = [ImageOps.invert(plane) for plane in SMOOTH.convert("YCbCr").split()]
    file = saved(Image.merge("CMYK", [*planes, black]), "JPEG", quality=95)  # which inverts all
    at = file.index(b"Adobe") + 11
    return file[:at] + b"\2" + file[at + 1 :]


def rows_of(pixels, bits):
    """Rows of a BMP: packed samples, each row filled up to four bytes, the lowest row first."""
    rows = []
    for row in pixels:
        text = "".join(f"{int(sample):0{bits}b}" for sample in row)
        text += "0" * (-len(text) % 32)
        rows.append(int(text, 2).to_bytes(len(text) // 8, "big"))
    return b"".join(reversed(rows))


def bmp(width, height, bits, data, colors=b"", compression=0, masks=b"", info_bytes=40):
    start = 14 + 40 + len(masks) + len(colors)
    head = struct.pack("<2sIHHI", b"BM", start + len(data), 0, 0, start)
    info = struct.pack("<IiiHHIIiiII", info_bytes, width, height, 1, bits, compression, len(data), 2835, 2835, len(colors) // 4, 0)
    return head + info + masks + colors + data


def quads(image):
    return b"".join(bytes([b, g, r, 0]) for r, g, b in np.reshape(image.getpalette()[: 3 * 16], (-1, 3)).tolist())


def runs(indices, bits):
    """Runs of one index for each pixel: RLE8 and RLE4 alike, but for the index twice in a byte."""
    lines = []
    for row in reversed(indices.tolist()):
        line = b"".join(bytes([1, index * 17 if bits == 4 else index]) for index in row)
        lines.append(line + b"\0\0")
    return b"".join(lines)[:-2] + b"\0\1"


def sixteen_bits(layout):
    """16-bit samples in a BMP, and what they are in 8 bits, rounded."""
    pixels = np.asarray(RGB).astype(int)
    widths = layout
    levels = [pixels[:, :, i] >> (8 - width) for i, width in enumerate(widths)]
    shifts = [widths[1] + widths[2], widths[2], 0]
    words = sum(level << shift for level, shift in zip(levels, shifts)).astype("<u2")
    padded = np.zeros((words.shape[0], words.shape[1] + words.shape[1] % 2), "<u2")
    padded[:, : words.shape[1]] = words
    full = [(1 << width) - 1 for width in widths]
    rounded = np.stack([(level * 255 + top // 2) // top for level, top in zip(levels, full)], 2)
    return padded[::-1].tobytes(), Image.fromarray(rounded.astype(np.uint8))


def tiff16(samples):
    """A TIFF of 16 bits, by OpenCV, and its samples rounded to 8 bits."""
    colors = samples[:, :, ::-1] if samples.ndim == 3 else samples
    _, file = cv2.imencode(".tiff", colors, [cv2.IMWRITE_TIFF_COMPRESSION, 1])
    rounded = ((samples.astype(int) + 128) // 257).astype(np.uint8)
    return file.tobytes(), Image.fromarray(rounded).convert("RGB")


def with_chunk(png, kind, data):
    return png[:33] + helpers.chunk(kind, data) + png[33:]


def animated_webp(width, height, still, alpha):
    """A WebP of one frame on a larger canvas, from a lossless one."""

    def chunk(kind, data):
        return kind + struct.pack("<I", len(data)) + data + bytes(len(data) & 1)

    def bytes3(value):
        return struct.pack("<I", value)[:3]

    pixels = still[still.index(b"VP8L") :]
    frame = bytes3(4 // 2) + bytes3(6 // 2) + bytes3(RGB.width - 1) + bytes3(RGB.height - 1) + bytes3(100) + b"\0"
    header = bytes([2 | 16 * alpha, 0, 0, 0]) + bytes3(width - 1) + bytes3(height - 1)
    background = b"\x11\x22\x33\xff\0\0"  # which nobody looks at
    body = chunk(b"VP8X", header) + chunk(b"ANIM", background) + chunk(b"ANMF", frame + pixels)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def on_white(image):
    """The picture as RGB."""
    clear = image.convert("RGBA")
    return Image.composite(clear.convert("RGB"), Image.new("RGB", image.size, "white"), clear.getchannel("A"))


def broken_webp_profile():
    file = saved(RGB, "WEBP", lossless=True, icc_profile=helpers.srgb_profile())
    at = file.index(b"ICCP") + 8
    return file[:at] + b"\x55" * 200 + file[at + 200 :]


def files():
    """Titles and files, with the picture where it is not what Pillow finds."""
    exchanging, inks = exchanging_profile(), ink_profile()
    baseline = saved(SMOOTH, "JPEG", subsampling=0, quality=90)
    cmyk = saved(SMOOTH.convert("CMYK"), "JPEG", quality=95)
    with_inks = saved(Image.merge("CMYK", NOISE.resize((4, 3)).resize((16, 12)).split()), "JPEG", quality=98, icc_profile=inks)
    second = Image.new("RGB", RGB.size, "red")

    yield "JPEG, RGB", baseline, None
    yield "JPEG, chroma at half the size (4:2:0)", saved(SMOOTH, "JPEG", subsampling=2, quality=90), None
    yield "JPEG, progressive", saved(SMOOTH, "JPEG", subsampling=0, quality=90, progressive=True), None
    yield "JPEG, gray", saved(SMOOTH.convert("L"), "JPEG"), None
    yield "JPEG, RGB, with a profile", saved(SMOOTH, "JPEG", subsampling=0, quality=90, icc_profile=exchanging), converted(decoded(baseline), exchanging)
    yield "JPEG, turned by EXIF", saved(SMOOTH, "JPEG", subsampling=0, quality=90, exif=exif(6)), None
    twice = baseline[:2] + helpers.segment(helpers.exif(1)) + helpers.segment(helpers.exif(8)) + baseline[2:]
    yield "JPEG, two EXIF segments", twice, None
    yield "JPEG, several pictures (MPO)", saved(SMOOTH, "MPO", save_all=True, append_images=[second], quality=90), None
    yield "JPEG, CMYK", cmyk, None
    yield "JPEG, YCCK", ycck(), None
    yield "JPEG, CMYK, with a profile", with_inks, converted(decoded(with_inks), inks)

    yield "PNG, RGB", saved(RGB, "PNG"), None
    yield "PNG, RGB and alpha", saved(NOISE, "PNG"), None
    yield "PNG, gray", saved(GREY, "PNG"), None
    yield "PNG, gray and alpha", saved(NOISE.convert("LA"), "PNG"), None
    yield "PNG, 1 bit", saved(BITS, "PNG"), None
    yield "PNG, palette", saved(PALETTE, "PNG", bits=4), None
    yield "PNG, palette with alpha (tRNS)", saved(PALETTE, "PNG", transparency=bytes([0, 128])), None
    yield "PNG, RGB, one color transparent (tRNS)", saved(RGB, "PNG", transparency=RGB.getpixel((0, 0))), None
    yield "PNG, gray, one color transparent (tRNS)", saved(GREY, "PNG", transparency=GREY.getpixel((0, 0))), None
    yield "PNG, RGB, 16 bits", *helpers.deep_png(3, 2)
    yield "PNG, RGB and alpha, 16 bits", *helpers.deep_png(4, 6)
    yield "PNG, gray, 16 bits", *helpers.deep_png(1, 0)
    yield "PNG, gray and alpha, 16 bits", *helpers.deep_png(2, 4)
    yield "PNG, interlaced", helpers.interlaced_png(), None
    yield "PNG, with a profile", saved(RGB, "PNG", icc_profile=exchanging), converted(RGB, exchanging)
    yield "PNG, turned by EXIF", saved(RGB, "PNG", exif=exif(8)), None
    raw = b"Raw profile type exif\0\0" + zlib.compress(helpers.digits(helpers.exif(8)))
    yield "PNG, turned by EXIF in a text", with_chunk(saved(RGB, "PNG"), b"zTXt", raw), None
    xmp = b'XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta tiff:Orientation="8"/>'
    yield "PNG, turned by XMP", with_chunk(saved(RGB, "PNG"), b"iTXt", xmp), None
    yield "PNG, animated", saved(RGB, "PNG", save_all=True, append_images=[second]), None

    yield "GIF", saved(PALETTE, "GIF"), None
    yield "GIF, one color transparent", saved(PALETTE, "GIF", transparency=3), None
    yield "GIF, animated", saved(PALETTE, "GIF", save_all=True, append_images=[second]), None
    pixels = np.array([[1, 2, 3], [3, 1, 0]])
    yield "GIF, first frame smaller than the canvas", helpers.gif(6, 5, (2, 1), pixels), None
    yield "GIF, first frame smaller than the canvas, transparent", helpers.gif(6, 5, (2, 1), pixels, transparent=2), None

    indices = np.asarray(PALETTE)
    two = b"\0\0\0\0\xff\xff\xff\0"
    width, height = RGB.size
    yield "BMP, 1 bit", bmp(width, height, 1, rows_of(np.asarray(BITS), 1), two), None
    yield "BMP, 4 bits", bmp(width, height, 4, rows_of(indices, 4), quads(PALETTE)), None
    yield "BMP, 8 bits", bmp(width, height, 8, rows_of(indices, 8), quads(PALETTE)), None
    yield "BMP, 8 bits, runs (RLE8)", bmp(width, height, 8, runs(indices, 8), quads(PALETTE), 1), PALETTE.convert("RGB")
    yield "BMP, 4 bits, runs (RLE4)", bmp(width, height, 4, runs(indices, 4), quads(PALETTE), 2), PALETTE.convert("RGB")
    data, picture = sixteen_bits((5, 5, 5))
    yield "BMP, 16 bits (555)", bmp(width, height, 16, data), picture
    data, picture = sixteen_bits((5, 6, 5))
    yield "BMP, 16 bits (565)", bmp(width, height, 16, data, compression=3, masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)), picture
    yield "BMP, 24 bits", saved(RGB, "BMP"), None
    quad = np.asarray(NOISE)[:, :, [2, 1, 0, 3]]
    yield "BMP, 32 bits", bmp(width, height, 32, quad[::-1].tobytes()), RGB
    masked = struct.pack("<4I4s48x", 0xFF0000, 0xFF00, 0xFF, 0xFF000000, b"BGRs")
    yield "BMP, 32 bits, with a mask for alpha", bmp(width, height, 32, quad[::-1].tobytes(), compression=3, masks=masked, info_bytes=108), None
    yield "BMP, top row first", bmp(width, -height, 32, quad.tobytes()), RGB

    yield "TIFF, RGB", saved(RGB, "TIFF"), None
    yield "TIFF, RGB and alpha, LZW", saved(NOISE, "TIFF", compression="tiff_lzw"), None
    noise = np.asarray(NOISE)
    multiplied = ((noise[:, :, :3].astype(int) * noise[:, :, 3:] + 127) // 255).astype(np.uint8)
    yield "TIFF, RGB multiplied by alpha", helpers.tiff(np.dstack([multiplied, noise[:, :, 3]]), 2, [1]), None
    yield "TIFF, RGB and a band that is not alpha", helpers.tiff(noise, 2, [0]), None
    yield "TIFF, RGB and two more bands", helpers.tiff(np.dstack([noise, noise[:, :, 0]]), 2, [0, 0]), None
    five = helpers.tiff(np.dstack([noise, noise[:, :, 0]]), 2, [0, 0], profile=exchanging)
    yield "TIFF, RGB and two more bands, with a profile", five, converted(RGB, exchanging)
    twelve = more.integers(0, 65536, (9, 11, 12)).astype(np.uint16)
    rounded = Image.fromarray(((twelve[:, :, :3].astype(int) + 128) // 257).astype(np.uint8))
    yield "TIFF, RGB and nine more bands, 16 bits, in planes", helpers.tiff(twelve, 2, [0] * 9, planes=True), rounded
    yield "TIFF, gray and alpha", saved(NOISE.convert("LA"), "TIFF"), None
    yield "TIFF, gray, deflate", saved(GREY, "TIFF", compression="tiff_adobe_deflate"), None
    yield "TIFF, RGB, PackBits", saved(RGB, "TIFF", compression="packbits"), None
    yield "TIFF, 1 bit, fax (group 4)", saved(BITS, "TIFF", compression="group4"), None
    yield "TIFF, palette", saved(PALETTE, "TIFF"), None
    yield "TIFF, JPEG", saved(SMOOTH, "TIFF", compression="jpeg", quality=95), None
    yield "TIFF, CMYK", saved(RGB.convert("CMYK"), "TIFF"), None
    yield "TIFF, RGB, 16 bits", *tiff16(random.integers(0, 65536, (9, 11, 3)).astype(np.uint16))
    yield "TIFF, gray, 16 bits", *tiff16(random.integers(0, 65536, (9, 11)).astype(np.uint16))
    floats = random.uniform(-0.2, 1.2, (9, 11)).astype(np.float32)
    levels = np.floor(np.clip(floats, 0, 1) * np.float32(255) + 0.5).astype(np.uint8)
    yield "TIFF, gray, floating-point", saved(Image.fromarray(floats), "TIFF"), Image.fromarray(levels)
    yield "TIFF, with a profile", saved(RGB, "TIFF", icc_profile=exchanging), converted(RGB, exchanging)
    yield "TIFF, palette, with a profile", saved(PALETTE, "TIFF", icc_profile=exchanging), None
    turned = saved(RGB, "TIFF", tiffinfo={274: 6})
    yield "TIFF, turned", turned, RGB.transpose(Image.Transpose.ROTATE_270)
    yield "TIFF, several pages", saved(RGB, "TIFF", save_all=True, append_images=[second]), None

    yield "WebP, lossy, gray", saved(SMOOTH.convert("L").convert("RGB"), "WEBP", quality=90), None
    yield "WebP, lossy", saved(SMOOTH, "WEBP", quality=90), None
    yield "WebP, lossy, with alpha", saved(Image.merge("RGBA", [*SMOOTH.split(), SMOOTH.getchannel("R")]), "WEBP", quality=90, exact=True), None
    yield "WebP, lossless", saved(RGB, "WEBP", lossless=True), None
    yield "WebP, lossless, with alpha", saved(NOISE, "WEBP", lossless=True, exact=True), None
    yield "WebP, with a profile", saved(RGB, "WEBP", lossless=True, icc_profile=exchanging), converted(RGB, exchanging)
    yield "WebP, with a broken profile", broken_webp_profile(), RGB
    yield "WebP, turned by EXIF", saved(RGB, "WEBP", lossless=True, exif=exif(6)), None
    yield "WebP, animated", saved(RGB, "WEBP", lossless=True, save_all=True, append_images=[second]), None
    still = saved(RGB, "WEBP", lossless=True)
    yield "WebP, first frame smaller than the canvas", animated_webp(20, 16, still, False), None
    clear = saved(NOISE, "WEBP", lossless=True, exact=True)
    yield "WebP, first frame smaller than the canvas, with alpha", animated_webp(20, 16, clear, True), None

    yield "TIFF, 16 bits, with a predictor", cv2.imencode(".tiff", np.zeros((3, 4), np.uint16))[1].tobytes(), "unreadable"
    yield "TIFF, five bands that are not RGB", helpers.tiff(np.zeros((3, 4, 5), np.uint8), 1, [0] * 4), "unreadable"
    yield "BigTIFF", b"II+\0\x08\0\0\0" + bytes(20), "unreadable"
    yield "WebP, alpha that is not compressed", saved(NOISE, "WEBP"), "unreadable"
    yield "HEIC", struct.pack(">I", 24) + b"ftypheic" + bytes(12), "unreadable"
    yield "AVIF", struct.pack(">I", 24) + b"ftypavif" + bytes(12), "unreadable"
    yield "JPEG XL", b"\xff\x0a" + bytes(20), "unreadable"
    yield "JPEG 2000", saved(RGB, "JPEG2000"), "unreadable"
    yield "DIB without a file header", saved(RGB, "DIB"), "unreadable"
    yield "Photoshop", b"8BPS\0\1" + bytes(20), "unreadable"
    yield "SVG", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unreadable"


def line(title, file, picture):
    encoded = base64.b64encode(file).decode()
    if picture == "unreadable":
        return f"{title}||||{encoded}"
    if picture is None:
        picture = ImageOps.exif_transpose(decoded(file))
    picture = on_white(picture)
    pixels = base64.b64encode(picture.tobytes()).decode()
    return f"{title}|{picture.width}|{picture.height}|{pixels}|{encoded}"


if __name__ == "__main__":
    head = f"# Pillow {PIL.__version__}, OpenCV {cv2.__version__}: title|width|height|pixels|file"
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n".join([head, *(line(*file) for file in files())]) + "\n")
