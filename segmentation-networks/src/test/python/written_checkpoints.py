"""Shows that PyTorch reads what CheckpointWriter writes.

Run from the top of the repository, with PyTorch 1.13 and with a PyTorch 2:

    python3 segmentation-networks/src/test/python/written_checkpoints.py

It reads written.pth and, if the package safetensors is there, written.safetensors among the test resources,
and compares them with the tensors that CheckpointWriterTest writes. The test compares what is written with
those files, so after a change of the writer put the new files there and run this again.
"""

import struct
import sys
from collections import OrderedDict
from pathlib import Path

import torch

FOLDER = Path("segmentation-networks/src/test/resources/io/github/pixelwise/network/checkpoint")


def expected():
    inf = float("inf")
    limits = [2.0**-149, (2 - 2.0**-23) * 2.0**127, -0.0, float("nan"), inf, -inf, 1e-40]
    return OrderedDict(
        [
            ("backbone.layer1.0.conv1.weight", torch.arange(1.0, 7.0).view(2, 1, 1, 3)),
            ("bn.num_batches_tracked", torch.tensor(12.0)),
            ("empty", torch.zeros(0)),
            ("no.columns", torch.zeros(2, 0, 3)),
            ("Größe.\"\\\n.層.🙂", torch.tensor([0.1, -2.5])),
            ("limits", torch.tensor(limits)),
        ]
    )


def bits(tensor):
    values = tensor.reshape(-1).tolist()
    return struct.pack(f"<{len(values)}f", *values)


def check(name, tensors):
    wanted = expected()
    assert set(tensors) == set(wanted), (name, list(tensors))
    for key, tensor in wanted.items():
        found = tensors[key]
        assert found.dtype == torch.float32 and found.shape == tensor.shape, (name, key, found)
        assert found.is_contiguous() and not found.requires_grad, (name, key)
        assert bits(found) == bits(tensor), (name, key, found, tensor)
    print(name, "is as it should be for PyTorch", torch.__version__)


def main():
    check("written.pth", torch.load(FOLDER / "written.pth", weights_only=True))
    check("written.pth, with pickle,", torch.load(FOLDER / "written.pth", weights_only=False))
    if torch.__version__ >= "2.1":
        check("written.pth, mapped,", torch.load(FOLDER / "written.pth", weights_only=True, mmap=True))

    try:
        from safetensors.torch import load_file
    except ImportError:
        sys.exit("the package safetensors is not there, so written.safetensors was not read")
    check("written.safetensors", load_file(FOLDER / "written.safetensors"))


if __name__ == "__main__":
    main()
