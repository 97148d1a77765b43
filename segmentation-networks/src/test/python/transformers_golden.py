"""Checkpoints of transformers' own SegFormer and UPerNet, and what PyTorch computes with them.

Run from the top of the repository (torch 2.13, transformers 5.18, safetensors 0.8, Pillow 12.3):

    python3 segmentation-networks/src/test/python/transformers_golden.py
    python3 segmentation-networks/src/test/python/transformers_golden.py OUTDIR [NAME...]

The first writes narrow networks to integration-tests/src/test/resources/.../integration/zoo: files
NAME.safetensors, with the names under which transformers publishes, NAME.zip, and the index
transformers.properties. The second writes the networks at full size, with 150 classes, and an
index NAME.properties for each, to a folder outside git. zoo_golden.py describes zips and indexes.

Weights are random, but realistic: attention prefers some keys to others, layer norms and layer
scales differ from channel to channel, batch norms have the statistics of photographs, and classes
have scores of mean 0 and deviation 2, so that the best one varies over a picture.

UPerNet's backbone drops the last columns and rows of sides that are no multiples of 4, so its grid has no stride
there, and the scores are recorded like zoo_golden.py's input_scores.

Narrow networks: a head has channels(32 or 64), the other layers channels(as published), where
channels(c) = floor(c * width + 0.5), at least 1.
"""

import hashlib
import math
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import (ConvNextConfig, SegformerConfig, SegformerForSemanticSegmentation,
                          UperNetConfig, UperNetForSemanticSegmentation)

NARROW = Path("integration-tests/src/test/resources/io/github/pixelwise/integration/zoo")
EXAMPLES = Path(__file__).parents[4] / "examples"

# Channels of a head, blocks of each stage, and the decoder's channels.
SEGFORMERS = {
    "segformer_b0": (32, [2, 2, 2, 2], 256),
    "segformer_b1": (64, [2, 2, 2, 2], 256),
    "segformer_b2": (64, [3, 4, 6, 3], 768),
    "segformer_b3": (64, [3, 4, 18, 3], 768),
    "segformer_b4": (64, [3, 8, 27, 3], 768),
    "segformer_b5": (64, [3, 6, 40, 3], 768),
}
UPERNET = "upernet_convnext_tiny"

# Of the narrow networks: width and cases.
WIDTHS = {
    "segformer_b0": (1 / 8, ["128x96@16", "129x97@16"]),
    "segformer_b1": (1 / 16, ["96x64@16"]),
    "segformer_b2": (1 / 32, ["96x64@16"]),
    "segformer_b3": (1 / 32, ["96x64@16"]),
    "segformer_b4": (1 / 64, ["96x64@16"]),
    "segformer_b5": (1 / 64, ["96x64@16"]),
    UPERNET: (1 / 32, ["320x224@16", "224x96@16", "129x97@16"]),
}

torch.set_grad_enabled(False)


def channels(count, width):
    return max(1, math.floor(count * width + 0.5))


def build(name, classes, width):
    if name == UPERNET:
        sizes = [channels(count, width) for count in (96, 192, 384, 768)]
        backbone = ConvNextConfig(hidden_sizes=sizes, depths=[3, 3, 9, 3],
                                  out_features=["stage1", "stage2", "stage3", "stage4"])
        return UperNetForSemanticSegmentation(UperNetConfig(
            backbone_config=backbone, hidden_size=channels(512, width), num_labels=classes,
            auxiliary_in_channels=sizes[2], auxiliary_channels=channels(256, width))).eval()
    head, depths, decoder = SEGFORMERS[name]
    heads = [1, 2, 5, 8]
    return SegformerForSemanticSegmentation(SegformerConfig(
        num_labels=classes, hidden_sizes=[n * channels(head, width) for n in heads], depths=depths,
        num_attention_heads=heads, decoder_hidden_size=channels(decoder, width))).eval()


def draw(network):
    for name, module in network.named_modules():
        if isinstance(module, nn.Linear):
            sharper = 2 if "q_proj" in name else 1
            nn.init.normal_(module.weight, 0, sharper * module.in_features ** -0.5)
        elif isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        elif isinstance(module, (nn.LayerNorm, nn.BatchNorm2d)):
            nn.init.uniform_(module.weight, 0.7, 1.3)
            nn.init.normal_(module.bias, 0, 0.2)
            continue
        if getattr(module, "bias", None) is not None:
            nn.init.normal_(module.bias, 0, 0.1)
    for name, parameter in network.named_parameters():
        if name.endswith("layer_scale_parameter"):
            nn.init.uniform_(parameter, 0.1, 0.5)


