"""Writes TensorFlow Lite files: a small FlatBuffers writer, and the tables of the public schema.

Only what tflite_golden.py needs. Field numbers are those of tensorflow/lite/schema/schema.fbs.
"""

import struct

TYPES = {"float32": 0, "float16": 1, "int32": 2, "uint8": 3, "int64": 4, "int16": 7, "int8": 9}

CODES = {
    "ADD": 0, "AVERAGE_POOL_2D": 1, "CONCATENATION": 2, "CONV_2D": 3, "DEPTHWISE_CONV_2D": 4,
    "DEQUANTIZE": 6, "FULLY_CONNECTED": 9, "LOGISTIC": 14, "MAX_POOL_2D": 17, "MUL": 18, "RELU": 19,
    "RELU_N1_TO_1": 20, "RELU6": 21, "RESHAPE": 22, "RESIZE_BILINEAR": 23, "SOFTMAX": 25, "TANH": 28,
    "CUSTOM": 32, "PAD": 34, "MEAN": 40, "SUB": 41, "SQUEEZE": 43, "CAST": 53, "PRELU": 54,
    "ARG_MAX": 56, "PADV2": 60, "TRANSPOSE_CONV": 67, "EXPAND_DIMS": 70,
    "RESIZE_NEAREST_NEIGHBOR": 97, "LEAKY_RELU": 98, "MIRROR_PAD": 100, "ELU": 111, "QUANTIZE": 114,
    "HARD_SWISH": 117, "CUMSUM": 128, "RELU_0_TO_1": 152,
}


class Table:
    """A table: values by field number. A value is (format, number), or an object of this module."""

    def __init__(self, fields):
        self.fields = fields


class Vector:
    """A vector of numbers (with a struct format) or of tables (format None)."""

    def __init__(self, form, items, align=4):
        self.form, self.items, self.align = form, list(items), align


class Text:
    def __init__(self, text):
        self.bytes = text.encode()


class Writer:
    """Writes objects from front to back, each before those that it refers to."""

    def __init__(self):
        self.out = bytearray()
        self.waiting = []  # (position of an offset, object)

    def align(self, to):
        while len(self.out) % to:
            self.out.append(0)

    def refer(self, position, item):
        self.waiting.append((position, item))

    def file(self, root, identifier):
        self.out += bytes(4) + identifier.encode()
        self.refer(0, root)
        while self.waiting:
            position, item = self.waiting.pop(0)
            start = self.write(item)
            struct.pack_into("<I", self.out, position, start - position)
        return bytes(self.out)

    def write(self, item):
        return {Table: self.table, Vector: self.vector, Text: self.text}[type(item)](item)

    def table(self, table):
        """The vtable, then the table: the distance to the vtable, and 8 bytes for each field."""
        self.align(8)
        numbers = sorted(table.fields)
        count = numbers[-1] + 1 if numbers else 0
        size = 4 + 2 * count
        start = len(self.out) + (size + 7) // 8 * 8
        offsets = [0] * count
        for place, number in enumerate(numbers):
            offsets[number] = 8 + 8 * place
        self.out += struct.pack(f"<HH{count}H", size, 8 + 8 * len(numbers), *offsets)
        self.align(8)
        assert len(self.out) == start
        vtable = start - (size + 7) // 8 * 8
        self.out += struct.pack("<ii", start - vtable, 0)
        for number in numbers:
            value = table.fields[number]
            if isinstance(value, tuple):
                self.out += struct.pack("<" + value[0], value[1]).ljust(8, b"\0")
            else:
                self.refer(len(self.out), value)
                self.out += bytes(8)
        return start

    def vector(self, vector):
        self.align(4)
        while (len(self.out) + 4) % vector.align:
            self.out.append(0)
        start = len(self.out)
        self.out += struct.pack("<I", len(vector.items))
        if vector.form is None:
            for item in vector.items:
                self.refer(len(self.out), item)
                self.out += bytes(4)
        elif vector.form == "B":
            self.out += bytes(vector.items)
        else:
            self.out += struct.pack(f"<{len(vector.items)}{vector.form}", *vector.items)
        return start

    def text(self, text):
        self.align(4)
        start = len(self.out)
        self.out += struct.pack("<I", len(text.bytes)) + text.bytes + b"\0"
        return start


class Model:
    """A model with one graph, built operator by operator. Tensors are their indices."""

    def __init__(self):
        self.tensors, self.buffers, self.operators, self.codes = [], [Table({})], [], []
        self.metadata = []

    def buffer(self, data):
        self.buffers.append(Table({0: Vector("B", data, 16)}))
        return len(self.buffers) - 1

    def tensor(self, name, shape, kind="float32", data=None, scales=None, zeros=None, axis=0):
        """Adds a tensor, with its numbers in bytes if it has some."""
        fields = {
            0: Vector("i", shape),
            1: ("b", TYPES[kind]),
            2: ("I", self.buffer(data) if data is not None else 0),
            3: Text(name),
        }
        if scales is not None:
            fields[4] = Table({2: Vector("f", scales), 3: Vector("q", zeros, 8), 6: ("i", axis)})
        self.tensors.append(Table(fields))
        return len(self.tensors) - 1

    def code(self, kind, version):
        """The index of an operator's code; a name in lower case is that of a custom operator."""
        key = kind, version
        if key not in [known for known, _ in self.codes]:
            custom = kind not in CODES
            code = CODES["CUSTOM" if custom else kind]
            fields = {0: ("b", min(code, 127)), 2: ("i", version), 3: ("i", code)}
            if custom:
                fields[1] = Text(kind)
            self.codes.append((key, Table(fields)))
        return [known for known, _ in self.codes].index(key)

    def operator(self, kind, inputs, outputs, options=None, version=1, custom=None):
        fields = {
            0: ("I", self.code(kind, version)),
            1: Vector("i", inputs),
            2: Vector("i", outputs),
        }
        if options is not None:
            fields[4] = Table(options)
        if custom is not None:
            fields[5] = Vector("B", custom)
        self.operators.append(Table(fields))

    def normalize(self, mean, std):
        """Adds the metadata that say how samples of 0 to 255 are normalized."""
        settings = Table({0: Vector("f", mean), 1: Vector("f", std)})
        image = Table({4: Vector(None, [Table({0: ("b", 1), 1: settings})])})
        metadata = Table({3: Vector(None, [Table({2: Vector(None, [image])})])})
        data = self.buffer(Writer().file(metadata, "M001"))
        self.metadata.append(Table({0: Text("TFLITE_METADATA"), 1: ("I", data)}))

    def file(self, inputs, outputs):
        graph = Table({
            0: Vector(None, self.tensors),
            1: Vector("i", inputs),
            2: Vector("i", outputs),
            3: Vector(None, self.operators),
        })
        model = Table({
            0: ("I", 3),
            1: Vector(None, [table for _, table in self.codes]),
            2: Vector(None, [graph]),
            4: Vector(None, self.buffers),
            6: Vector(None, self.metadata),
        })
        return Writer().file(model, "TFL3")
