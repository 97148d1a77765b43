"""Seeded weights for the zoo's networks, made realistic by a photograph, and cases recorded.

Untouched random weights make scores explode or vanish, which hides errors. So the statistics of
every batch norm are those of a pass over photographs of the examples, gamma and beta are drawn
around 1 and 0, and the last convolutions are scaled so that every class has scores of mean 0
and deviation 2 on it: the arg-max then varies over a picture.
"""

import copy
import hashlib
import re
import zipfile
import zlib
from collections import OrderedDict
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from torch import nn

import zoo_networks

EXAMPLES = Path(__file__).parents[4] / "examples"
SPREAD = 2
STEP = 5
INPUT_STEP = 16
CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)

torch.set_grad_enabled(False)


def prepared(name, picture, width, height):
    """A picture as the network `name` wants it: 1 x c x height x width, float32."""
    pixels = np.asarray(picture.resize((width, height), Image.BILINEAR), np.float32)
    if name == "separable_residual":
        bgr = pixels[:, :, ::-1] / np.float32(127.5) - np.float32(1)
        planes = np.concatenate([bgr, cv2.cvtColor(bgr, cv2.COLOR_BGR2LAB)], 2)
    else:
        mean, deviation = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
        planes = (pixels / np.float32(255) - mean) / deviation
    return torch.from_numpy(np.ascontiguousarray(planes.transpose(2, 0, 1)))[None]


def photograph(name="photos/chelsea"):
    return Image.open(EXAMPLES / f"{name}.png").convert("RGB")


def _pictures(name, size):
    """Several, so that the averages over a picture vary too."""
    pictures = [photograph(), photograph().crop((100, 40, 300, 190)), photograph("backgrounds/coffee"),
                photograph("photos/astronaut")]
    return torch.cat([prepared(name, picture, *size) for picture in pictures])


def draw(network):
    bilinear = getattr(network, "transpose_conv", None)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        elif isinstance(module, nn.ConvTranspose2d) and module is not bilinear:
            nn.init.normal_(module.weight, 0, module.in_channels ** -0.5)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.7, 1.3)
            nn.init.normal_(module.bias, 0, 0.2)
            continue
        if getattr(module, "bias", None) is not None:
            nn.init.normal_(module.bias, 0, 0.1)


def last_layers(name, network):
    if name in ("unet", "unet_bilinear"):
        return [network.outc.conv]
    if name == "fcn_resnet18":
        return [network.final_conv]
    if name == "separable_residual":
        return [network.up]
    if name.startswith("lraspp"):
        return [network.classifier.low_classifier, network.classifier.high_classifier]
    if name in zoo_networks.PLUS_BACKBONES:
        return [network.decoder.last_conv[-1]]
    if name.endswith("_refined"):
        return [network.coarse, network.fine]
    if name == "bisenetv2":
        return [network.decode_head.conv_seg]
    return [network.classifier[-1]]


def _spread(layer, _, output):
    """Scales the layer so that each class has the spread asked for: a forward hook."""
    deviation, mean = torch.std_mean(output, (0, 2, 3))
    factor = SPREAD / deviation
    if isinstance(layer, nn.ConvTranspose2d):
        layer.weight.mul_(factor[:, None, None])
    else:
        layer.weight.mul_(factor[:, None, None, None])
    if layer.bias is not None:
        layer.bias.sub_(mean).mul_(factor)


def calibrated(name, classes, width, size, seed=0):
    """The network `name` with weights that depend on nothing but these arguments."""
    torch.manual_seed(zlib.crc32(name.encode()) + seed)
    network = zoo_networks.build(name, classes, width)
    draw(network)
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    images = _pictures(name, size)
    network(images)
    network.eval()
    hooks = [layer.register_forward_hook(_spread) for layer in last_layers(name, network)]
    network(images)
    for hook in hooks:
        hook.remove()
    return network


def stored(network, kind):
    """The state dict with its floats as `kind`; tensors that share memory still do."""
    made = {}
    return OrderedDict(
        (key, made.setdefault(value.data_ptr(), value.to(kind) if value.is_floating_point() else value))
        for key, value in network.state_dict().items())


