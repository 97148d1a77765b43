"""Makes binary-golden.txt: what PyTorch makes of one channel of logits.

    python3 binary_golden.py > ../resources/io/github/pixelwise/internal/decode/binary-golden.txt

Each line: alignment, source sides, grid sides, threshold, the grid's logits, and by pixel the probability,
sigmoid(interpolate(logits)). Logits are quarters and no probability is near a threshold, so that rounding decides
nothing.
"""
import numpy as np
import torch

random = np.random.default_rng(7)
print("# made by binary_golden.py with PyTorch", torch.__version__)
for corners in (False, True):
    for (height, width), (rows, columns), threshold in (
        ((9, 13), (3, 4), 0.5),
        ((4, 4), (4, 4), 0.5),
        ((12, 7), (4, 3), 0.7),
        ((6, 8), (12, 16), 0.3),
    ):
        while True:
            logits = random.integers(-32, 32, (1, 1, rows, columns)) / 4
            resized = torch.nn.functional.interpolate(
                torch.tensor(logits, dtype=torch.float64), (height, width), mode="bilinear", align_corners=corners
            )
            probabilities = torch.sigmoid(resized).numpy().ravel()
            if np.abs(probabilities - threshold).min() > 1e-4:
                break
        print(
            "aligned-corners" if corners else "half-pixel", width, height, columns, rows, threshold,
            ",".join(f"{v:g}" for v in logits.ravel()), ",".join(f"{p:.6f}" for p in probabilities),
        )
