"""A network whose weights are in a file beside it, as onnx writes them.

Run from the top of the repository, with onnx:

    python3 segmentation-spark/src/test/python/external_weights.py
"""

from pathlib import Path

import onnx
from onnx import numpy_helper

KIT = Path("segmentation-testkit/src/main/resources/io/github/pixelwise/testkit/models")
OUTPUT = Path("segmentation-spark/src/test/resources/io/github/pixelwise/spark/external")


def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "affine.weights").unlink(missing_ok=True)  # onnx appends
    model = onnx.load(KIT / "affine.onnx")
    for weights in model.graph.initializer:  # as raw data, which alone can be elsewhere
        weights.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weights), weights.name))
    onnx.save_model(
        model, OUTPUT / "affine.onnx",
        save_as_external_data=True, location="affine.weights", size_threshold=0)


if __name__ == "__main__":
    main()
