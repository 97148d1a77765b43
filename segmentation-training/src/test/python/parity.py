"""Trains networks in PyTorch for twenty steps, the reference of ParityTest.

    python3 segmentation-training/src/test/python/parity.py            # the narrow forms
    python3 segmentation-training/src/test/python/parity.py full DIR   # the published widths

writes parity.json: for each case its settings, the loss of every step, and of every parameter and
running statistic after the last one its smallest and largest value and some of its values, evenly
spread. Weights and batches come from numbers(), which ParityTest computes, too. Dropout is off: its
random numbers differ between builds of PyTorch.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import swa_utils

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[3] / "segmentation-networks" / "src" / "test" / "python"))

TARGET = HERE.parent / "resources" / "io" / "github" / "pixelwise" / "training"
STEPS = 20
IGNORED = 255


def numbers(count, seed):
    """Numbers of 24 bits from -0.5 to 0.5: splitmix64 of a counter."""
    with np.errstate(over="ignore"):
        z = (np.arange(count, dtype=np.uint64) + np.uint64(seed) * np.uint64(1 << 32)
             ) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(40)).astype(np.float64) / (1 << 24) - 0.5).astype(np.float32)


def start(name, shape, number):
    """The values a parameter starts with: kernels of a variance of 2 / inputs, norms about 1."""
    values = numbers(int(np.prod(shape)), number)
    if len(shape) > 1:
        values = values * np.float32(np.sqrt(24.0 / np.prod(shape[1:])))
    elif name.endswith("running_var") or name.endswith(".weight"):
        values = np.float32(1) + np.float32(0.2) * values
    else:
        values = np.float32(0.2) * values
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def labels(case):
    """How many values targets have, besides void: two if the network has a single channel."""
    return max(2, case["classes"])


def batch(case, step):
    """The images and targets of a batch, by its number in the run."""
    n, side, channels, classes = case["batch"], case["side"], case["channels"], labels(case)
    images = numbers(n * channels * side * side, 1000 + step).reshape(n, channels, side, side)
    # Planes and tiles of different brightness: batch norm of equal values would magnify rounding.
    blocks = numbers(n * channels * 64, 3000 + step).reshape(n, channels, 8, 8)
    planes = numbers(n * channels, 4000 + step).reshape(n, channels, 1, 1)
    noise = numbers(n * side * side, 2000 + step).reshape(n, side, side)
    y, x = np.mgrid[0:side, 0:side]
    images = images + np.float32(3) * (blocks[:, :, y * 8 // side, x * 8 // side] + planes)
    targets = np.stack([(y // 8 + 3 * (x // 8) + i + step) % classes for i in range(n)])
    targets[noise > 0.45] = IGNORED
    return torch.from_numpy(images), torch.from_numpy(targets.astype(np.int64))


def focal(scores, targets, gamma):
    valid = targets != IGNORED
    known = targets.where(valid, torch.zeros((), dtype=torch.int64))
    log_p = F.log_softmax(scores, 1).gather(1, known[:, None])[:, 0]
    return (-(1 - log_p.exp()) ** gamma * log_p)[valid].mean()


CASES = [
    dict(network="fcn-resnet18", width=0.125, batch=2, side=64, channels=3, classes=5,
         optimizer="sgd", rate=0.01, momentum=0.9, decay=1e-3, loss="cross-entropy", power=0),
    # The epsilons keep gradients that are 0 but for rounding, such as those of biases before batch
    # norm, from being enlarged to whole steps.
    dict(network="unet", width=0.125, batch=2, side=64, channels=3, classes=4,
         optimizer="adam", rate=2e-5, epsilon=1e-3, momentum=0, decay=0, loss="cross-entropy",
         power=0),
    dict(network="separable-residual", width=0.125, batch=2, side=64, channels=6, classes=12,
         optimizer="rmsprop", rate=1e-4, epsilon=1e-3, momentum=0, decay=0, loss="cross-entropy",
         power=0),
    # Of a deep network that starts with random weights, the first layers have such large gradients
    # that PyTorch's own rounding decides the losses, unless they learn slowly.
    dict(network="deeplabv3plus-mobilenetv2", width=0.25, batch=4, side=65, channels=3, classes=21,
         optimizer="sgd", rate=0.007, momentum=0.9, decay=4e-5, loss="focal", power=0.9,
         backbone=1e-5),
    dict(network="lraspp-mobilenet-v3-large", width=0.25, batch=2, side=65, channels=3, classes=21,
         optimizer="adamw", rate=1e-4, epsilon=1e-4, momentum=0, decay=1e-2, loss="cross-entropy",
         power=0),
]

# One setting each, of which the cases above have none. The rates are such that the weights would miss the
# test's tolerance by far without the setting.
SMALL = dict(network="fcn-resnet18", width=0.125, batch=2, side=64, channels=3, classes=5, values=2,
             optimizer="sgd", rate=0.01, momentum=0.9, decay=1e-3, loss="cross-entropy", power=0)
SETTINGS = [
    dict(SMALL, setting="auxiliary loss", network="fcn-resnet50", auxiliary=0.4, backbone=1e-5),
    # Batch norm of a single value for each image needs more than two images.
    dict(SMALL, setting="four auxiliary losses", network="bisenetv2", batch=4, auxiliary=0.4,
         backbone=1e-5),
    dict(SMALL, setting="frozen batch-norm statistics", statistics="fixed"),
    dict(SMALL, setting="gradient accumulation", accumulation=3),
    dict(SMALL, setting="clipping", clip=0.09, rate=0.05),
    dict(SMALL, setting="moving averages", average=0.9),
    dict(SMALL, setting="one channel", network="unet", classes=1, rate=0.001),
    dict(SMALL, setting="output stride 8", network="deeplabv3plus-mobilenetv2", width=0.25, batch=4,
         side=65, stride=8, rate=0.007, backbone=1e-5),
]

# Batch size and side at the published width.
FULL = {"fcn-resnet18": (4, 160), "unet": (2, 160), "separable-residual": (4, 224),
        "deeplabv3plus-mobilenetv2": (4, 161), "lraspp-mobilenet-v3-large": (4, 161)}


def optimizer(case, parameters):
    rate, decay = case["rate"], case["decay"]
    if case["optimizer"] == "sgd":
        return torch.optim.SGD(parameters, rate, case["momentum"], weight_decay=decay)
    if case["optimizer"] == "adam":
        return torch.optim.Adam(parameters, rate, eps=case["epsilon"], weight_decay=decay)
    if case["optimizer"] == "adamw":
        return torch.optim.AdamW(parameters, rate, eps=case["epsilon"], weight_decay=decay)
    return torch.optim.RMSprop(parameters, rate, eps=case["epsilon"], weight_decay=decay)


def logits(network, images, name):
    """The scores, and a list of those of the auxiliary outputs."""
    if name != "separable-residual":
        scores = network(images)
        if not isinstance(scores, dict):
            return scores, []
        auxiliary = scores.get("aux", [])
        return scores["out"], auxiliary if isinstance(auxiliary, list) else [auxiliary]
    found = []
    hook = network.up.register_forward_hook(lambda module, inputs, output: found.append(output))
    network(images)
    hook.remove()
    return found[0], []


def loss_of(case, scores, targets):
    if case["loss"] == "focal":
        return focal(scores, targets, 2.0)
    if case["classes"] == 1:
        valid = targets != IGNORED
        return F.binary_cross_entropy_with_logits(scores[:, 0][valid], targets[valid].float())
    return F.cross_entropy(scores, targets, ignore_index=IGNORED)


def own_tensors(network):
    """The state dict, without what MobileNetV2's has more than once."""
    return {key: value for key, value in network.state_dict().items()
            if not any(part in key
                       for part in ("num_batches", "w_level_features", "h_level_features"))}


