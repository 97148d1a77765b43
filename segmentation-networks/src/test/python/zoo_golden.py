"""Narrow checkpoints of the zoo's networks and what PyTorch computes with them.

Run from the top of the repository (torch 1.13, torchvision 0.14, OpenCV 4.6, Pillow 9.4):

    /usr/bin/python3 segmentation-networks/src/test/python/zoo_golden.py [NAME...]

With names it makes those networks, and leaves the files and the index of the others alone. It
writes to integration-tests/src/test/resources/io/github/pixelwise/integration/zoo/, for each network,

    NAME.pth          the checkpoint, by torch.save, in one of the forms people publish
    NAME.zip          for each case the entries CASE/scores and CASE/categories
    index.properties  what is in them:
        names                     the networks, separated by spaces
        NAME.classes, NAME.width  arguments of zoo_networks.build
        NAME.form                 how the checkpoint is stored, below
        NAME.cases                the cases, separated by spaces: WIDTHxHEIGHT@OUTPUT_STRIDE; the
                                  output stride is 16 where the network has no choice
        NAME.CASE.grid            WIDTHxHEIGHT of the scores
        NAME.pth.sha256, NAME.zip.sha256

The input of a case is examples/photos/chelsea.png resized to WIDTHxHEIGHT by Pillow's BILINEAR
(stretched), RGB / 255, less the mean .485 .456 .406, through the deviation .229 .224 .225. For
separable_residual it is 6 planes: B, G, R / 127.5 - 1, and OpenCV's float BGR2LAB of those values;
every 16th row and column of it is the entry CASE/input, float32, planes x rows x columns.

CASE/scores is little-endian float32, classes x rows x columns: the logits before the last
up-sampling. For the networks that end at the input's size (unet, unet_bilinear, fcn_resnet18,
separable_residual) it is rows and columns 0, 5, 10, ... of their output, for separable_residual
probabilities. CASE/categories is the arg-max at the input's size, a byte a pixel, row by row. The
first case of those in FORMS has two more: CASE/input_scores, rows and columns 0, 5, 10, ... of the
logits at the input's size, and CASE/float16_scores, like CASE/scores, where batch norm is in the
convolutions before it and these are rounded to float16.

PyTorch ran in float32 with exactly the values stored. Forms of the checkpoint (none but float32
holds the counters num_batches_tracked):

    float32   the plain state dict
    float16, bfloat16  the same with smaller floats
    views     float16, all tensors views of one storage
    prefixed  the same with "module." before every name
    wrapped   the same in {"epoch", "state_dict", "optimizer", "best_pred"}
    meta      views in {"meta", "state_dict"}, as mmsegmentation publishes them
    legacy    float16, in the format before the zip (it holds memory addresses as keys, so this file
              differs from run to run)
"""

import sys
from collections import OrderedDict
from pathlib import Path

import torch

import zoo_weights

OUTPUT = Path("integration-tests/src/test/resources/io/github/pixelwise/integration/zoo")

# Classes, width, form, cases. The wide cases are so that the largest atrous rate reaches another
# cell of the grid.
NETWORKS = {
    "deeplabv3_resnet50": (5, 3 / 128, "views", ["129x97@16", "305x65@16"]),
    "deeplabv3_resnet101": (5, 1 / 64, "views", ["129x97@16", "305x65@16"]),
    "fcn_resnet50": (5, 3 / 128, "prefixed", ["129x97@16", "65x113@16"]),
    "fcn_resnet101": (5, 1 / 64, "views", ["129x97@16", "65x113@16"]),
    "deeplabv3_mobilenet_v3_large": (5, 1 / 32, "views", ["129x97@16", "593x65@16"]),
    "lraspp_mobilenet_v3_large": (5, 1 / 32, "bfloat16", ["129x97@16", "305x65@16", "128x96@16"]),
    "deeplabv3plus_xception": (5, 1 / 64, "views", ["96x64@16", "305x33@16", "305x33@8"]),
    "deeplabv3plus_resnet101": (5, 1 / 64, "wrapped", ["96x64@16", "305x33@16", "305x33@8"]),
    "deeplabv3plus_mobilenetv2": (5, 1 / 16, "legacy", ["96x64@16", "305x33@16", "305x33@8"]),
    "unet": (5, 1 / 32, "float16", ["128x96@16", "80x112@16"]),
    "unet_bilinear": (5, 3 / 128, "float32", ["128x96@16", "80x112@16"]),
    # A kernel of 64 x 64 for each pair of classes.
    "fcn_resnet18": (3, 1 / 64, "views", ["128x96@16", "224x64@16"]),
    "bisenetv2": (5, 3 / 64, "meta", ["128x96@16", "129x97@16", "305x65@16"]),
    "separable_residual": (5, 0.04, "views", ["224x224@16"]),
}

