"""Small TensorFlow Lite files, and what TensorFlow Lite's operators compute on them.

Run from the top of the repository (numpy):

    python3 segmentation-networks/src/test/python/tflite_golden.py

It writes NAME.tflite for each network below, and golden.txt: a line for each with its name, the
spread, height, and width of its input, the shape of its scores, channels x height x width, and the
scores. The operators are computed here in double precision from their definitions in the schema and
the documentation of TensorFlow, node by node and in TensorFlow's order of axes (height, width,
channels). Inputs follow from a formula, and so do the weights.
"""

import math
import struct
import zlib
from pathlib import Path

import numpy as np

from tflite_writer import Model, Vector

OUTPUT = Path("segmentation-networks/src/test/resources/io/github/pixelwise/network/tflite")
SAME, VALID = 0, 1
NONE, RELU, RELU1, RELU6, TANH = 0, 1, 2, 3, 4


def numbers(name, *shape):
    """Numbers of -0.5 to 0.5."""
    steps = (zlib.crc32(name.encode()) + np.arange(math.prod(shape), dtype=np.uint64) * 2654435761)
    return ((steps & 0xFFFFFFFF) >> 16).reshape(shape) / 65536 - 0.5


def activated(x, code):
    return [lambda v: v, lambda v: np.maximum(v, 0), lambda v: np.clip(v, -1, 1),
            lambda v: np.clip(v, 0, 6), np.tanh][code](x)


