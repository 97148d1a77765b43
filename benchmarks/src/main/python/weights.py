"""Makes checkpoints for the benchmarks where no trained ones are at hand.

    python3 weights.py FOLDER NETWORK...

Random weights alone make masks that are noise, slow to decode
and changed by any rounding. So residual branches are scaled down, as training begins with them, and
the last layers are fitted, by least squares, to the scores of the embedded model on the photographs
of the examples: the masks have the shapes of true ones.
"""

import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn.functional import interpolate
from torchvision.models.resnet import Bottleneck

ROOT = Path(__file__).parents[4]
sys.path.insert(0, str(ROOT / "segmentation-networks/src/test/python"))

import zoo_networks  # noqa: E402
import zoo_weights  # noqa: E402

TEACHER = ROOT / "segmentation-models/src/main/weights/deeplabv3plus-mobilenetv2-voc.pth"
CLASSES = 21
BRANCH = 0.2
RIDGE = 1e-3


def pictures(name, width, height):
    """The photographs, and their mirror images."""
    for photograph in ("photos/astronaut", "photos/chelsea", "backgrounds/coffee"):
        picture = zoo_weights.prepared(name, zoo_weights.photograph(photograph), width, height)
        yield from (picture, picture.flip(3))


def calibrate(network, name):
    for norm in (module for module in network.modules() if isinstance(module, nn.BatchNorm2d)):
        norm.reset_running_stats()
        norm.momentum = None
    network.train()
    network(torch.cat(list(pictures(name, 390, 260))))
    network.eval()


def fit(network, layers, name, teacher):
    """Fits the 1 x 1 convolutions whose outputs add up to the network's scores."""
    seen = {}
    for layer in layers:
        layer.register_forward_pre_hook(lambda module, inputs: seen.update({module: inputs[0]}))
    features, wanted = [], []
    for picture in pictures(name, 780, 520):
        network(picture)
        stacked = torch.cat([seen[layer] for layer in layers], 1)
        features.append(stacked[0].flatten(1).T)
        scores = teacher(interpolate(picture, (512, 768), mode="bilinear"))
        scores = interpolate(scores, stacked.shape[2:], mode="bilinear")
        wanted.append(scores[0].flatten(1).T)
    x = torch.cat(features).double()
    x = torch.cat([x, torch.ones(len(x), 1)], 1)
    square = x.T @ x
    square += RIDGE * len(x) * torch.eye(len(square))
    solution = torch.linalg.solve(square, x.T @ torch.cat(wanted).double()).float()
    start = 0
    for layer in layers:
        end = start + layer.in_channels
        layer.weight.copy_(solution[start:end].T[:, :, None, None])
        layer.bias.copy_(solution[-1] / len(layers))
        start = end


def main(folder, names):
    torch.set_grad_enabled(False)
    folder.mkdir(parents=True, exist_ok=True)
    teacher = zoo_networks.build("deeplabv3plus_mobilenetv2_refined", CLASSES)
    teacher.load_state_dict(torch.load(TEACHER))
    teacher.eval()
    for name in names:
        torch.manual_seed(1)
        network = zoo_networks.build(name, CLASSES)
        zoo_weights.draw(network)
        for module in network.modules():
            if isinstance(module, Bottleneck):
                module.bn3.weight.mul_(BRANCH)
        calibrate(network, name)
        fit(network, zoo_weights.last_layers(name, network), name, teacher)
        torch.save(network.state_dict(), folder / f"{name}.part")
        (folder / f"{name}.part").rename(folder / f"{name}.pth")
        print(f"made {name}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