def prepared(picture, width, height):
    pixels = np.asarray(picture.resize((width, height), Image.BILINEAR), np.float32)
    mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
    planes = (pixels / np.float32(255) - mean) / deviation
    return torch.from_numpy(np.ascontiguousarray(planes.transpose(2, 0, 1)))[None]


def photograph(name="photos/chelsea"):
    return Image.open(EXAMPLES / f"{name}.png").convert("RGB")


def calibrated(name, classes, width, size):
    torch.manual_seed(zlib.crc32(name.encode()))
    network = build(name, classes, width)
    draw(network)
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    images = torch.cat([prepared(picture, *size) for picture in [
        photograph(), photograph("backgrounds/coffee"), photograph("photos/astronaut")]])
    network(images)
    network.eval()

    def spread(layer, _, output):
        deviation, mean = torch.std_mean(output, (0, 2, 3))
        layer.weight.mul_((2 / deviation)[:, None, None, None])
        layer.bias.sub_(mean).mul_(2 / deviation)

    hook = network.decode_head.classifier.register_forward_hook(spread)
    network(images)
    hook.remove()
    return network


def add(archive, entry, values):
    info = zipfile.ZipInfo(entry, (1980, 1, 1, 0, 0, 0))
    archive.writestr(info, np.ascontiguousarray(values).tobytes(), zipfile.ZIP_DEFLATED, 9)


def record(folder, name, classes, width, size, cases, kind, whole):
    """Writes NAME.safetensors and NAME.zip; returns the lines of the index."""
    network = calibrated(name, classes, width, size)
    network.to(kind).save_pretrained(folder / name)
    published = load_file(folder / name / "model.safetensors")
    save_file(published, folder / f"{name}.safetensors")
    for file in (folder / name).iterdir():
        file.unlink()
    (folder / name).rmdir()
    network.float()
    count = sum(parameter.numel() for parameter in network.parameters())
    print(f"{name}: {count:,} parameters")
    lines = [f"{name}.classes={classes}", f"{name}.width={width}",
             f"{name}.cases=" + " ".join(cases)]
    scores = []
    network.decode_head.register_forward_hook(lambda *call: scores.append(call[2]))
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
        for case in cases:
            w, h = map(int, case.split("@")[0].split("x"))
            images = prepared(photograph(), w, h)
            scores.clear()
            network(images)
            grid = scores[0][0]
            full = nn.functional.interpolate(scores[0], (h, w), mode="bilinear")[0]
            categories = full.argmax(0).byte().numpy()
            follows = grid.shape[1:] == (-(-h // 4), -(-w // 4))
            add(archive, f"{case}/scores", (grid if follows else full[:, ::5, ::5]).numpy())
            add(archive, f"{case}/categories", categories)
            if whole:
                add(archive, f"{case}/input", images[0].numpy())
            lines.append(f"{name}.{case}.grid={grid.shape[2]}x{grid.shape[1]}")
            share = np.bincount(categories.ravel(), minlength=classes).max() / categories.size
            print(f"{name:24} {case:12} scores {grid.min():.2f} to {grid.max():.2f},"
                  f" largest share {share:.2f}", flush=True)
    for file in ("safetensors", "zip"):
        digest = hashlib.sha256((folder / f"{name}.{file}").read_bytes()).hexdigest()
        lines.append(f"{name}.{file}.sha256={digest}")
    return lines


def main(arguments):
    if arguments:
        folder = Path(arguments[0])
        folder.mkdir(parents=True, exist_ok=True)
        for name in arguments[1:] or WIDTHS:
            lines = record(folder, name, 150, 1, (320, 256), ["512x512@16", "512x384@16"],
                           torch.float32, True)
            (folder / f"{name}.properties").write_text("\n".join(lines) + "\n")
        return
    lines = ["# Written by segmentation-networks/src/test/python/transformers_golden.py.",
             "names=" + " ".join(WIDTHS)]
    for name, (width, cases) in WIDTHS.items():
        lines += record(NARROW, name, 5, width, (224, 160), cases, torch.float16, False)
    (NARROW / "transformers.properties").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