def window(side, size, stride, dilation, padding):
    """The number of outputs, and where the first window starts."""
    span = (size - 1) * dilation + 1
    if padding == VALID:
        return (side - span) // stride + 1, 0
    outputs = -(-side // stride)
    return outputs, -(max(0, (outputs - 1) * stride + span - side) // 2)


def windows(x, size, strides, dilations, padding):
    """For each output node: its place, and the (weight's place, values) inside the image."""
    rows, top = window(x.shape[0], size[0], strides[0], dilations[0], padding)
    columns, left = window(x.shape[1], size[1], strides[1], dilations[1], padding)
    for row in range(rows):
        for column in range(columns):
            inside = []
            for i in range(size[0]):
                for j in range(size[1]):
                    y = top + row * strides[0] + i * dilations[0]
                    z = left + column * strides[1] + j * dilations[1]
                    if 0 <= y < x.shape[0] and 0 <= z < x.shape[1]:
                        inside.append(((i, j), x[y, z]))
            yield (row, column), (rows, columns), inside


def pooled(x, size, strides, padding, function):
    out = None
    for (row, column), shape, inside in windows(x, size, strides, (1, 1), padding):
        if out is None:
            out = np.zeros((*shape, x.shape[2]))
        out[row, column] = function(np.array([values for _, values in inside]))
    return out


def source(index, old, new, mode):
    """Where a node of the result lies on the input."""
    if mode == "aligned":
        return index * (old - 1) / (new - 1) if new > 1 else 0
    if mode == "centers":
        return max(0, (index + 0.5) * old / new - 0.5)
    return index * old / new


class Net:
    """A network that is computed as it is built. Values are (tensor, numbers without the batch)."""

    def __init__(self, height, width, kind="float32", scale=None, zero=None, spread=4):
        self.model = Model()
        self.height, self.width, self.spread = height, width, spread
        scales = None if scale is None else [scale]
        zeros = None if scale is None else [zero]
        self.image = numbers("image", height, width, 3) * spread
        tensor = self.model.tensor("image", [1, height, width, 3], kind, None, scales, zeros)
        self.input = tensor, self.image
        self.count = 0

    def constant(self, values, kind="float32", scales=None, zeros=None, axis=0):
        """Numbers in the file; with scales, they are stored as the nearest integers."""
        self.count += 1
        values = np.asarray(values, float)
        if scales is None:
            stored = values.astype(kind)
            real = stored.astype(float)
        else:
            shape = [1] * values.ndim
            shape[axis] = len(scales)
            factors = np.array(scales, np.float32).astype(float).reshape(shape)
            points = np.array(zeros, float).reshape(shape)
            info = np.iinfo(kind)
            stored = np.clip(np.rint(values / factors + points), info.min, info.max).astype(kind)
            real = (stored.astype(float) - points) * factors
        tensor = self.model.tensor(f"constant{self.count}", list(values.shape), kind, stored.tobytes(),
                                   scales, zeros, axis)
        return tensor, real

    def whole(self, *values):
        return self.constant(np.array(values), "int32")

    def add(self, kind, inputs, result, options=None, version=1, custom=None, shape=None, type="float32",
            scales=None, zeros=None):
        """Adds an operator with its result."""
        self.count += 1
        shape = [1, *result.shape] if shape is None else shape
        tensor = self.model.tensor(f"{kind.lower()}{self.count}", shape, type, None, scales, zeros)
        self.model.operator(kind, [tensor for tensor, _ in inputs], [tensor], options, version, custom)
        return tensor, result

    def conv(self, x, weight, bias=None, strides=(1, 1), dilations=(1, 1), padding=SAME, function=NONE, version=1):
        w = weight[1]  # outputs, height, width, inputs of a group
        groups = x[1].shape[2] // w.shape[3]
        per = w.shape[0] // groups
        out = None
        for (row, column), shape, inside in windows(x[1], w.shape[1:3], strides, dilations, padding):
            if out is None:
                out = np.zeros((*shape, w.shape[0]))
            for (i, j), values in inside:
                for group in range(groups):
                    part = values[group * w.shape[3]:(group + 1) * w.shape[3]]
                    span = slice(group * per, (group + 1) * per)
                    out[row, column, span] += w[span, i, j] @ part
        if bias:
            out += bias[1]
        options = {0: ("b", padding), 1: ("i", strides[1]), 2: ("i", strides[0]), 3: ("b", function),
                   4: ("i", dilations[1]), 5: ("i", dilations[0])}
        return self.add("CONV_2D", [x, weight] + ([bias] if bias else []), activated(out, function), options, version)

    def depthwise(self, x, weight, bias, strides=(1, 1), dilations=(1, 1), padding=SAME, function=NONE, **stored):
        w = weight[1][0]  # height, width, channels times the multiplier
        times = w.shape[2] // x[1].shape[2]
        out = None
        for (row, column), shape, inside in windows(x[1], w.shape[:2], strides, dilations, padding):
            if out is None:
                out = np.zeros((*shape, w.shape[2]))
            for (i, j), values in inside:
                out[row, column] += w[i, j] * np.repeat(values, times)
        options = {0: ("b", padding), 1: ("i", strides[1]), 2: ("i", strides[0]), 3: ("i", times),
                   4: ("b", function), 5: ("i", dilations[1]), 6: ("i", dilations[0])}
        out = activated(out + bias[1], function)
        if stored:
            # What 8 bits can hold, without rounding.
            ends = np.iinfo(stored["type"])
            scale, zero = stored["scales"][0], stored["zeros"][0]
            out = np.clip(out, (ends.min - zero) * scale, (ends.max - zero) * scale)
        return self.add("DEPTHWISE_CONV_2D", [x, weight, bias], out, options, **stored)

    def transposed(self, x, weight, bias, strides, padding, size=None):
        """With a size, TensorFlow's operator; without, MediaPipe's."""
        w = weight[1]  # outputs, height, width, inputs
        cut, sides = [], []
        for axis in range(2):
            side, length, stride = x[1].shape[axis], w.shape[1 + axis], strides[axis]
            if size:
                _, start = window(size[axis], length, stride, 1, padding)
                cut.append(-start)
                sides.append(size[axis])
            else:
                total = max(0, length - (side - 1) % stride - 1) if padding == SAME else 0
                cut.append(total // 2)
                sides.append(stride * (side - 1) + length - total)
        out = np.zeros((*sides, w.shape[0])) + bias[1]
        for row in range(x[1].shape[0]):
            for column in range(x[1].shape[1]):
                for i in range(w.shape[1]):
                    for j in range(w.shape[2]):
                        y, z = row * strides[0] - cut[0] + i, column * strides[1] - cut[1] + j
                        if 0 <= y < sides[0] and 0 <= z < sides[1]:
                            out[y, z] += w[:, i, j] @ x[1][row, column]
        if size:
            shape = self.whole(1, *size, w.shape[0])
            options = {0: ("b", padding), 1: ("i", strides[1]), 2: ("i", strides[0])}
            return self.add("TRANSPOSE_CONV", [shape, weight, x, bias], out, options, 3)
        settings = struct.pack("<3i", 1 + padding, strides[1], strides[0])
        return self.add("Convolution2DTransposeBias", [x, weight, bias], out, custom=settings)

    def pool(self, kind, x, size, strides, padding):
        average = kind == "AVERAGE_POOL_2D"
        out = pooled(x[1], size, strides, padding, lambda v: v.mean(0) if average else v.max(0))
        options = {0: ("b", padding), 1: ("i", strides[1]), 2: ("i", strides[0]), 3: ("i", size[1]), 4: ("i", size[0])}
        return self.add(kind, [x], out, options)

    def resize(self, x, height, width, mode, nearest=False):
        old = x[1]
        out = np.zeros((height, width, old.shape[2]))
        for row in range(height):
            for column in range(width):
                y, z = source(row, old.shape[0], height, mode), source(column, old.shape[1], width, mode)
                if nearest:
                    # Half-pixel centers: the node whose cell the center is in.
                    shift = 0.5 if mode == "centers" else 0
                    y = math.floor((row + shift) * old.shape[0] / height)
                    z = math.floor((column + shift) * old.shape[1] / width)
                    out[row, column] = old[y, z]
                    continue
                a, b = math.floor(y), math.floor(z)
                c, d = min(a + 1, old.shape[0] - 1), min(b + 1, old.shape[1] - 1)
                upper = old[a, b] * (1 - (z - b)) + old[a, d] * (z - b)
                lower = old[c, b] * (1 - (z - b)) + old[c, d] * (z - b)
                out[row, column] = upper * (1 - (y - a)) + lower * (y - a)
        first = 0 if nearest else 2
        options = {first: ("b", mode == "aligned"), first + 1: ("b", mode == "centers")}
        kind = "RESIZE_NEAREST_NEIGHBOR" if nearest else "RESIZE_BILINEAR"
        return self.add(kind, [x, self.whole(height, width)], out, options, 3)

    def unary(self, kind, x, function, options=None):
        return self.add(kind, [x], function(x[1]), options)

    def binary(self, kind, a, b, function, code=NONE):
        result = activated(function(a[1], b[1]), code)
        return self.add(kind, [a, b], result, {0: ("b", code)})

    def concat(self, *inputs):
        return self.add("CONCATENATION", inputs, np.concatenate([v for _, v in inputs], 2), {0: ("i", -1)})

    def pad(self, kind, x, amounts, mode, options=None, more=()):
        amounts = np.array(amounts)
        result = np.pad(x[1], amounts[1:], mode)
        padding = self.constant(amounts, "int32")
        return self.add(kind, [x, padding, *more], result, options)

    def mean(self, x, axes, keep, shape):
        result = x[1].mean(tuple(axis - 1 for axis in axes), keepdims=True)
        return self.add("MEAN", [x, self.whole(*axes)], result, {0: ("b", keep)}, shape=shape)


def weight(net, name, *shape, **more):
    return net.constant(numbers(name, *shape) * 4 / math.sqrt(math.prod(shape[1:])), **more)


def bias(net, name, channels):
    return net.constant(numbers(name, channels))


def windowed():
    """Windows of every kind: strides, padding, dilation, groups, and pools, on odd and even sides."""
    net = Net(14, 20)
    x = net.conv(net.input, weight(net, "a", 8, 3, 3, 3), bias(net, "a", 8), (2, 2), function=RELU6)
    x = net.depthwise(x, weight(net, "b", 1, 3, 3, 16), bias(net, "b", 16), dilations=(2, 2), function=RELU)
    x = net.conv(x, weight(net, "c", 8, 1, 3, 4), bias(net, "c", 8), version=2)
    x = net.conv(x, weight(net, "d", 6, 2, 5, 8), None, function=TANH)
    y = net.pool("MAX_POOL_2D", x, (3, 2), (1, 1), SAME)
    z = net.pool("AVERAGE_POOL_2D", x, (2, 4), (1, 1), SAME)
    x = net.concat(y, z, net.pool("AVERAGE_POOL_2D", x, (3, 3), (1, 1), SAME))
    tall = net.pool("MAX_POOL_2D", x, (2, 2), (2, 2), SAME)
    tall = net.depthwise(tall, weight(net, "e", 1, 2, 2, 18), bias(net, "e", 18), padding=VALID)
    tall = net.conv(tall, weight(net, "f", 5, 2, 1, 18), bias(net, "f", 5), (1, 2), padding=VALID)
    x = net.conv(x, weight(net, "g", 5, 1, 1, 18), bias(net, "g", 5))
    tall = net.resize(tall, 7, 10, "centers")
    return net, net.binary("ADD", x, tall, np.add)


def enlarged():
    """Transposed convolutions of both kinds, and resizing of every kind."""
    net = Net(12, 8)
    x = net.conv(net.input, weight(net, "a", 6, 3, 3, 3), bias(net, "a", 6), (4, 4))  # 3 x 2
    same = net.transposed(x, weight(net, "b", 4, 3, 3, 6), bias(net, "b", 4), (2, 2), SAME, (6, 4))
    valid = net.transposed(x, weight(net, "c", 4, 2, 2, 6), bias(net, "c", 4), (2, 2), VALID, (6, 4))
    sparse = net.transposed(x, weight(net, "d", 4, 1, 1, 6), bias(net, "d", 4), (2, 2), SAME, (6, 4))
    mediapipe = net.transposed(x, weight(net, "e", 4, 2, 2, 6), bias(net, "e", 4), (2, 2), VALID)
    wide = net.transposed(x, weight(net, "f", 4, 3, 4, 6), bias(net, "f", 4), (2, 2), SAME)
    parts = [same, valid, sparse, mediapipe]
    parts.append(net.resize(wide, 6, 4, "aligned"))
    parts.append(net.resize(x, 6, 4, "centers"))
    parts.append(net.resize(x, 6, 4, "corner"))
    parts.append(net.resize(x, 6, 4, "corner", nearest=True))
    parts.append(net.resize(x, 6, 4, "centers", nearest=True))
    x = net.conv(net.concat(*parts), weight(net, "g", 3, 1, 1, 44), bias(net, "g", 3))
    x = net.resize(x, 5, 7, "corner", nearest=True)
    return net, net.resize(x, 12, 8, "aligned")


def functions():
    """Functions of each number, sums and products with numbers of the file, and changes of axes."""
    net = Net(6, 5)
    x = net.conv(net.input, weight(net, "a", 4, 3, 3, 3), bias(net, "a", 4))
    x = net.binary("MUL", x, net.constant(numbers("b", 4) * 4), np.multiply)
    x = net.binary("ADD", net.constant(numbers("c", 1)), x, np.add)
    x = net.binary("SUB", net.constant(numbers("d", 1, 1, 4)), x, np.subtract)
    x = net.binary("ADD", x, net.constant(numbers("e", 1, 6, 5, 4)[0][None]), lambda a, b: a + b[0])
    x = net.binary("SUB", x, net.constant(numbers("f", 6, 5, 1)), np.subtract)
    factors = net.constant(numbers("g", 1, 1, 4))
    parts = [net.add("PRELU", [x, factors], np.where(x[1] < 0, x[1] * factors[1], x[1]))]
    slope = float(np.float32(0.3))
    parts.append(net.unary("LEAKY_RELU", x, lambda v: np.where(v < 0, v * slope, v), {0: ("f", slope)}))
    parts.append(net.unary("HARD_SWISH", x, lambda v: v * np.clip(v + 3, 0, 6) / 6))
    parts.append(net.unary("LOGISTIC", x, lambda v: 1 / (1 + np.exp(-v))))
    parts.append(net.unary("RELU", x, lambda v: np.maximum(v, 0)))
    parts.append(net.unary("RELU6", net.binary("MUL", x, net.constant([5.0]), np.multiply), lambda v: np.clip(v, 0, 6)))
    parts.append(net.unary("RELU_N1_TO_1", x, lambda v: np.clip(v, -1, 1)))
    parts.append(net.unary("RELU_0_TO_1", x, lambda v: np.clip(v, 0, 1)))
    parts.append(net.unary("TANH", x, np.tanh))
    parts.append(net.unary("ELU", x, lambda v: np.where(v < 0, np.exp(np.minimum(v, 0)) - 1, v)))
    single = net.mean(x, (1, 2), False, [1, 4])
    gate = net.constant(numbers("h", 4, 4))
    gated = net.add("FULLY_CONNECTED", [(single[0], None), gate], single[1] @ gate[1].T, {0: ("b", RELU)}, shape=[1, 4])
    gated = gated[0], np.maximum(gated[1], 0)
    gated = net.add("RESHAPE", [gated, net.whole(1, 1, 1, -1)], gated[1])
    parts.append(net.binary("MUL", gated, x, np.multiply))
    parts.append(net.binary("SUB", gated, x, np.subtract))
    rows = net.mean(x, (1,), True, [1, 1, 5, 4])
    parts.append(net.binary("ADD", x, rows, np.add))
    channel = net.mean(x, (3,), False, [1, 6, 5])
    channel = net.add("EXPAND_DIMS", [channel, net.whole(-1)], channel[1])
    parts.append(net.binary("MUL", x, channel, np.multiply, RELU1))
    flat = net.add("RESHAPE", [x], x[1], {0: Vector("i", [1, 30, 4])}, shape=[1, 30, 4])
    beta = float(np.float32(0.5))
    powers = np.exp(beta * x[1])
    flat = net.add("SOFTMAX", [flat], powers / powers.sum(2, keepdims=True), {0: ("f", beta)}, shape=[1, 30, 4])
    parts.append(net.add("RESHAPE", [flat, net.whole(1, 6, 5, 4)], flat[1]))
    padded = net.pad("PAD", x, [[0, 0], [1, 0], [0, 2], [0, 1]], "constant")
    padded = net.conv(padded, weight(net, "i", 4, 2, 3, 5), None, padding=VALID)
    parts.append(padded)
    zero = net.constant([0.0])
    padded = net.pad("PADV2", x, [[0, 0], [1, 1], [1, 1], [0, 0]], "constant", more=[(zero[0], zero[1])])
    parts.append(net.pool("MAX_POOL_2D", padded, (3, 3), (1, 1), VALID))
    padded = net.pad("MIRROR_PAD", x, [[0, 0], [2, 0], [1, 1], [0, 0]], "reflect", {0: ("b", 0)})
    parts.append(net.pool("AVERAGE_POOL_2D", padded, (3, 3), (1, 1), VALID))
    whole = net.constant(numbers("j", 3, 120))
    used = (whole[1] @ x[1].reshape(-1))[None, None]
    used = net.add("FULLY_CONNECTED", [x, whole], used, {0: ("b", NONE)}, shape=[1, 3])
    used = net.resize(net.add("RESHAPE", [used, net.whole(1, 1, 1, 3)], used[1]), 6, 5, "corner")
    parts.append(used)
    x = net.conv(net.concat(*parts), weight(net, "k", 5, 1, 1, 75), bias(net, "k", 5))
    x = net.unary("SOFTMAX", x, lambda v: np.exp(v) / np.exp(v).sum(2, keepdims=True), {0: ("f", 1.0)})
    index = net.add("ARG_MAX", [x, net.whole(3)], x[1].argmax(2), {0: ("b", 2)}, shape=[1, 6, 5], type="int32")
    index = net.add("CAST", [index], index[1], shape=[1, 6, 5], type="float32")
    net.output = net.add("SQUEEZE", [index], index[1], shape=[6, 5])
    return net, x


def quantized():
    """8-bit weights with one scale (uint8) or one for each channel (int8), and 8-bit input."""
    net = Net(8, 8, "uint8", 1 / 128, 128, 1.9)
    image = net.add("QUANTIZE", [net.input], net.input[1], type="int8", scales=[1 / 128], zeros=[0])
    # Stored numbers that are not near the ends of their range, so that both signs occur.
    w = net.constant(numbers("a", 4, 3, 3, 3), "uint8", [0.004], [120])
    b = net.constant(numbers("a", 4), "int32", [0.004 / 128], [0])
    x = net.conv(image, w, b, (2, 2), function=RELU6)
    scales = [0.003, 0.004, 0.005, 0.006]
    w = net.constant(numbers("b", 1, 3, 3, 4), "int8", scales, [0] * 4, 3)
    b = net.constant(numbers("b", 4), "int32", [s / 64 for s in scales], [0] * 4)
    # The stored type implies ReLU, and a bound that some numbers exceed.
    x = net.depthwise(x, w, b, type="int8", scales=[1 / 512], zeros=[-128])
    w = net.constant(numbers("c", 4, 1, 1, 4), "int8", scales, [1, -2, 3, 0])
    x = net.conv(x, w)
    return net, net.add("DEQUANTIZE", [x], x[1])


def halved():
    """16-bit weights: read directly, and by an operator."""
    net = Net(6, 6)
    net.model.normalize([127.5], [63.75])
    w = net.constant(numbers("a", 4, 3, 3, 3), "float16")
    half = net.add("DEQUANTIZE", [w], w[1], shape=[4, 3, 3, 3], version=3)
    b = net.constant(numbers("a", 4), "float16")
    x = net.conv(net.input, half, net.add("DEQUANTIZE", [b], b[1], shape=[4], version=3))
    return net, net.conv(x, net.constant(numbers("b", 3, 1, 1, 4), "float16"))


def person():
    """One channel with a sigmoid, as networks for people have."""
    net = Net(8, 8)
    x = net.conv(net.input, weight(net, "a", 4, 3, 3, 3), bias(net, "a", 4), (2, 2), function=RELU)
    x = net.transposed(x, weight(net, "b", 1, 2, 2, 4), bias(net, "b", 1), (2, 2), SAME)
    return net, net.unary("LOGISTIC", x, lambda v: 1 / (1 + np.exp(-v)))


def sigmoids():
    """Two channels with a sigmoid each, enlarged."""
    net = Net(6, 8)
    x = net.conv(net.input, weight(net, "a", 2, 3, 3, 3), bias(net, "a", 2), (2, 2))
    x = net.unary("LOGISTIC", x, lambda v: 1 / (1 + np.exp(-v)))
    return net, net.resize(x, 6, 8, "centers")


def late():
    """One channel that is enlarged after its sigmoid."""
    net = Net(6, 8)
    x = net.conv(net.input, weight(net, "a", 1, 3, 3, 3), bias(net, "a", 1), (2, 2))
    x = net.unary("LOGISTIC", x, lambda v: 1 / (1 + np.exp(-v)))
    return net, net.resize(x, 6, 8, "centers")


def lone():
    """One channel without a sigmoid."""
    net = Net(4, 4)
    return net, net.conv(net.input, weight(net, "a", 1, 1, 1, 3), bias(net, "a", 1))


def fraction():
    """The nearest node with half-pixel centers, for a factor that is not whole."""
    net = Net(4, 4)
    return net, net.resize(net.input, 6, 6, "centers", nearest=True)


def unknown():
    """An operator that no network for images has."""
    net = Net(4, 4)
    x = net.conv(net.input, weight(net, "a", 2, 1, 1, 3))
    return net, net.add("CUMSUM", [x, net.whole(1)], x[1])


def newer():
    """A convolution of a version that does not exist."""
    net = Net(4, 4)
    return net, net.conv(net.input, weight(net, "a", 2, 1, 1, 3), version=99)


def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    lines = []
    for build in (windowed, enlarged, functions, quantized, halved, person, sigmoids, late, lone, fraction, unknown, newer):
        net, scores = build()
        output = getattr(net, "output", scores)
        (OUTPUT / f"{build.__name__}.tflite").write_bytes(net.model.file([net.input[0]], [output[0]]))
        values = scores[1].transpose(2, 0, 1)
        text = " ".join(f"{value:.8g}" for value in values.reshape(-1))
        shape = " ".join(map(str, values.shape))
        lines.append(f"{build.__name__}|{net.spread} {net.height} {net.width}|{shape}|{text}\n")
    (OUTPUT / "golden.txt").write_text("".join(lines))


main()
