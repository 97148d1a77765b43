"""Shows that PyTorch's networks load, strictly, the weights that a run leaves.

The files have no num_batches_tracked: PyTorch fills them in for a state dict without a version.

Run from the top of the repository, after the program ExportedWeights, which is beside ExportTest
and writes NAME/weights.pth for every network of 5 classes and a sixteenth of its width to FOLDER:

    python3 segmentation-training/src/test/python/exported_weights.py FOLDER
"""

import sys
from pathlib import Path

import torch

sys.path.insert(0, "segmentation-networks/src/test/python")
import zoo_networks  # noqa: E402


def main():
    folders = sorted(Path(sys.argv[1]).iterdir())
    assert len(folders) == 15, folders
    for folder in folders:
        network = zoo_networks.build(folder.name.replace("-", "_"), 5, 1 / 16)
        state = torch.load(folder / "weights.pth", weights_only=True)
        print(folder.name, network.load_state_dict(state, strict=True))
        for name, value in network.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                assert torch.equal(value, state[name]), (folder.name, name)


if __name__ == "__main__":
    main()
