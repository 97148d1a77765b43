"""Small checkpoints in each of the formats, and what PyTorch itself reads from them.

Run from the top of the repository, with PyTorch 1.13:

    /usr/bin/python3 segmentation-networks/src/test/python/checkpoints.py

It writes the files among the test resources and, beside them, checkpoints.txt with one tensor a line:

    file name type shape values

The shape is separated by commas (- for a single number), the values are those of tensor.float() as the
hexadecimal bits of float32 (- for none). The files of the format before the zip archives differ from run
to run, because PyTorch names their storages by addresses.
"""

import argparse
import datetime
import enum
import io
import json
import pickle
import struct
import sys
import types as python_types
import zipfile
from collections import OrderedDict, defaultdict, deque, namedtuple
from pathlib import Path

import numpy as np
import torch
from torch import nn

OUTPUT = Path("segmentation-networks/src/test/resources/io/github/pixelwise/network/checkpoint")
SAFETENSORS_TYPES = {
    torch.float32: "F32",
    torch.float64: "F64",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


REFUSED = {"object-inside.pth", "module.pth", "module-legacy.pth", "module-inside.pth"}


def types():
    """Every type, with the values at which conversions go wrong."""
    real = [0.0, -0.0, 1.5, -2.75, 65504.0, 2.0**-24, 3 * 2.0**-20, float("inf"), float("-inf"), float("nan")]
    whole = torch.tensor([0, 1, -1, 127, -128])
    wide = torch.tensor([2**31 - 1, -(2**31), 2**24 + 1])
    return OrderedDict(
        float32=torch.tensor(real + [1e-40, 0.1]),
        float64=torch.tensor(real + [1 / 3, 1e-300, 1e300], dtype=torch.float64),
        float16=torch.tensor(real + [0.1], dtype=torch.float16),
        bfloat16=torch.tensor(real + [0.1], dtype=torch.bfloat16),
        int64=torch.cat([whole, wide, torch.tensor([2**53 + 1, -(2**63)])]),
        int32=torch.cat([whole, wide]).int(),
        int16=torch.tensor([0, -1, 32767, -32768], dtype=torch.int16),
        int8=whole.to(torch.int8),
        uint8=torch.tensor([0, 127, 128, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False, True]),
    )


def views():
    """Views of one storage, and shapes that are easily forgotten."""
    base = torch.arange(24.0)
    return OrderedDict(
        whole=base,
        offset=base[5:9],
        matrix=base.view(4, 6),
        transposed=base.view(4, 6).t(),
        column=base.view(4, 6)[:, 2],
        stepped=base.view(2, 3, 4)[:, ::2, 1::2],
        permuted=base.view(2, 3, 4).permute(2, 0, 1),
        channels_last=torch.arange(36.0).view(1, 3, 3, 4).contiguous(memory_format=torch.channels_last),
        expanded=torch.tensor([[1.0], [2.0]]).expand(2, 3),
        half_transposed=base.half().view(4, 6).t(),
        parameter=nn.Parameter(base[:4].clone()),
        number=torch.tensor(3),
        empty=torch.zeros(0, 3),
        ones=torch.tensor([[[7.0]]]),
    )


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Conv2d(2, 3, 1), nn.BatchNorm2d(3), nn.ReLU())
        self.sizes = [1, 2]
        self.scales = [0.5]

    def forward(self, x):
        return self.layers(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.ModuleDict({"block": Block()})
        self.head = nn.Conv2d(3, 2, 1, bias=False)
        self.register_buffer("mean", torch.tensor([0.5, 1.5], dtype=torch.float16))
        self.limits = {"low": 1.0}

    def forward(self, x):
        for block in self.backbone.values():
            x = block(x)
        return self.head(x)


def training(names):
    """What a training program saves: the state dict among much else."""
    net = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    net(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5])
    return {
        "epoch": 3,
        "args": argparse.Namespace(lr=0.1, names=["a"], output=None, seed=2**70, shape=torch.Size([1, 2])),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "state_dict": OrderedDict(zip(names, net.state_dict().values())),
        "best_pred": np.float64(0.5),
        "flags": {1, 2},
        "raw": b"\x00\xff",
        "device": torch.device("cpu"),
        "type": torch.float32,
    }