def make(case):
    """The network in training mode, with its first weights."""
    import zoo_networks  # needs torchvision, which transformers_parity.py does without
    stride = dict(output_stride=case["stride"]) if "stride" in case else {}
    network = zoo_networks.build(case["network"].replace("-", "_"), case["classes"], case["width"],
                                 **stride)
    for number, (key, value) in enumerate(sorted(own_tensors(network).items())):
        value.copy_(start(key, tuple(value.shape), number))
    network.train()
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if isinstance(module, nn.BatchNorm2d) and case.get("statistics") == "fixed":
            module.eval()
    return network


def train(case, network, logits=logits, own_tensors=own_tensors):
    """Returns the case with its losses and the tensors after the last step."""
    factor = case.get("backbone", 1)
    groups = {"backbone": [], "rest": []}
    for key, value in network.named_parameters():
        groups["backbone" if factor != 1 and key.startswith("backbone.") else "rest"].append(value)
    update = optimizer(case, [dict(params=group, part=part) for part, group in groups.items() if group])
    averaged = None
    if "average" in case:
        averaged = swa_utils.AveragedModel(
            network, use_buffers=True,
            avg_fn=lambda old, new, count: case["average"] * old + (1 - case["average"]) * new)
        averaged.update_parameters(network)  # the first time copies the weights
    parts = case.get("accumulation", 1)
    losses = []
    for step in range(STEPS):
        for group in update.param_groups:
            rate = case["rate"] * (factor if group["part"] == "backbone" else 1)
            group["lr"] = rate * (1 - step / STEPS) ** case["power"]
        update.zero_grad()
        total = 0
        for part in range(parts):
            images, targets = batch(case, step * parts + part)
            scores, auxiliary = logits(network, images, case["network"])
            loss = loss_of(case, scores, targets)
            if "auxiliary" in case:
                for each in auxiliary:
                    loss = loss + case["auxiliary"] * loss_of(case, each, targets)
            (loss / parts).backward()
            total += loss.item() / parts
        if "clip" in case:
            nn.utils.clip_grad_norm_(network.parameters(), case["clip"])
        update.step()
        if averaged:
            averaged.update_parameters(network)
        losses.append(total)
    tensors = {}
    for key, value in sorted(own_tensors(averaged.module if averaged else network).items()):
        flat = value.detach().reshape(-1).numpy()
        at = np.linspace(0, len(flat) - 1, min(case.get("values", 8), len(flat))).astype(np.int64)
        tensors[key] = dict(min=float(f"{flat.min():.8g}"), max=float(f"{flat.max():.8g}"),
                            values=[float(f"{flat[i]:.8g}") for i in at])
    print(case["network"], case.get("setting", ""), losses[0], losses[-1])
    return dict(case, steps=STEPS, losses=losses, tensors=tensors)


def main():
    torch.manual_seed(0)
    cases, target = CASES + SETTINGS, TARGET
    if sys.argv[1:2] == ["full"]:
        cases = [dict(case, width=1, batch=FULL[case["network"]][0], side=FULL[case["network"]][1])
                 for case in CASES]
        target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    with open(target / "parity.json", "w") as file:
        json.dump([train(case, make(case)) for case in cases], file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
