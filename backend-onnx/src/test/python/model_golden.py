"""Golden values for the embedded model: what Pillow 9.4 and PyTorch 1.13 make of the photographs.

Run from the top of the repository, with the photographs in ../shared:

    /usr/bin/python3 backend-onnx/src/test/python/model_golden.py

Each photograph is decoded by Pillow as RGB (no EXIF orientation), resized with Pillow's bilinear
filter to a long edge of 513 with each side the nearest number of the form 16 k + 1 (ties to even k, at
least 1), normalized in float32 (x / 255, then (x - mean) / std) and run through the network of
segmentation-networks/src/test/python/zoo_networks.py with the embedded checkpoint. The scores are brought to
the photograph's size by grid_sample (bilinear, align_corners=True, border): pixel x of a photograph of
width w lies at (x + 0.5) * inputWidth / w - 0.5 of the input, whose first and last pixel are the first
and last node of the grid. The largest of each pixel is its class. Files, among the test resources:

    photos.txt       one line per photograph, fields separated by one space, '#' starts a comment:
                     NAME file sourceWidth sourceHeight inputWidth inputHeight gridWidth gridHeight
                     (file is relative to ../shared/photos)
    NAME.mask.png    the classes at the photograph's size: indices of a palette image, VOC palette
    NAME.close.png   1-bit, same size, white where the best score leads the second by less than 0.001
    NAME.scores.bin  little-endian float32, the model's output at every 8th node of the grid in y and x,
                     from 0: shape (21, ceil(gridHeight / 8), ceil(gridWidth / 8)), row-major
"""

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

sys.path.insert(0, "segmentation-networks/src/test/python")
import zoo_networks

CHECKPOINT = Path("segmentation-models/src/main/weights/deeplabv3plus-mobilenetv2-voc.pth")
SHARED = Path("../shared")
OUTPUT = Path("backend-onnx/src/test/resources/io/github/pixelwise/onnx/golden")
PHOTOS = ("astronaut.png", "chelsea.png", "coffee.png", "more/grace_hopper.png", "more/owl.jpg", "more/parrot.jpg",
          "more/pets.jpg")
LONG_EDGE, MULTIPLE = 513, 16
MEAN = np.array((0.485, 0.456, 0.406), np.float32)
STD = np.array((0.229, 0.224, 0.225), np.float32)
CLOSE = 1e-3
STEP = 8
VOC = ("000000 800000 008000 808000 000080 800080 008080 808080 400000 c00000 408000 c08000 400080 c00080 "
       "408080 c08080 004000 804000 00c000 80c000 004080")


def input_size(size):
    return tuple(round((side * LONG_EDGE / max(size) - 1) / MULTIPLE) * MULTIPLE + 1 for side in size)


def tensor(photo):
    pixels = photo.resize(input_size(photo.size), Image.Resampling.BILINEAR)
    normalised = (np.asarray(pixels, np.float32) / 255 - MEAN) / STD
    return torch.from_numpy(normalised.transpose(2, 0, 1)[np.newaxis].copy())


def at_size(scores, pixels, size):
    """The scores at each pixel of a photograph of this size (width, height)."""
    x, y = (torch.from_numpy(((np.arange(side) + 0.5) * inputs / side - 0.5) / (inputs - 1) * 2 - 1).float()
            for side, inputs in zip(size, pixels.shape[:1:-1]))
    grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)[None]
    return functional.grid_sample(scores, grid, "bilinear", "border", align_corners=True)[0]


def palette_image(classes):
    image = Image.fromarray(classes, "P")
    image.putpalette(bytes.fromhex(VOC))
    return image


def store(model, file):
    """Writes the files of one photograph and returns its line of the index."""
    name = Path(file).stem
    photo = Image.open(SHARED / "photos" / file).convert("RGB")
    pixels = tensor(photo)
    scores = model.grid(pixels)
    best = at_size(scores, pixels, photo.size).topk(2, dim=0)
    classes = best.indices[0].numpy().astype(np.uint8)
    close = (best.values[0] - best.values[1] < CLOSE).numpy()

    palette_image(classes).save(OUTPUT / f"{name}.mask.png", optimize=True)
    Image.fromarray(close).save(OUTPUT / f"{name}.close.png", optimize=True)
    scores[0, :, ::STEP, ::STEP].numpy().astype("<f4").tofile(OUTPUT / f"{name}.scores.bin")
    sizes = (*photo.size, *pixels.shape[:1:-1], *scores.shape[:1:-1])
    return " ".join(map(str, (name, file, *sizes)))


@torch.no_grad()
def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    model = zoo_networks.build("deeplabv3plus_mobilenetv2_refined", 21)
    model.load_state_dict(torch.load(CHECKPOINT))
    lines = ["# NAME file sourceWidth sourceHeight inputWidth inputHeight gridWidth gridHeight"]
    lines += [store(model, file) for file in PHOTOS]
    (OUTPUT / "photos.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