def others():
    """The running average of a model among tensors and arrays that are no weights."""
    quantised = torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.qint8)
    per_channel = torch.quantize_per_channel(torch.ones(2, 3), torch.ones(2), torch.zeros(2), 0, torch.quint8)
    return {
        "complex": torch.ones(3, dtype=torch.complex64),
        "kinds": [quantised, per_channel, torch.eye(3).to_sparse(), torch.eye(2).to_sparse_csr()],
        "meta": torch.empty(2, device="meta"),
        "confusion": np.arange(4).reshape(2, 2),
        "values": [frozenset({1}), bytearray(b"a"), 1 + 2j],
        "state_dict": torch.optim.swa_utils.AveragedModel(nn.BatchNorm2d(2)).state_dict(),
    }


def put(made, module):
    """Makes a class that of a module that is not here, which is how pickles name it."""
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        path = ".".join(parts[:length])
        sys.modules.setdefault(path, python_types.ModuleType(path))
    setattr(sys.modules[module], made.__name__, made)
    made.__module__ = module
    return made


def unknown(full_name, *bases):
    module, name = full_name.rsplit(".", 1)
    return put(type(name, bases, {}), module)


def with_state(made, **state):
    value = made.__new__(made)
    value.__dict__.update(state)
    return value


class Named(str):
    """An object that is made by arguments with names."""

    def __getnewargs_ex__(self):
        return (), {"object": str(self)}


class Stage(enum.Enum):
    TRAIN = 1


Version = namedtuple("Version", "major minor")
for local in (Named, Stage, Version):
    put(local, "training.helpers")


def objects():
    """What training programs and their libraries save beside the weights."""
    history = unknown("mmengine.logging.history_buffer.HistoryBuffer")
    config = unknown("omegaconf.dictconfig.DictConfig", dict)
    settings = config(lr=0.1, sizes=[1, 2])
    settings.__dict__["_metadata"] = {"ref_type": int, "key": None}
    counts = defaultdict(list)
    counts["loss"].append(0.5)
    return {
        "message_hub": {"log_scalars": OrderedDict(loss=with_state(history, _history=np.arange(3.0), _max_length=9))},
        "hyper_parameters": settings,
        "counts": counts,
        "path": Path("/data/run"),
        "args": argparse.Namespace(lr=0.1, path=Path("x"), stage=Stage.TRAIN),
        "started": datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.timezone.utc),
        "took": datetime.timedelta(seconds=3),
        "best": np.float32(0.5),
        "queue": deque([1, 2], maxlen=2),
        "slice": slice(1, 2),
        "stage": Stage.TRAIN,
        "named": Named("x"),
        "version": Version(1, 2),
        "device": torch.device("cpu"),
    }


def nested():
    """A state dict two dictionaries deep, beside its running average."""
    net = nn.BatchNorm2d(2)
    average = {name: tensor + 1 for name, tensor in net.state_dict().items()}
    return {
        "checkpoint": {"model": net.state_dict(), "model_ema": average, "best": torch.tensor(0.5)},
        **objects(),
    }


def lightning():
    net = nn.Conv2d(3, 2, 1)
    weights = {"model." + name: tensor for name, tensor in net.state_dict().items()}
    return {
        "pytorch-lightning_version": "1.9.0",
        "state_dict": OrderedDict(weights, **{"criterion.weight": torch.ones(2)}),
        **objects(),
    }


def several():
    """Two models that were trained together."""
    return {"nets": {key: nn.Linear(2, 1).state_dict() for key in ("generator", "critic")}, **objects()}


