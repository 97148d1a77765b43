"""Exports a segmentation network to ONNX as torchvision's users do, to compare its speed with ours.

    /usr/bin/python3 segmentation-networks/src/test/python/export_onnx.py NAME CHECKPOINT OUTPUT.onnx

Opset 13, batch, height and width dynamic, input "input", output "out" at the input's size. The
auxiliary head is left out. Needs no python3-onnx.
"""

import sys

import torch
from torchvision.models import segmentation


class Scores(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        return self.network(images)["out"]


def main(name, checkpoint, output):
    state = {key: value for key, value in torch.load(checkpoint, map_location="cpu").items()
             if not key.startswith("aux_classifier.")}
    network = getattr(segmentation, name)(weights=None, weights_backbone=None, num_classes=21)
    network.load_state_dict(state)
    axes = {0: "batch", 2: "height", 3: "width"}
    torch.onnx.export(Scores(network.eval()), torch.zeros(1, 3, 520, 520), output, opset_version=13,
                      input_names=["input"], output_names=["out"],
                      dynamic_axes={"input": axes, "out": axes})


if __name__ == "__main__":
    main(*sys.argv[1:])
