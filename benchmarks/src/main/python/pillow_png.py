"""Encodes PNG files anew by Pillow at compression level 1; `benchmarks/run png` runs it.

It reads names of files, one a line, and prints for each the nanoseconds and the bytes. Encoding is
to memory, and each file is decoded only once.
"""

import functools
import io
import sys
import time

from PIL import Image


@functools.cache
def load(name):
    with Image.open(name) as file:
        image = file.copy()
    image.info = {}
    return image


for line in sys.stdin:
    picture = load(line.rstrip("\n"))
    out = io.BytesIO()
    start = time.perf_counter_ns()
    picture.save(out, "PNG", compress_level=1)
    print(time.perf_counter_ns() - start, out.tell(), flush=True)
