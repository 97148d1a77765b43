"""The zoo's networks at full size: float32 checkpoints, inputs, and what PyTorch computes.

Run from the top of the repository (torch 1.13, torchvision 0.14, OpenCV 4.6, Pillow 9.4):

    /usr/bin/python3 segmentation-networks/src/test/python/zoo_full.py OUTDIR [NAME...]

It writes NAME.pth and NAME.zip into OUTDIR, outside git (1.6 GB for all of them), and
NAME.properties with the lines which zoo_golden.py puts in its index; the files are as described
there, but for a third entry of each case: CASE/input is the whole input, float32, c x h x w. 21
classes, 12 for separable_residual. Without names it makes all networks, one after the other, and
prints each one's parameter count.
"""

import sys
from pathlib import Path

import torch

import zoo_networks
import zoo_weights

PUBLISHED_PARAMETERS = {
    "deeplabv3_resnet50": 42004074,
    "deeplabv3_resnet101": 60996202,
    "fcn_resnet50": 35322218,
    "fcn_resnet101": 54314346,
    "deeplabv3_mobilenet_v3_large": 11029328,
    "lraspp_mobilenet_v3_large": 3221538,
}


def cases(name):
    if name in zoo_networks.TORCHVISION:
        return ["520x520@16", "520x389@16"]
    if name in zoo_networks.PLUS_BACKBONES:
        return ["512x512@16", "513x385@16", "512x512@8"]
    if name == "separable_residual":
        return ["224x224@16"]
    if name.endswith("_refined"):
        return ["513x513@16", "513x385@16"]
    if name == "bisenetv2":
        return ["1024x512@16", "1024x683@16"]
    return ["512x512@16", "512x384@16"]


def main(folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or zoo_networks.NAMES:
        classes = 12 if name == "separable_residual" else 21
        size = (224, 224) if name == "separable_residual" else (320, 256)
        network = zoo_weights.calibrated(name, classes, 1, size)
        count = sum(parameter.numel() for parameter in network.parameters())
        if PUBLISHED_PARAMETERS.get(name, count) != count:
            raise SystemExit(f"{name}: {count} parameters, published {PUBLISHED_PARAMETERS[name]}")
        print(f"{name}: {count:,} parameters")
        state = network.state_dict()
        torch.save(state, folder / f"{name}.pth")
        del network
        lines = [f"{name}.form=float32"] + zoo_weights.record(
            folder, name, classes, 1, state, cases(name), True)
        (folder / f"{name}.properties").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
