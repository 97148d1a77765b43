"""Small TorchScript modules of the forms that PyTorch's users write, and files that are none.

Run from the top of the repository (torch 1.13, torchvision 0.14):

    python3 backend-djl/src/test/python/torchscript_forms.py

It writes NAME.pt for each class below, in lower case, among the test resources. The modules negate
their image, so that the test knows what to expect.
"""

import io
import zipfile
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
import torchvision  # noqa: F401, registers nms
from torch import Tensor
from torch.nn import Module

OUTPUT = Path("backend-djl/src/test/resources/io/github/pixelwise/djl")


class Pair(NamedTuple):
    image: Tensor
    negative: Tensor


class Tensors(Module):
    def forward(self, image: Tensor) -> Tuple[Tensor, Tensor]:
        return image, -image


class Named(Module):
    def forward(self, image: Tensor) -> Pair:
        return Pair(image, -image)


class Single(Module):
    def forward(self, image: Tensor) -> Tuple[Tensor]:
        return (-image,)


class Mixed(Module):
    """A dict by way of Optional, as torchvision's networks with an auxiliary head."""

    def forward(self, image: Tensor) -> Tuple[Dict[str, Tensor], Tensor, Optional[Tensor]]:
        return {"out": image}, -image, None


class Listed(Module):
    def forward(self, image: Tensor) -> List[Tensor]:
        return [-image]


class Unnamed(Module):
    def forward(self, x: Tensor) -> Tensor:
        return -x


class Defaults(Module):
    def forward(self, image: Tensor, factor: float = -1.0, twice: bool = False) -> Tensor:
        return image * factor * (2 if twice else 1)


class TwoInputs(Module):
    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return image * mask


class ListInput(Module):
    def forward(self, images: List[Tensor]) -> Tensor:
        return -images[0]


class NoInput(Module):
    def forward(self) -> Tensor:
        return torch.ones(1, 3, 4, 5)


class NoForward(Module):
    @torch.jit.export
    def infer(self, image: Tensor) -> Tensor:
        return -image


class BFloat(Module):
    def forward(self, image: Tensor) -> Tensor:
        return (-image).to(torch.bfloat16)


class Perhaps(Module):
    def forward(self, image: Tensor) -> Optional[Tensor]:
        return -image


class Rank3(Module):
    """Scores without the axis of the batch."""

    def forward(self, image: Tensor) -> Tensor:
        return -image[0]


class Suppression(Module):
    """An operator of torchvision's, which PyTorch alone lacks."""

    def forward(self, image: Tensor) -> Tensor:
        boxes = image[0, 0, :, :4]
        return torch.ops.torchvision.nms(boxes, boxes[:, 0], 0.5)


class Refusal(Module):
    def forward(self, image: Tensor) -> Tensor:
        if image.size(2) != 7:
            raise ValueError("seven rows are expected")
        return -image


class Negating(Module):
    """A convolution in some precision, as model.half() makes it, which takes inputs of its own type only."""

    def __init__(self, dtype):
        super().__init__()
        self.convolution = torch.nn.Conv2d(3, 3, 1, bias=False)
        self.convolution.weight.data = -torch.eye(3).reshape(3, 3, 1, 1)
        self.convolution.to(dtype)

    def forward(self, image: Tensor) -> Tensor:
        return self.convolution(image)


class Converting(Negating):
    """The same, with a conversion of its input."""

    def forward(self, image: Tensor) -> Tensor:
        return self.convolution(image.to(self.convolution.weight.dtype))


class OddSelf(Module):
    """A module whose author calls self something else, as Python allows."""

    def forward(m, image: Tensor) -> Tensor:
        return -image


def without_debugging(archive):
    """The same file, smaller and without the paths of sources."""
    result = io.BytesIO()
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(result, "w") as target:
        for name in sorted(source.namelist()):
            if not name.endswith(".debug_pkl"):
                target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), source.read(name))
    return result.getvalue()


def write(module, name):
    archive = io.BytesIO()
    torch.jit.save(module, archive)
    (OUTPUT / f"{name}.pt").write_bytes(without_debugging(archive))


def main():
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for form in (Tensors, Named, Single, Mixed, Listed, Unnamed, Defaults, TwoInputs, ListInput, NoInput, NoForward, BFloat,
                 Perhaps, Rank3, Suppression, Refusal, OddSelf):
        write(torch.jit.script(form().eval()), form.__name__.lower())
    for name, dtype in (("half", torch.float16), ("double", torch.float64), ("brain", torch.bfloat16)):
        write(torch.jit.script(Negating(dtype).eval()), name)
    write(torch.jit.freeze(torch.jit.script(Negating(torch.float16).eval())), "frozenhalf")
    write(torch.jit.script(Converting(torch.bfloat16).eval()), "brainwithin")
    torch.save(OddSelf(), OUTPUT / "pickled.pt")
    for name, zipped in (("weights", True), ("oldweights", False)):
        torch.save({"conv.weight": torch.zeros(2)}, OUTPUT / f"{name}.pt", _use_new_zipfile_serialization=zipped)


main()