FORMS = {"deeplabv3_resnet50", "lraspp_mobilenet_v3_large", "deeplabv3plus_resnet101", "unet",
         "fcn_resnet18"}


# With these weights so deep and narrow a network enlarges rounding less than with others: float32
# and float64 differ by 7e-5 of the scores' range for 2e-4.
SEEDS = {"fcn_resnet101": 1}


def views(state):
    """Every float tensor becomes a view of one storage, shared tensors of the same part of it."""
    starts, parts, end = {}, [], 0
    for value in state.values():
        if value.data_ptr() not in starts:
            starts[value.data_ptr()] = end
            parts.append(value.flatten())
            end += value.numel()
    whole = torch.cat(parts)
    return OrderedDict((key, whole[starts[value.data_ptr()]:][:value.numel()].view(value.shape))
                       for key, value in state.items())


def save(state, form, file):
    if form in ("views", "prefixed", "wrapped", "meta"):
        state = views(state)
    if form == "prefixed":
        state = OrderedDict(("module." + key, value) for key, value in state.items())
    if form == "wrapped":
        optimizer = {"state": {}, "param_groups": [{"lr": 0.007, "nesterov": False, "params": [0]}]}
        state = {"epoch": 50, "state_dict": state, "optimizer": optimizer, "best_pred": 0.75}
    if form == "meta":
        meta = {"mmseg_version": "0.18.0+1a2b3c4", "time": "Thu Sep  2 01:55:51 2021", "seed": 0,
                "config": "model = dict(type='EncoderDecoder')\n", "CLASSES": ("road", "sidewalk"),
                "PALETTE": [[128, 64, 128], [244, 35, 232]], "epoch": 1, "iter": 160000}
        state = {"meta": meta, "state_dict": state}
    torch.save(state, file, _use_new_zipfile_serialization=form != "legacy")


def make(name):
    """Writes the files of a network; its lines of the index."""
    classes, width, form, cases = NETWORKS[name]
    size = (224, 224) if name == "separable_residual" else (256, 192)
    network = zoo_weights.calibrated(name, classes, width, size, SEEDS.get(name, 0))
    if form == "float32":
        state = network.state_dict()
    else:
        state = zoo_weights.stored(network, torch.bfloat16 if form == "bfloat16" else torch.float16)
        state = OrderedDict((key, value) for key, value in state.items() if value.is_floating_point())
    save(state, form, OUTPUT / f"{name}.pth")
    return [f"{name}.form={form}"] + zoo_weights.record(OUTPUT, name, classes, width, state, cases,
                                                        with_forms=name in FORMS)


def main(names):
    OUTPUT.mkdir(parents=True, exist_ok=True)
    index = OUTPUT / "index.properties"
    before = index.read_text().splitlines() if names else []
    lines = ["# Written by segmentation-networks/src/test/python/zoo_golden.py, which says what is what.",
             "names=" + " ".join(NETWORKS)]
    for name in NETWORKS:
        made = name in names or not names
        lines += make(name) if made else [line for line in before if line.startswith(name + ".")]
    index.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
