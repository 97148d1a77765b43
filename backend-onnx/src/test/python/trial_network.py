"""Writes the network on which the backend tries a GPU: one convolution. Run in backend-onnx."""

import torch

convolution = torch.nn.Conv2d(1, 1, 3, padding=1, bias=False)
torch.nn.init.constant_(convolution.weight, 1)
torch.onnx.export(
    convolution.eval(),
    torch.zeros(1, 1, 3, 3),
    "src/main/resources/io/github/pixelwise/onnx/trial.onnx",
    opset_version=13,
    input_names=["in"],
    output_names=["out"],
)
