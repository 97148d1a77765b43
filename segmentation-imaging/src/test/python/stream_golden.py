"""Golden files for reading row by row: files of each kind, and the pixels that their makers put in.

Needs numpy, Pillow and GDAL's command gdal_translate. Run from the top of the repository:

    python3 segmentation-imaging/src/test/python/stream_golden.py

It writes stream-golden.txt and geo-golden.txt among the test resources. Lines starting with '#' are
comments. A line of stream-golden.txt is one file, five fields separated by one space:

    name width height pixels file

    pixels  the RGB bytes of the picture on white, deflated, in Base64; 16-bit samples are rounded.
            '=' if they are those of the line before; '-' for lossy files, which must be read as a
            whole picture is
    file    the bytes of the file, deflated, in Base64

A line of geo-golden.txt is one GeoTIFF, nine fields: its name, the six numbers of its transformation
as GDAL reads it (origin X, column X, row X, origin Y, column Y, row Y), its EPSG code or '-', and the
file as above.
"""

import base64
import json
import re
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

RESOURCES = Path("segmentation-imaging/src/test/resources/io/github/pixelwise/imaging/stream")
FOLDER = Path(tempfile.mkdtemp())
WIDTH, HEIGHT = 43, 29
random = np.random.default_rng(18)


def smooth(height, width, bands, most=255):
    y, x = np.mgrid[:height, :width]
    waves = [np.sin(x / 9 + i) + np.cos(y / 7 - i) for i in range(bands)]
    picture = np.stack(waves, 2) / 5 + 0.5 + random.integers(0, 2, (height, width, bands)) / 100
    return np.clip(picture * most, 0, most).astype(np.uint16 if most > 255 else np.uint8)


def on_white(picture):
    picture = picture.astype(int)
    if picture.shape[2] in (1, 3):
        return np.broadcast_to(picture, picture.shape[:2] + (3,)).astype(np.uint8)
    alpha = picture[:, :, -1:]
    white = (alpha * picture[:, :, :-1] + (255 - alpha) * 255 + 127) // 255
    return np.broadcast_to(white, picture.shape[:2] + (3,)).astype(np.uint8)


def deep(picture):
    return (picture.astype(int) * 255 + 32767) // 65535


def encoded(data):
    return base64.b64encode(zlib.compress(data, 9)).decode()


def translate(source, *options):
    target = FOLDER / "out.tif"
    target.unlink(missing_ok=True)
    subprocess.run(["gdal_translate", "-q", *options, str(source), str(target)], check=True)
    return target


