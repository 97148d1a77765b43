"""What published TensorFlow Lite files compute, by PyTorch, for PublishedTfLiteTest.

Run from the top of the repository, with the folder that has the files (torch 1.13):

    python3 segmentation-networks/src/test/python/tflite_published.py ../shared/models/published

It writes tflite-published.txt among the resources of the integration tests: a line for each file
with its name, the shape of some of its output, and the numbers. Inputs follow from the formula of
tflite_golden.py. The files are read by a few lines of FlatBuffers here; 8-bit weights become the
real numbers that they stand for; only the operators of these two files are known.
"""

import math
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

OUTPUT = Path("integration-tests/src/test/resources/io/github/pixelwise/integration/tflite-published.txt")
NAMES = {0: "ADD", 1: "AVERAGE_POOL_2D", 2: "CONCATENATION", 3: "CONV_2D", 4: "DEPTHWISE_CONV_2D", 6: "DEQUANTIZE",
         9: "FULLY_CONNECTED", 14: "LOGISTIC", 18: "MUL", 19: "RELU", 21: "RELU6", 22: "RESHAPE",
         23: "RESIZE_BILINEAR", 32: "CUSTOM", 40: "MEAN", 56: "ARG_MAX", 114: "QUANTIZE", 117: "HARD_SWISH"}
TYPES = {0: "<f4", 1: "<f2", 2: "<i4", 3: "u1", 4: "<i8", 9: "i1"}
STEP = 32


class Table:
    def __init__(self, data, at):
        self.data, self.at = data, at

    def place(self, field):
        vtable = self.at - struct.unpack_from("<i", self.data, self.at)[0]
        if 4 + 2 * field >= struct.unpack_from("<H", self.data, vtable)[0]:
            return 0
        offset = struct.unpack_from("<H", self.data, vtable + 4 + 2 * field)[0]
        return offset and self.at + offset

    def number(self, field, form, default=0):
        place = self.place(field)
        return struct.unpack_from("<" + form, self.data, place)[0] if place else default

    def target(self, place):
        return place + struct.unpack_from("<I", self.data, place)[0]

    def table(self, field):
        place = self.place(field)
        return Table(self.data, self.target(place)) if place else None

    def vector(self, field, form):
        place = self.place(field)
        if not place:
            return []
        start = self.target(place)
        count = struct.unpack_from("<I", self.data, start)[0]
        if form == "table":
            return [Table(self.data, self.target(start + 4 + 4 * i)) for i in range(count)]
        return list(struct.unpack_from(f"<{count}{form}", self.data, start + 4))