def legacy_slices():
    """As PyTorch 0.3 wrote slices: views of a storage named in the persistent id."""

    class Slice:
        def __init__(self, storage_id, shape):
            self.storage_id, self.shape = storage_id, shape

        def __reduce__(self):
            stride = (self.shape[1], 1)
            return torch._utils._rebuild_tensor, (StorageId(self.storage_id), 0, self.shape, stride)

    class StorageId(tuple):
        pass

    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return tuple(value) if isinstance(value, StorageId) else None

    def storage(view):
        return ("storage", torch.FloatStorage, "root", "cpu", 12, view)

    out = io.BytesIO()
    for header in (torch.serialization.MAGIC_NUMBER, torch.serialization.PROTOCOL_VERSION, {"little_endian": True}):
        pickle.dump(header, out, protocol=2)
    Pickler(out, protocol=2).dump(
        {"first": Slice(storage(("v1", 2, 6)), (2, 3)), "second": Slice(storage(("v2", 8, 4)), (2, 2))}
    )
    pickle.dump(["root"], out, protocol=2)
    out.write(struct.pack("<q", 12) + np.arange(12, dtype="<f4").tobytes())
    return out.getvalue()


def zip64(archive):
    """The same entries, every number of the zip in its 64-bit field."""
    out = io.BytesIO()
    zipfile.ZIP64_LIMIT, limit = 0, zipfile.ZIP64_LIMIT
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name))
    zipfile.ZIP64_LIMIT = limit
    return out.getvalue()


def safetensors(tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        bits = tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor
        raw = bits.detach().contiguous().numpy().tobytes()
        header[name] = {
            "dtype": SAFETENSORS_TYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def saved(value, **options):
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


def lines(file, tensors):
    for name, tensor in tensors.items():
        tensor = tensor.detach()
        shape = ",".join(map(str, tensor.shape)) or "-"
        bits = tensor.float().contiguous().numpy().reshape(-1).view("<u4")
        kind = str(tensor.dtype).removeprefix("torch.")
        yield f"{file} {name} {kind} {shape} {','.join(f'{b:08x}' for b in bits) or '-'}"


def main():
    torch.manual_seed(1)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    old = {"_use_new_zipfile_serialization": False}
    names = ["weight", "bias"]
    files = {
        "types.pth": saved(types()),
        "types-legacy.pth": saved(types(), **old),
        "types.safetensors": safetensors(types()),
        "views.pth": saved(views()),
        "views-legacy.pth": saved(views(), **old),
        "views.safetensors": safetensors(views()),
        "protocol4.pth": saved(nn.BatchNorm2d(2).state_dict(), pickle_protocol=4),
        "training.pth": saved(training(["module." + name for name in names])),
        "training-legacy.pth": saved(training(["_orig_mod.module." + name for name in names]), **old),
        "slices-legacy.pth": legacy_slices(),
        "others.pth": saved(others()),
        "others-legacy.pth": saved(others(), **old),
        "nested.pth": saved(nested()),
        "lightning.pth": saved(lightning(), pickle_protocol=4),
        "lightning-legacy.pth": saved(lightning(), **old),
        "several.pth": saved(several()),
        "object-inside.pth": saved({**nn.Linear(2, 1).state_dict(), "path": Path("/data")}),
        "module.pth": saved(unknown("project.nets.Net", nn.Linear)(2, 1)),
        "module-legacy.pth": saved(unknown("project.nets.Net", nn.Linear)(2, 1), **old),
        "module-inside.pth": saved({"model": unknown("project.nets.Net", nn.Linear)(2, 1), "epoch": 3}),
    }
    files["zip64.pth"] = zip64(files["protocol4.pth"])
    golden = []
    for name, content in files.items():
        (OUTPUT / name).write_bytes(content)
        if name in REFUSED:
            continue
        if name.endswith(".safetensors"):
            tensors = types() if name.startswith("types") else views()
        else:
            tensors = torch.load(io.BytesIO(content))
            if name.startswith("several"):
                nets = tensors["nets"].items()
                tensors = {f"nets.{key}.{part}": t for key, net in nets for part, t in net.items()}
            tensors = tensors.get("checkpoint", tensors)
            tensors = tensors.get("state_dict", tensors.get("model", tensors))
        golden += lines(name, tensors)
    net = torch.jit.script(Net())
    net.save(str(OUTPUT / "scripted.pt"))
    golden += lines("scripted.pt", net.state_dict())
    torch.jit.freeze(net.eval()).save(str(OUTPUT / "frozen.pt"))
    (OUTPUT / "checkpoints.txt").write_text("\n".join(golden) + "\n")


if __name__ == "__main__":
    main()
