"""Checks that other programs read the masks that MaskTiffTest writes.

Needs numpy, Pillow, tifffile (with imagecodecs for Deflate), and GDAL's commands. Run from the top of
the repository after the tests of segmentation-imaging:

    python3 segmentation-imaging/src/test/python/mask_tiff_check.py

The files lack their last 100 rows, which must be "no data", 255.
"""

import json
import subprocess
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

FOLDER = Path("segmentation-imaging/target/mask-tiff")

for classes in (21, 1000):
    file = FOLDER / f"mask-{classes}.tif"
    expected = np.fromfile(FOLDER / f"mask-{classes}.raw", "<u2").reshape(700, 600)

    with tifffile.TiffFile(file) as tiff:
        assert tiff.pages[0].nodata == 255
        assert (tiff.asarray() == expected).all(), "tifffile"
    with Image.open(file) as image:
        assert image.mode == ("P" if classes == 21 else "I;16"), image.mode
        assert (np.array(image) == expected).all(), "Pillow"

    raw = FOLDER / "gdal.raw"
    command = ["gdal_translate", "-q", "-of", "ENVI", "-ot", "UInt16", str(file), str(raw)]
    subprocess.run(command, check=True, stderr=subprocess.PIPE)
    assert (np.fromfile(raw, "<u2").reshape(700, 600) == expected).all(), "GDAL"
    done = subprocess.run(["gdalinfo", "-json", str(file)], check=True, capture_output=True, text=True)
    assert not done.stderr, done.stderr
    band = json.loads(done.stdout)["bands"][0]
    assert band["noDataValue"] == 255 and band["block"] == [256, 256], band
    print(file.name, "is read alike by tifffile", tifffile.__version__, "and Pillow and GDAL")