def padded(x, size, strides, dilations, same):
    amounts = []
    for side, length, stride, dilation in zip(x.shape[2:], size, strides, dilations):
        span = (length - 1) * dilation + 1
        total = max(0, (-(-side // stride) - 1) * stride + span - side) if same else 0
        amounts.append((total // 2, total - total // 2))
    return F.pad(x, (*amounts[1], *amounts[0]))


def activated(x, code):
    return [lambda v: v, F.relu, lambda v: v.clamp(-1, 1), F.relu6, torch.tanh][code](x)


class File:
    def __init__(self, path):
        data = path.read_bytes()
        self.model = Table(data, struct.unpack_from("<I", data)[0])
        self.graph = self.model.vector(2, "table")[0]
        self.tensors = self.graph.vector(0, "table")
        self.buffers = self.model.vector(4, "table")
        self.codes = self.model.vector(1, "table")

    def stored(self, index):
        """Numbers of the file, or None."""
        tensor = self.tensors[index]
        data = bytes(self.buffers[tensor.number(2, "I")].vector(0, "B"))
        if not data:
            return None
        shape = tensor.vector(0, "i")
        values = np.frombuffer(data, TYPES[tensor.number(1, "b")]).reshape(shape).astype(np.float64)
        quantization = tensor.table(4)
        scales = quantization.vector(2, "f") if quantization else []
        if scales:
            axes = [1] * len(shape)
            if len(scales) > 1:
                axes[quantization.number(6, "i")] = len(scales)
            values = (values - np.reshape(quantization.vector(3, "q"), axes)) * np.reshape(scales, axes)
        return torch.from_numpy(values)

    def run(self, image):
        values = {self.graph.vector(1, "i")[0]: image}
        kinds = []
        for operator in self.graph.vector(3, "table"):
            code = self.codes[operator.number(0, "I")]
            kind = NAMES[max(code.number(0, "b"), code.number(3, "i"))]
            kinds.append(kind)
            inputs = [values[i] if i in values else None if i < 0 else self.stored(i)
                      for i in operator.vector(1, "i")]
            options = operator.table(4)
            result = self.compute(kind, inputs, options, operator)
            values[operator.vector(2, "i")[0]] = result
        print(sorted(set(kinds)), file=sys.stderr)
        return values

    @staticmethod
    def compute(kind, inputs, options, operator):
        x = inputs[0]
        bias = inputs[2] if len(inputs) > 2 else None
        number = options.number if options else lambda field, form, default=0: default
        if kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            deep = kind == "DEPTHWISE_CONV_2D"
            w = inputs[1].permute(3, 0, 1, 2) if deep else inputs[1].permute(0, 3, 1, 2)
            strides = number(2, "i"), number(1, "i")
            dilations = number(5 + deep, "i", 1), number(4 + deep, "i", 1)
            x = padded(x, w.shape[2:], strides, dilations, number(0, "b") == 0)
            x = F.conv2d(x, w, bias, strides, 0, dilations, x.shape[1] if deep else 1)
            return activated(x, number(3 + deep, "b"))
        if kind == "CUSTOM":
            padding, across, down = struct.unpack("<3i", bytes(operator.vector(5, "B"))[:12])
            w = inputs[1].permute(3, 0, 1, 2)
            assert (across, down) == tuple(w.shape[2:])  # So nothing overlaps, and no padding is cut off.
            return F.conv_transpose2d(x, w, bias, (down, across))
        if kind == "AVERAGE_POOL_2D":
            size, strides = (number(4, "i"), number(3, "i")), (number(2, "i"), number(1, "i"))
            assert size == tuple(x.shape[2:]) or number(0, "b") == 1
            return F.avg_pool2d(x, size, strides)
        if kind == "MEAN":
            return x.mean((2, 3), keepdim=True)
        if kind == "FULLY_CONNECTED":
            return activated(F.conv2d(x, inputs[1][:, :, None, None], bias), number(0, "b"))
        if kind == "RESIZE_BILINEAR":
            size = [int(side) for side in inputs[1]]
            aligned, centers = number(2, "b"), number(3, "b")
            assert aligned or centers or x.shape[2:] == (1, 1), "the first rule for places"
            return F.interpolate(x, size, mode="bilinear", align_corners=bool(aligned))
        if kind in ("ADD", "MUL"):
            y = inputs[1]
            return activated(x + y if kind == "ADD" else x * y, number(0, "b"))
        if kind == "CONCATENATION":
            return activated(torch.cat(inputs, 1), number(1, "b"))
        return {
            "DEQUANTIZE": lambda v: v, "QUANTIZE": lambda v: v, "RESHAPE": lambda v: v,
            "LOGISTIC": torch.sigmoid, "RELU": F.relu, "RELU6": F.relu6, "HARD_SWISH": F.hardswish,
            "ARG_MAX": lambda v: v,
        }[kind](x)


def numbers(name, *shape):
    steps = (zlib.crc32(name.encode()) + np.arange(math.prod(shape), dtype=np.uint64) * 2654435761)
    return ((steps & 0xFFFFFFFF) >> 16).reshape(shape) / 65536 - 0.5


def main(folder):
    lines = []
    for name, side in (("selfie_segmentation", 256), ("deeplabv3_mnv2_dm05_pascal_quant", 513)):
        file = File(Path(folder) / f"{name}.tflite")
        image = torch.from_numpy(numbers("image", side, side, 3)).permute(2, 0, 1)[None]
        output = file.run(image)[file.graph.vector(2, "i")[0]]
        part = output[0, :, ::STEP, ::STEP]
        text = " ".join(f"{value:.7g}" for value in part.flatten().tolist())
        lines.append(f"{name}|{' '.join(map(str, part.shape))}|{text}\n")
    OUTPUT.write_text("".join(lines))


main(sys.argv[1])
