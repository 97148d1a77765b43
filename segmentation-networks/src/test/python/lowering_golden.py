"""A small network of what conversion rearranges, and what PyTorch computes with it.

Run from the top of the repository (torch 1.13):

    /usr/bin/python3 segmentation-networks/src/test/python/lowering_golden.py

It has a convolution that a batch norm and something else follow, a batch norm after an addition, a
node repeated twice beside a grid and convolved with it, a batch norm after that convolution, and a
convolution with batch norm that reduces channels after up-sampling. LoweredNetworkTest has the same
network in Java. It writes to integration-tests/src/test/resources/io/github/pixelwise/integration/

    lowering.pth         the state dict, by torch.save
    one-class.pth        that of a convolution like the first and one to a single channel, up-sampled
    lowering-golden.txt  a line for each tensor: name|shape|numbers. input is 1 x 3 x 13 x 19, grid
                         and scores are before and after the last up-sampling; one-class is the sigmoid of
                         that network's result
"""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

OUTPUT = Path("integration-tests/src/test/resources/io/github/pixelwise/integration")


class Rearranged(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, 2, 1)
        self.norm = nn.BatchNorm2d(6)
        self.alone = nn.BatchNorm2d(6)
        self.mix = nn.Conv2d(18, 6, 1)
        self.mix_norm = nn.BatchNorm2d(6)
        self.scores = nn.Conv2d(6, 4, 1, bias=False)
        self.scores_norm = nn.BatchNorm2d(4)

    def grid(self, x):
        stem = self.stem(x)
        grid = self.alone(F.relu(self.norm(stem)) + stem)
        node = F.adaptive_avg_pool2d(grid, 1).expand_as(grid)
        mixed = F.relu(self.mix_norm(self.mix(torch.cat([node, grid, node], 1))))
        small = F.max_pool2d(mixed, 3, 2, 1)
        large = F.interpolate(small, grid.shape[2:], mode="bilinear", align_corners=False)
        return self.scores_norm(self.scores(large))

    def forward(self, x):
        return F.interpolate(self.grid(x), x.shape[2:], mode="bilinear", align_corners=False)


class OneClass(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, 2, 1)
        self.one = nn.Conv2d(6, 1, 1)

    def forward(self, x):
        large = F.interpolate(self.one(self.stem(x)), x.shape[2:], mode="bilinear", align_corners=False)
        return torch.sigmoid(large)


@torch.no_grad()
def main():
    torch.manual_seed(5)
    network = Rearranged().eval()
    for name, value in network.state_dict().items():
        if "running_mean" in name or name.endswith("bias"):
            value.normal_(0, 0.3)
        elif "running_var" in name or "norm.weight" in name or name == "alone.weight":
            value.uniform_(0.5, 2)
    x = torch.randn(1, 3, 13, 19)
    torch.save(network.state_dict(), OUTPUT / "lowering.pth")
    one = OneClass().eval()
    torch.save(one.state_dict(), OUTPUT / "one-class.pth")
    with open(OUTPUT / "lowering-golden.txt", "w") as file:
        for name, value in [("input", x), ("grid", network.grid(x)), ("scores", network(x)),
                            ("one-class", one(x))]:
            numbers = " ".join(f"{number:.7g}" for number in value.flatten().tolist())
            file.write(f"{name}|{' '.join(map(str, value.shape))}|{numbers}\n")


if __name__ == "__main__":
    main()
