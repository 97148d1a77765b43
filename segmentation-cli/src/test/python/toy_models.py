"""Small networks, pictures, and the masks that numpy and Pillow make of them.

Run from the top of the repository, with onnx, numpy and Pillow:

    python3 segmentation-cli/src/test/python/toy_models.py

toy.onnx        three classes, whose scores are the red, green and blue of the picture
many.onnx       300 classes c, whose scores are 596 c r - c^2: the best is the nearest to 298 r, r being red
photo.png       RGB, 64 x 48: red and green above, blue below, with gradients
photo-many.png  the best of the 300 classes of photo.png, as gray of 16 bits
logo.png        photo.png, transparent on the left, and half so beside; magenta lies below what is transparent
logo-alpha.png  the lower of the alpha of logo.png and of its red pixels, seen on white
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

OUTPUT = Path("segmentation-cli/src/test/resources/io/github/pixelwise/cli/toy")
CARD = """name = {name}
file.onnx = {name}.onnx
input.name = x
input.size = fixed 64 x 48
output.name = y
output.stride = 1
labels = {labels}
"""


def picture(width=64, height=48):
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[..., 0] = np.where((y < height // 2) & (x < width // 2), 200, 30) + x * 40 // width
    rgb[..., 1] = np.where((y < height // 2) & (x >= width // 2), 190, 25) + y * 40 // height
    rgb[..., 2] = np.where(y >= height // 2, 180, 20) + (x + y) * 30 // (width + height)
    return rgb


def write_model(name, weights, bias, labels):
    """A network of one convolution of 1 x 1, and its card."""
    classes = len(bias)
    constants = [numpy_helper.from_array(weights.reshape(classes, 3, 1, 1).astype(np.float32), "w"),
                 numpy_helper.from_array(bias.astype(np.float32), "b")]
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w", "b"], ["y"])], "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, "h", "w"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, classes, "h", "w"])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    (OUTPUT / f"{name}.onnx").write_bytes(model.SerializeToString())
    (OUTPUT / f"{name}.properties").write_text(CARD.format(name=name, labels=", ".join(labels)))


def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    write_model("toy", np.eye(3), np.zeros(3), ["red", "green", "blue"])
    classes = np.arange(300)
    weights = np.zeros((300, 3))
    weights[:, 0] = 2 * 298 * classes
    write_model("many", weights, -(classes ** 2), [f"c{i}" for i in classes])

    photo = picture()
    Image.fromarray(photo).save(OUTPUT / "photo.png")
    nearest = np.round(photo[..., 0] / 255 * 298).astype(np.uint16)
    Image.fromarray(nearest).save(OUTPUT / "photo-many.png")

    alpha = np.full(photo.shape[:2], 255, np.uint8)
    alpha[:, :20] = 0
    alpha[:, 20:30] = 128
    photo[:, :20] = (255, 0, 255)
    logo = Image.fromarray(np.dstack([photo, alpha]))
    logo.save(OUTPUT / "logo.png")
    on_white = np.array(Image.alpha_composite(Image.new("RGBA", logo.size, "white"), logo))
    red = np.where(on_white[..., :3].argmax(axis=2) == 0, 255, 0)
    Image.fromarray(np.minimum(alpha, red).astype(np.uint8)).save(OUTPUT / "logo-alpha.png")


if __name__ == "__main__":
    main()
