"""Writes the classes and colors of Cityscapes and ADE20K, for LabelMapTest.

Run from the top of the repository, with a checkout of open-mmlab/mmsegmentation:

    python3 segmentation-api/src/test/python/labels_golden.py MMSEGMENTATION

makes labels-golden.txt in the test resources from mmseg/datasets/cityscapes.py, which has the train ids of
cityscapesScripts' labels.py, and mmseg/datasets/ade.py, which has the order of the benchmark's
objectInfo150. A line is: data set, index, color, name.
"""

import ast
import sys
from pathlib import Path

TARGET = Path("segmentation-api/src/test/resources/io/github/pixelwise/labels-golden.txt")


def lists(file):
    """The class names and the colors: CLASSES and PALETTE, or classes and palette of METAINFO."""
    found = {}
    for node in ast.walk(ast.parse(file.read_text())):
        name = None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id.lower()
        elif isinstance(node, ast.keyword):
            name = node.arg
        if name in ("classes", "palette") and isinstance(node.value, (ast.Tuple, ast.List)):
            found[name] = ast.literal_eval(node.value)
    return found["classes"], found["palette"]


def main(folder):
    lines = []
    for name, module in (("cityscapes", "cityscapes"), ("ade20k", "ade")):
        classes, palette = lists(folder / "mmseg" / "datasets" / f"{module}.py")
        assert len(classes) == len(palette)
        for index, (label, (red, green, blue)) in enumerate(zip(classes, palette)):
            # One name of ADE20K ends in a space.
            lines.append(f"{name} {index} #{red:02x}{green:02x}{blue:02x} {label.strip()}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
