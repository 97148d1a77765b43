"""A small network that is built like U2-Net, and the alpha that rembg's arithmetic makes of it.

Run from the top of the repository, with onnx, onnxruntime, numpy and Pillow:

    python3 segmentation-cli/src/test/python/saliency_models.py

saliency.onnx      random weights: from a picture of 64 x 64 to seven maps of that size, each the sigmoid
                   of what one layer more gives; the first one counts
saliency.png       the alpha of examples/photos/chelsea.png: resized by Lanczos, divided by its maximum,
                   normalized; the first output normalized by its own minimum and maximum, rounded down
                   to 8 bits, and resized by Lanczos
categories.onnx    the strongest of red, green and blue
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

OUTPUT = Path("segmentation-cli/src/test/resources/io/github/pixelwise/cli/saliency")
PHOTO = Path("examples/photos/chelsea.png")
SIDE = 64
MAPS = 7
CHANNELS = 4
CARD = """name = saliency
file.onnx = saliency.onnx
input.name = input.1
input.size = fixed 64 x 64
input.scale = 1/maximum
input.mean = 0.485, 0.456, 0.406
input.std = 0.229, 0.224, 0.225
input.interpolation = lanczos
output.name = 1959
output.kind = sigmoid
output.normalize = min-max
output.interpolation = lanczos
output.edge = soft
labels = background, foreground
"""
CATEGORIES = """name = categories
file.onnx = categories.onnx
input.name = x
input.size = fixed 64 x 64
output.name = y
output.kind = categories
labels = red, green, blue
"""


def network():
    """Layers one after the other; the last one is seen by the first map, as U2-Net's d0 is."""
    random = np.random.RandomState(1)
    nodes, constants = [], []
    layer, channels = "input.1", 3
    for i in reversed(range(MAPS)):
        weights = random.normal(0, 0.5 / channels, (CHANNELS, channels, 5, 5)).astype(np.float32)
        head = random.normal(0, 1, (1, CHANNELS, 1, 1)).astype(np.float32)
        constants += [numpy_helper.from_array(weights, f"w{i}"), numpy_helper.from_array(head, f"h{i}")]
        nodes += [
            helper.make_node("Conv", [layer, f"w{i}"], [f"c{i}"], pads=[2, 2, 2, 2]),
            helper.make_node("Relu", [f"c{i}"], [f"r{i}"]),
            helper.make_node("Conv", [f"r{i}", f"h{i}"], [f"s{i}"]),
            helper.make_node("Sigmoid", [f"s{i}"], [str(1959 + i)]),
        ]
        layer, channels = f"r{i}", CHANNELS
    shape = [1, 1, SIDE, SIDE]
    graph = helper.make_graph(
        nodes, "saliency",
        [helper.make_tensor_value_info("input.1", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info(str(1959 + i), TensorProto.FLOAT, shape) for i in range(MAPS)],
        constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)


def alpha(model, photo):
    samples = np.array(photo.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS))
    scaled = samples / max(np.max(samples), 1e-6)
    prepared = (scaled - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    tensor = prepared.transpose(2, 0, 1)[None].astype(np.float32)
    output = session.run(None, {session.get_inputs()[0].name: tensor})[0][0, 0]
    lowest, highest = np.min(output), np.max(output)
    steps = ((output - lowest) / (highest - lowest) * 255).astype(np.uint8)
    return Image.fromarray(steps).resize(photo.size, Image.Resampling.LANCZOS)


def strongest():
    nodes = [helper.make_node("ArgMax", ["x"], ["y"], axis=1, keepdims=0)]
    graph = helper.make_graph(
        nodes, "strongest",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("y", TensorProto.INT64, [1, SIDE, SIDE])])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], ir_version=6)


if __name__ == "__main__":
    OUTPUT.mkdir(parents=True, exist_ok=True)
    made = network()
    (OUTPUT / "saliency.onnx").write_bytes(made.SerializeToString())
    (OUTPUT / "saliency.properties").write_text(CARD)
    (OUTPUT / "categories.onnx").write_bytes(strongest().SerializeToString())
    (OUTPUT / "categories.properties").write_text(CATEGORIES)
    alpha(made, Image.open(PHOTO)).save(OUTPUT / "saliency.png")
