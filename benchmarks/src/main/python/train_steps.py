"""Trains a network as PyTorch's own tutorials do, and prints how long a step takes.

    python3 train_steps.py NETWORK DATA BATCH CROP WARM_UP STEPS THREADS WORKERS

DATA has JPEGImages/*.jpg and SegmentationClass/*.png. Photographs are scaled, flipped, and cropped
with Pillow in WORKERS processes of a DataLoader; a step is torch.optim.SGD with cross-entropy. The
network is the module that is the reference of our own. Prints one line: milliseconds a step, data
loading included; milliseconds a step that the loader was waited for; the peak memory of this process
and of its workers in kB.
"""

import random
import resource
import sys
import time
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

HOME = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(HOME / "segmentation-networks" / "src" / "test" / "python"))
try:
    import torchvision  # noqa: F401
except ImportError:
    # The networks measured here are not torchvision's, but the module imports it.
    for part in ("", ".models", ".models._utils", ".models.segmentation"):
        sys.modules["torchvision" + part] = MagicMock()
import zoo_networks  # noqa: E402

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)


class Photographs(Dataset):
    def __init__(self, folder, crop, length):
        self.photos = sorted((folder / "JPEGImages").glob("*.jpg"))
        self.masks = folder / "SegmentationClass"
        self.crop, self.length = crop, length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        file = self.photos[index % len(self.photos)]
        photo, mask = Image.open(file).convert("RGB"), Image.open(self.masks / (file.stem + ".png"))
        scale = random.uniform(0.5, 2)
        size = (round(photo.width * scale), round(photo.height * scale))
        photo, mask = photo.resize(size, Image.BILINEAR), mask.resize(size, Image.NEAREST)
        if random.random() < 0.5:
            photo, mask = photo.transpose(Image.FLIP_LEFT_RIGHT), mask.transpose(Image.FLIP_LEFT_RIGHT)
        left = random.randint(min(0, photo.width - self.crop), max(0, photo.width - self.crop))
        top = random.randint(min(0, photo.height - self.crop), max(0, photo.height - self.crop))
        box = (left, top, left + self.crop, top + self.crop)
        image = (np.asarray(photo.crop(box), np.float32) / 255 - MEAN) / STD
        target = np.asarray(mask.crop(box), np.int64)
        return torch.from_numpy(image.transpose(2, 0, 1).copy()), torch.from_numpy(target)


def main():
    name, folder = sys.argv[1], Path(sys.argv[2])
    batch, crop, warm_up, steps, threads, workers = map(int, sys.argv[3:])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    network = zoo_networks.build(name.replace("-", "_"), 21).train()
    optimizer = torch.optim.SGD(network.parameters(), 0.001, 0.9, weight_decay=1e-4)
    loader = iter(DataLoader(Photographs(folder, crop, batch * (warm_up + steps)), batch,
                             num_workers=workers))
    start = waited = 0
    for step in range(warm_up + steps):
        if step == warm_up:
            start, waited = time.perf_counter(), 0
        before = time.perf_counter()
        images, targets = next(loader)
        waited += time.perf_counter() - before
        loss = F.cross_entropy(network(images), targets, ignore_index=255)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        loss.item()
    whole = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del loader
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(1000 * whole / steps, 1000 * waited / steps, peak, children)


if __name__ == "__main__":
    main()
