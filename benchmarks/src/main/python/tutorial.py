"""The tutorials' pipeline, with pictures of the photograph's size: what Pixelwise is measured against.

Pillow decodes, torchvision prepares and runs, arg-max, numpy's decode_segmap, OpenCV's overlay and
feathered alpha, Pillow encodes (level 1). The tutorials stop at the network's size; here the
coloured map is enlarged to the photograph's, to the nearest pixel, which is the quickest way.

    python3 tutorial.py NETWORK CHECKPOINT SIZE THREADS

SIZE is `short` or `long`, and the edge's length in pixels. It then answers lines of its standard
input: `run PHOTO OVERLAY CUTOUT MASK`, with tabs between, with the nanoseconds of decode, prepare,
inference, decoding, colour, composite and encode; `memory` with its high-water mark in kB, 0 if unknown.
MASK, unless empty, is written after the clock has stopped.
"""

import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from torchvision import transforms

sys.path.insert(0, str(Path(__file__).parents[4] / "segmentation-networks/src/test/python"))

import zoo_networks  # noqa: E402

COLORS = np.array([
    (0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128), (128, 0, 128), (0, 128, 128),
    (128, 128, 128), (64, 0, 0), (192, 0, 0), (64, 128, 0), (192, 128, 0), (64, 0, 128), (192, 0, 128),
    (64, 128, 128), (192, 128, 128), (0, 64, 0), (128, 64, 0), (0, 192, 0), (128, 192, 0),
    (0, 64, 128)], np.uint8)


def decode_segmap(categories):
    channels = np.zeros((3, *categories.shape), np.uint8)
    for category, color in enumerate(COLORS):
        where = categories == category
        for channel in range(3):
            channels[channel][where] = color[channel]
    return np.stack(list(channels), axis=2)


def resized(size, edge):
    """torchvision's Resize of the shorter edge, or of the longer one to sides of 16 k + 1."""
    if size == "short":
        return transforms.Resize(edge)

    def long(image):
        scale = edge / max(image.size)
        width, height = (16 * round((side * scale - 1) / 16) + 1 for side in image.size)
        return image.resize((width, height), Image.BILINEAR)

    return long


def main(name, checkpoint, size, edge, threads):
    torch.set_grad_enabled(False)
    torch.set_num_threads(threads)
    network = zoo_networks.build(name, len(COLORS))
    network.load_state_dict(torch.load(checkpoint))
    if hasattr(network, "aux_classifier"):
        network.aux_classifier = None  # which would be computed, and not used
    network.eval()
    prepare = transforms.Compose([
        resized(size, edge), transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])

    def run(photo, overlay, cutout, mask):
        times = [time.perf_counter_ns()]
        image = Image.open(photo).convert("RGB")
        times.append(time.perf_counter_ns())
        tensor = prepare(image).unsqueeze(0)
        times.append(time.perf_counter_ns())
        scores = network(tensor)
        scores = scores["out"] if isinstance(scores, dict) else scores
        times.append(time.perf_counter_ns())
        if scores.shape[2:] != tensor.shape[2:]:
            scores = torch.nn.functional.interpolate(
                scores, tensor.shape[2:], mode="bilinear", align_corners=False)
        categories = torch.argmax(scores.squeeze(), dim=0).numpy()
        times.append(time.perf_counter_ns())
        source = np.array(image)
        colors = cv2.resize(decode_segmap(categories), image.size, interpolation=cv2.INTER_NEAREST)
        tinted = cv2.addWeighted(source, 0.5, colors, 0.5, 0)
        times.append(time.perf_counter_ns())
        grey = cv2.cvtColor(colors, cv2.COLOR_RGB2GRAY)
        _, alpha = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY)
        cut = np.dstack([source, cv2.GaussianBlur(alpha, (7, 7), 0)])
        times.append(time.perf_counter_ns())
        Image.fromarray(tinted).save(overlay, compress_level=1)
        Image.fromarray(cut).save(cutout, compress_level=1)
        times.append(time.perf_counter_ns())
        if mask:
            Image.fromarray(categories.astype(np.uint8)).resize(image.size, Image.NEAREST).save(mask)
        return [b - a for a, b in zip(times, times[1:])]

    print(f"Python {sys.version.split()[0]}, torch {torch.__version__}, {threads} threads", flush=True)
    for line in sys.stdin:
        command, *files = line.rstrip("\n").split("\t")
        if command == "memory":
            status = Path("/proc/self/status")  # of Linux
            known = status.exists()
            print(status.read_text().split("VmHWM:")[1].split()[0] if known else 0, flush=True)
        else:
            print(*run(*files), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
