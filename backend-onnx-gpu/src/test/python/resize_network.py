"""Writes a network that computes a size, which ONNX Runtime leaves to the CPU. Run in backend-onnx-gpu."""

import torch


class Resize(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = torch.nn.Conv2d(3, 2, 3, stride=2, padding=1)

    def forward(self, image):
        size = (image.shape[2] // 1, image.shape[3] // 1)
        return torch.nn.functional.interpolate(self.convolution(image), size=size, mode="bilinear")


torch.onnx.export(
    Resize().eval(),
    torch.zeros(1, 3, 16, 16),
    "src/test/resources/io/github/pixelwise/onnx/gpu/resize.onnx",
    opset_version=13,
    input_names=["in"],
    output_names=["out"],
    dynamic_axes={"in": {0: "n", 2: "h", 3: "w"}},
)
