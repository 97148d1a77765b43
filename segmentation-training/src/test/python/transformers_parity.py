"""Trains transformers' own SegFormer and UPerNet for twenty steps, a reference of ParityTest.

Run from the top of the repository (torch 2.13, transformers 5.18, safetensors 0.8):

    python3 segmentation-training/src/test/python/transformers_parity.py

It writes transformers-parity.json, in the form of parity.json, which parity.py describes. Tensors
have the names under which transformers publishes. Dropout and drop path are off. The auxiliary head
of UPerNet, whose scores transformers only uses for a loss of its own, counts as in parity.py.
"""

import json
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

import parity  # noqa: E402, also finds transformers_golden
import transformers_golden

torch.set_grad_enabled(True)  # transformers_golden turns it off

FILE = "model.safetensors"

CASES = [
    # As in parity.py, the epsilon keeps gradients that are 0 but for rounding, such as those of the
    # biases of keys, from being enlarged to whole steps.
    dict(network="segformer-b0", width=0.125, batch=4, side=64, channels=3, classes=5, values=3,
         optimizer="adamw", rate=1e-4, epsilon=1e-4, momentum=0, decay=1e-2, loss="cross-entropy",
         power=1),
    dict(network="upernet-convnext-tiny", width=0.0625, batch=4, side=64, channels=3, classes=5,
         values=2, optimizer="adamw", rate=1e-4, epsilon=1e-4, momentum=0, decay=1e-2,
         loss="cross-entropy", power=1, auxiliary=0.4),
]


def published(network):
    """The tensors by the names under which transformers publishes."""
    with tempfile.TemporaryDirectory() as folder:
        network.save_pretrained(folder)
        tensors = load_file(Path(folder) / FILE)
    return {key: value for key, value in tensors.items() if "num_batches" not in key}


def make(case):
    """The network in training mode, with its first weights."""
    network = transformers_golden.build(
        case["network"].replace("-", "_"), case["classes"], case["width"])
    with tempfile.TemporaryDirectory() as folder:
        network.save_pretrained(folder)
        file = Path(folder) / FILE
        tensors = load_file(file)
        for number, (key, value) in enumerate(sorted(published(network).items())):
            tensors[key] = parity.start(key, tuple(value.shape), number)
        save_file(tensors, file, metadata={"format": "pt"})
        network = type(network).from_pretrained(folder)
    network.train()
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        if hasattr(module, "drop_prob"):  # drop path
            module.drop_prob = 0.0
    return network


def logits(network, images, _):
    """The scores, and a list of those of the auxiliary output, if there is one."""
    found = []
    auxiliary = getattr(network, "auxiliary_head", None)
    if auxiliary is not None:
        hook = auxiliary.register_forward_hook(lambda module, inputs, output: found.append(output))
    scores = network(images).logits
    if auxiliary is not None:
        hook.remove()
    full = [F.interpolate(each, images.shape[2:], mode="bilinear", align_corners=False)
            for each in [scores, *found]]
    return full[0], full[1:]


def main():
    cases = [parity.train(case, make(case), logits, published) for case in CASES]
    with open(parity.TARGET / "transformers-parity.json", "w") as file:
        json.dump(cases, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
