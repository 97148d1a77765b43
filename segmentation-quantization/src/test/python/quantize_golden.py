"""Quantizes a small network with ONNX Runtime's quantize_static, for QuantizeStaticTest.

    python3 quantize_golden.py

Writes network.onnx, its inputs, and golden.txt: the steps of tensors, the bytes of weights, and the
whole numbers of biases. Neighboring weights have opposite signs, so that the limit of Pixelwise for
pairs of weights, which ONNX Runtime does not have, changes nothing. Pixelwise leaves the first and
the last convolution in float, so they are not compared. Made with onnx 1.23.1 and
onnxruntime 1.30.0.
"""

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

FOLDER = Path(__file__).parents[1] / "resources/io/github/pixelwise/quantization"
PERCENTILE = 99
random = np.random.default_rng(1)


def weights(name, *shape):
    outputs, inputs, height, width = shape
    places = np.arange(inputs * height * width).reshape(height, width, inputs)
    signs = np.where(places % 2, -1, 1).transpose(2, 0, 1)
    values = random.uniform(0.02, 0.5, shape) * signs
    return numpy_helper.from_array(values.astype(np.float32), name)


def bias(name, size):
    return numpy_helper.from_array(random.normal(0, 0.5, size).astype(np.float32), name)


def network():
    constants = [
        weights("begin.weight", 3, 3, 1, 1),
        weights("first.weight", 8, 3, 3, 3),
        bias("first.bias", 8),
        weights("depthwise.weight", 8, 1, 3, 3),
        bias("depthwise.bias", 8),
        weights("pointwise.weight", 8, 8, 1, 1),
        bias("pointwise.bias", 8),
        weights("last.weight", 4, 16, 1, 1),
        bias("last.bias", 4),
        weights("end.weight", 4, 4, 1, 1),
        numpy_helper.from_array(np.float32(0), "zero"),
        numpy_helper.from_array(np.float32(6), "six"),
    ]
    nodes = [
        helper.make_node("Conv", ["image", "begin.weight"], ["start"]),
        helper.make_node(
            "Conv", ["start", "first.weight", "first.bias"], ["a"], pads=[1, 1, 1, 1]
        ),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node(
            "Conv",
            ["b", "depthwise.weight", "depthwise.bias"],
            ["c"],
            pads=[1, 1, 1, 1],
            group=8,
        ),
        helper.make_node("Clip", ["c", "zero", "six"], ["d"]),
        helper.make_node("Conv", ["d", "pointwise.weight", "pointwise.bias"], ["e"]),
        helper.make_node("Add", ["e", "b"], ["f"]),
        helper.make_node(
            "MaxPool", ["f"], ["g"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]
        ),
        helper.make_node("Concat", ["f", "g"], ["h"], axis=1),
        helper.make_node("Conv", ["h", "last.weight", "last.bias"], ["i"]),
        helper.make_node("Conv", ["i", "end.weight"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 12, 16])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, 4, 12, 16])],
        constants,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=7
    )
    onnx.checker.check_model(model, full_check=True)
    return model


class Reader(CalibrationDataReader):
    def __init__(self, images):
        self.images = iter(images)

    def get_next(self):
        image = next(self.images, None)
        return None if image is None else {"image": image}


def quantized(images, method, folder):
    target = folder / "quantized.onnx"
    quantize_static(
        FOLDER / "network.onnx",
        target,
        Reader(images),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=method,
        extra_options={
            "CalibTensorRangeSymmetric": False,
            "CalibPercentile": PERCENTILE,
        },
    )
    graph = onnx.load(target).graph
    return {c.name: numpy_helper.to_array(c) for c in graph.initializer}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    onnx.save(network(), FOLDER / "network.onnx")
    images = [
        random.normal(0.2, 1, (1, 3, 12, 16)).astype(np.float32) for _ in range(2)
    ]
    (FOLDER / "images.f32").write_bytes(b"".join(i.tobytes() for i in images))
    with tempfile.TemporaryDirectory() as folder:
        minmax = quantized(images, CalibrationMethod.MinMax, Path(folder))
        percentile = quantized(images, CalibrationMethod.Percentile, Path(folder))
    lines = []
    for method, constants in (("min-max", minmax), ("percentile", percentile)):
        for tensor in ("start", "b", "d", "e", "f", "h", "i"):
            scale = constants[tensor + "_scale"]
            zero = constants[tensor + "_zero_point"]
            lines.append(f"steps {method} {tensor} {scale} {zero}")
    for layer in ("first", "depthwise", "pointwise", "last"):
        name = layer + ".weight"
        lines.append(f"bytes {name} {minmax[name + '_quantized'].tobytes().hex()}")
        scales = " ".join(str(s) for s in minmax[name + "_scale"])
        lines.append(f"scales {name} {scales}")
        name = layer + ".bias"
        whole = " ".join(str(b) for b in minmax[name + "_quantized"])
        lines.append(f"bias {name} {whole}")
    (FOLDER / "golden.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