def created(*options):
    return [part for option in options for part in ("-co", option)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def filtered(rows, pixel):
    """PNG's five filters, one after the other, as its specification defines them."""
    lines = bytearray()
    above = np.zeros(rows.shape[1], int)
    for number, row in enumerate(rows.astype(int)):
        left, corner = (np.concatenate([np.zeros(pixel, int), line])[:-pixel] for line in (row, above))
        a, b, c = (abs(left + above - corner - other) for other in (left, above, corner))
        paeth = np.where((a <= b) & (a <= c), left, np.where(b <= c, above, corner))
        prediction = [np.zeros_like(row), left, above, (left + above) // 2, paeth][number % 5]
        lines += bytes([number % 5]) + ((row - prediction) & 255).astype(np.uint8).tobytes()
        above = row
    return bytes(lines)


def png(width, height, depth, color, rows, chunks=b"", cut=700):
    pixel = max(1, depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color] // 8)
    data = zlib.compress(filtered(rows, pixel), 9)
    parts = b"".join(chunk(b"IDAT", data[at : at + cut]) for at in range(0, len(data), cut))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunks + parts + chunk(b"IEND", b"")


def raw(picture):
    """A file of samples that GDAL reads, with the description it needs."""
    kind = "UInt16" if picture.dtype == np.uint16 else "Byte"
    size = picture.dtype.itemsize
    height, width, bands = picture.shape
    picture.astype(picture.dtype.newbyteorder("<")).tofile(FOLDER / "samples.raw")
    colors = {1: ["Gray"], 2: ["Gray", "Alpha"], 3: ["Red", "Green", "Blue"], 4: ["Red", "Green", "Blue", "Alpha"]}
    vrt = f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}">'
    for band, color in enumerate(colors[bands]):
        vrt += (
            f'<VRTRasterBand dataType="{kind}" band="{band + 1}" subClass="VRTRawRasterBand">'
            f"<ColorInterp>{color}</ColorInterp>"
            '<SourceFilename relativeToVRT="1">samples.raw</SourceFilename>'
            f"<ImageOffset>{band * size}</ImageOffset><PixelOffset>{bands * size}</PixelOffset>"
            f"<LineOffset>{width * bands * size}</LineOffset><ByteOrder>LSB</ByteOrder></VRTRasterBand>"
        )
    (FOLDER / "samples.vrt").write_text(vrt + "</VRTDataset>")
    return FOLDER / "samples.vrt"


def tiffs():
    tile16 = ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]
    tile32 = ["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16"]
    strips = ["BLOCKYSIZE=7"]
    rgb, gray, rgba = smooth(HEIGHT, WIDTH, 3), smooth(HEIGHT, WIDTH, 1), smooth(HEIGHT, WIDTH, 4)
    for compression in ("NONE", "LZW", "DEFLATE", "PACKBITS"):
        options = ["COMPRESS=" + compression]
        yield f"tiff-{compression}-tiles", on_white(rgb), raw(rgb), options + tile16
        yield f"tiff-{compression}-strips", on_white(rgb), raw(rgb), options + strips
        yield f"tiff-{compression}-planes", on_white(rgb), raw(rgb), options + tile32 + ["INTERLEAVE=BAND"]
    big = ["BIGTIFF=YES", "COMPRESS=DEFLATE"]
    yield "bigtiff-tiles", on_white(rgb), raw(rgb), big + tile16
    yield "bigtiff-strips", on_white(rgb), raw(rgb), big + strips + ["ENDIANNESS=BIG"]
    yield "bigtiff-one-strip", on_white(rgb), raw(rgb), ["BIGTIFF=YES", f"BLOCKYSIZE={HEIGHT}"]
    yield "bigtiff-gray", on_white(gray), raw(gray), big + tile32
    yield "bigtiff-white-is-zero", on_white(255 - gray), raw(gray), big + tile16 + ["PHOTOMETRIC=MINISWHITE"]
    yield "bigtiff-alpha", on_white(rgba), raw(rgba), big + tile16 + ["ALPHA=YES"]
    bits = (gray > 128).astype(np.uint8)
    yield "bigtiff-one-bit", on_white(bits * 255), raw(bits), big + strips + ["NBITS=1"]
    palette = Image.fromarray(gray[:, :, 0] // 16, "P")
    colors = random.integers(0, 256, 768).astype(np.uint8)
    palette.putpalette(colors.tobytes())
    palette.save(FOLDER / "palette.png")
    yield "bigtiff-palette", colors.reshape(256, 3)[gray[:, :, 0] // 16], FOLDER / "palette.png", big + tile16
    for order in ("LITTLE", "BIG"):
        for compression in ("LZW", "DEFLATE"):
            options = ["BIGTIFF=YES", "PREDICTOR=2", "COMPRESS=" + compression, "ENDIANNESS=" + order]
            yield f"bigtiff-differences-8-{compression}-{order}", on_white(rgb), raw(rgb), options + tile16
            wide = smooth(HEIGHT, WIDTH, 3, 65535)
            name = f"bigtiff-differences-16-{compression}-{order}"
            yield name, on_white(deep(wide)), raw(wide), options + tile16
            yield name + "-planes", on_white(deep(wide)), raw(wide), options + strips + ["INTERLEAVE=BAND"]
    wide = smooth(HEIGHT, WIDTH, 1, 65535)
    yield "bigtiff-gray-16", on_white(deep(wide)), raw(wide), big + tile32
    holes = rgb.copy()
    holes[16:32, :48] = 0
    yield "bigtiff-sparse", on_white(holes), raw(holes), big + tile16 + ["SPARSE_OK=TRUE"]
    yield "jpeg-tiff", None, raw(rgb), ["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR"] + tile16
    yield "jpeg-tiff-strips", None, raw(gray), ["COMPRESS=JPEG", "BLOCKYSIZE=16"]


def pngs():
    height, width = 600, 9
    rgb = smooth(height, width, 3)
    yield "png-rgb", width, height, on_white(rgb), png(width, height, 8, 2, rgb.reshape(height, -1))
    rgba = smooth(height, width, 4, 65535)
    rows = rgba.astype(">u2").view(np.uint8).reshape(height, -1)
    yield "png-rgba-16", width, height, on_white(deep(rgba)), png(width, height, 16, 6, rows)
    indices = random.integers(0, 4, (height, 12)).astype(np.uint8)
    rows = (indices.reshape(height, 3, 4) << np.array([6, 4, 2, 0], np.uint8)).sum(2).astype(np.uint8)
    colors = random.integers(0, 256, (4, 3)).astype(np.uint8)
    palette = chunk(b"PLTE", colors.tobytes()) + chunk(b"tRNS", bytes([255, 128]))
    alpha = np.array([255, 128, 255, 255])[:, None]
    shown = on_white(np.concatenate([colors, alpha], 1)[None])[0]
    yield "png-palette", 12, height, shown[indices], png(12, height, 2, 3, rows, palette)
    yield "png-gray-2", 12, height, on_white(indices[:, :, None] * 85), png(12, height, 2, 0, rows)


def jpegs():
    rgb, gray, cmyk = smooth(600, 37, 3), smooth(600, 37, 1), smooth(600, 37, 4)
    for name, options in {
        "420": {"subsampling": 2},
        "422": {"subsampling": 1},
        "444": {"subsampling": 0},
        "restarts": {"subsampling": 2, "restart_marker_blocks": 5},
        "restart-rows": {"subsampling": 2, "restart_marker_rows": 1, "optimize": True},
    }.items():
        yield "jpeg-" + name, Image.fromarray(rgb), options
    yield "jpeg-gray", Image.fromarray(gray[:, :, 0]), {}
    yield "jpeg-cmyk", Image.fromarray(cmyk, "CMYK"), {}


def stream_lines():
    before = ""
    for name, pixels, source, options in tiffs():
        file = translate(source, *created(*options)).read_bytes()
        shown = encoded(pixels.tobytes()) if pixels is not None else "-"
        yield f"{name} {WIDTH} {HEIGHT} {'=' if shown == before else shown} {encoded(file)}"
        before = shown
    for name, width, height, pixels, file in pngs():
        yield f"{name} {width} {height} {encoded(pixels.tobytes())} {encoded(file)}"
    for name, picture, options in jpegs():
        picture.save(FOLDER / "out.jpg", quality=30, **options)
        file = (FOLDER / "out.jpg").read_bytes()
        yield f"{name} {picture.width} {picture.height} - {encoded(file)}"


def geo_lines():
    gray = smooth(3, 4, 1)
    corners = ["-a_ullr", "500000.5", "4000000.25", "500040.5", "3999970.25"]
    degrees = ["-a_ullr", "10.5", "50.25", "10.54", "50.22"]
    for name, options in {
        "area": [*corners, "-a_srs", "EPSG:32632"],
        "point": [*corners, "-a_srs", "EPSG:32632", "-mo", "AREA_OR_POINT=Point"],
        "degrees": [*degrees, "-a_srs", "EPSG:4326"],
        "big": [*corners, "-a_srs", "EPSG:25832", *created("BIGTIFF=YES", "ENDIANNESS=BIG")],
        "no-code": [*corners, "-a_srs", "+proj=laea +lat_0=12 +lon_0=3 +datum=WGS84"],
        "no-reference": corners,
        "rotated": ["-a_srs", "EPSG:32632"],
        "rotated-point": ["-a_srs", "EPSG:32632", "-mo", "AREA_OR_POINT=Point"],
    }.items():
        source = raw(gray)
        if name.startswith("rotated"):
            turned = "<GeoTransform>500000.5, 8, 6, 4000000.25, 6, -8</GeoTransform>"
            source.write_text(source.read_text().replace("><VRTRasterBand", ">" + turned + "<VRTRasterBand", 1))
        target = translate(source, *options)
        info = json.loads(subprocess.check_output(["gdalinfo", "-json", str(target)]))
        wkt = info.get("coordinateSystem", {}).get("wkt", "")
        code = re.search(r'\n {4}ID\["EPSG",(\d+)\]\]$', wkt)
        numbers = " ".join(repr(number) for number in info["geoTransform"])
        yield f"{name} {numbers} {code[1] if code else '-'} {encoded(target.read_bytes())}"


version = subprocess.check_output(["gdal_translate", "--version"], text=True).split(",")[0]
RESOURCES.mkdir(parents=True, exist_ok=True)
for name, lines in {"stream-golden.txt": stream_lines(), "geo-golden.txt": geo_lines()}.items():
    (RESOURCES / name).write_text("\n".join([f"# {version}", *lines]) + "\n")
