"""Makes the networks of OutputFormsTest: forms in which home-made networks give their scores.

    python3 output_forms.py ../resources/io/github/pixelwise/integration/forms

Needs onnx and numpy. The scores of three classes are the channels of the picture; the logit of "binary" is
20 * (red - 0.5), and sigmoid(logit) >= 0.5 where red is above 127.5.
"""
import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(sys.argv[1])


def save(name, nodes, constants, outputs, batch=1, channels=3):
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, channels, 48, 64])],
        [helper.make_tensor_value_info("y", *outputs)],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())


def scores(name, nodes, constants, outputs, **options):
    one = {"w": np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1)}
    save(name, [helper.make_node("Conv", ["x", "w"], ["s"])] + nodes, {**one, **constants}, outputs, **options)


FLOAT, LONG = TensorProto.FLOAT, TensorProto.INT64
first = {"axis": np.array([0])}
scores("chw", [helper.make_node("Squeeze", ["s", "axis"], ["y"])], first, (FLOAT, [3, 48, 64]))
scores(
    "hw",
    [helper.make_node("ArgMax", ["s"], ["a"], axis=1, keepdims=0), helper.make_node("Squeeze", ["a", "axis"], ["y"])],
    first,
    (LONG, [48, 64]),
)
twice = {"twice": np.array([1, 1, 2, 2], np.float32)}
scores("finer", [helper.make_node("Resize", ["s", "", "twice"], ["y"], mode="linear")], twice, (FLOAT, [1, 3, 96, 128]))
scores("four", [helper.make_node("Relu", ["s"], ["y"])], {}, (FLOAT, [4, 3, 48, 64]), batch=4)
save(
    "binary",
    [helper.make_node("Conv", ["x", "w", "b"], ["y"])],
    {"w": np.array([20, 0, 0], np.float32).reshape(1, 3, 1, 1), "b": np.array([-10], np.float32)},
    (FLOAT, [1, 1, 48, 64]),
)
save(
    "gray",
    [helper.make_node("Conv", ["x", "w"], ["y"])],
    {"w": np.array([1, -1], np.float32).reshape(2, 1, 1, 1)},
    (FLOAT, [1, 2, 48, 64]),
    channels=1,
)
