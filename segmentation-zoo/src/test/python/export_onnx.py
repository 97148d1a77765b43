"""Exports deeplabv3_resnet101 to ONNX as torchvision's users do, to compare its speed with ours.

    /usr/bin/python3 segmentation-zoo/src/test/python/export_onnx.py CHECKPOINT OUTPUT.onnx

Opset 13, batch, height and width dynamic, input "input", output "out" at the input's size. The
auxiliary head is left out. Needs no python3-onnx.
"""

import sys

import torch
from torchvision.models.segmentation import deeplabv3_resnet101


class Scores(torch.nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        return self.network(images)["out"]


def main(checkpoint, output):
    state = {key: value for key, value in torch.load(checkpoint, map_location="cpu").items()
             if not key.startswith("aux_classifier.")}
    classes = state["classifier.4.weight"].shape[0]
    network = deeplabv3_resnet101(weights=None, weights_backbone=None, num_classes=classes)
    network.load_state_dict(state)
    axes = {0: "batch", 2: "height", 3: "width"}
    torch.onnx.export(Scores(network.eval()), torch.zeros(1, 3, 520, 520), output, opset_version=13,
                      input_names=["input"], output_names=["out"],
                      dynamic_axes={"input": axes, "out": axes})


if __name__ == "__main__":
    main(*sys.argv[1:])