def _record(archive, entry, values):
    info = zipfile.ZipInfo(entry, (1980, 1, 1, 0, 0, 0))
    archive.writestr(info, np.ascontiguousarray(values).tobytes(), zipfile.ZIP_DEFLATED, 9)


def folded(network, images, kind):
    """A copy with batch norm in the convolutions before, and their weights rounded to `kind`."""
    network = copy.deepcopy(network)
    calls = []
    layers = [m for m in network.modules() if isinstance(m, (*CONVOLUTIONS, nn.BatchNorm2d))]
    hooks = [m.register_forward_hook(lambda *call: calls.append(call)) for m in layers]
    zoo_networks.full_scores(network, images)
    for hook in hooks:
        hook.remove()
    makers = {id(output): layer for layer, _, output in calls}
    for norm, (x,), _ in calls:
        if isinstance(norm, nn.BatchNorm2d):
            layer = makers[id(x)]
            factor = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
            bias = 0 if layer.bias is None else layer.bias.double()
            bias = bias * factor + (norm.bias.double() - norm.running_mean.double() * factor)
            layer.weight.copy_(layer.weight.double() * factor[:, None, None, None])
            layer.bias = nn.Parameter(bias.float())
            for tensor, value in [(norm.weight, 1), (norm.bias, 0), (norm.running_mean, 0),
                                  (norm.running_var, 1)]:
                tensor.fill_(value)
            norm.eps = 0
    for layer in layers:
        if isinstance(layer, CONVOLUTIONS):
            layer.weight.copy_(layer.weight.to(kind))
            if layer.bias is not None:
                layer.bias.copy_(layer.bias.to(kind))
    return network


def record(folder, name, classes, width, state, cases, with_inputs=False, with_forms=False):
    """Runs the cases, as the index names them, and writes NAME.zip; its lines of the index."""
    lines = [f"{name}.classes={classes}", f"{name}.width={width}"]
    lines.append(f"{name}.cases=" + " ".join(cases))
    with zipfile.ZipFile(folder / f"{name}.zip", "w") as archive:
        for case in cases:
            w, h, stride = map(int, re.split("[x@]", case))
            network = zoo_networks.build(name, classes, width, stride)
            network.load_state_dict({key: value.float() for key, value in state.items()}, strict=False)
            images = prepared(name, photograph(), w, h)
            step = STEP if zoo_networks.ends_at_input_size(network) else 1
            scores = zoo_networks.grid_scores(network, images)[0, :, ::step, ::step].numpy()
            full = zoo_networks.full_scores(network, images)[0]
            categories = full.argmax(0).byte().numpy()
            _record(archive, f"{case}/scores", scores)
            _record(archive, f"{case}/categories", categories)
            if with_forms and case == cases[0]:
                rounded = folded(network, images, torch.float16)
                rounded_scores = zoo_networks.grid_scores(rounded, images)[0, :, ::step, ::step]
                _record(archive, f"{case}/float16_scores", rounded_scores.numpy())
                if step == 1:
                    _record(archive, f"{case}/input_scores", full[:, ::STEP, ::STEP].numpy())
            if with_inputs:
                _record(archive, f"{case}/input", images[0].numpy())
            elif name == "separable_residual":
                _record(archive, f"{case}/input", images[0, :, ::INPUT_STEP, ::INPUT_STEP].numpy())
            lines.append(f"{name}.{case}.grid={scores.shape[2]}x{scores.shape[1]}")
            shares = np.bincount(categories.ravel(), minlength=classes) / categories.size
            best = full.topk(2, 0).values
            close = ((best[0] - best[1]) < 1e-5 * (full.max() - full.min())).float().mean()
            print(f"{name:32} {case:12} grid {scores.shape[2]:3}x{scores.shape[1]:<3}"
                  f" scores {scores.min():7.2f} to {scores.max():6.2f}, {np.count_nonzero(shares)} of"
                  f" {classes} classes, largest share {shares.max():.2f}, close {close:.5f}", flush=True)
    for kind in ("pth", "zip"):
        digest = hashlib.sha256((folder / f"{name}.{kind}").read_bytes()).hexdigest()
        lines.append(f"{name}.{kind}.sha256={digest}")
    return lines
