"""Golden values for torchvision's transforms: Resize and CenterCrop of torchvision 0.14 with Pillow
images.

Run from the top of the repository:

    python3 segmentation-api/src/test/python/transforms_golden.py

It writes transforms-golden.txt among the test resources, one case a line:

    srcWidth srcHeight shortEdge cropWidth cropHeight width height sha256

The source is that of resize_golden.py's "noise" with seed 1; crop sides of 0 stand for no crop; width
and height are the result's, the hash is of its bytes in row-major RGB order.
"""

import hashlib
from pathlib import Path

from PIL import Image
from resize_golden import noise
from torchvision import transforms

OUTPUT = Path("segmentation-api/src/test/resources/io/github/pixelwise/transforms-golden.txt")
CASES = """
    451x300:256:224x224 300x451:256:224x224 640x427:256:224x224 427x641:256:224x224 256x256:256:224x224
    451x300:256:223x225 451x300:100:224x224 451x300:520:0x0 640x427:520:0x0 333x500:520:0x0 99x100:13:0x0
    601x400:256:0x0 600x401:224:224x100 40x30:30:43x31 40x30:30:41x35 40x30:30:20x33
"""


def line(case):
    source, edge, crop = case.split(":")
    width, height = map(int, source.split("x"))
    crop_width, crop_height = map(int, crop.split("x"))
    steps = [transforms.Resize(int(edge), transforms.InterpolationMode.BILINEAR)]
    if crop_width:
        steps.append(transforms.CenterCrop((crop_height, crop_width)))
    pixels = noise(width * height * 3, 1).reshape(height, width, 3)
    result = transforms.Compose(steps)(Image.fromarray(pixels))
    digest = hashlib.sha256(result.tobytes()).hexdigest()
    return f"{width} {height} {edge} {crop_width} {crop_height} {result.width} {result.height} {digest}"


if __name__ == "__main__":
    OUTPUT.write_text("\n".join(map(line, CASES.split())) + "\n")
