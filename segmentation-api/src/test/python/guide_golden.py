"""Makes guide-golden.txt: mean field inference and linear models of color, in numpy's float64.

    python3 guide_golden.py > ../resources/io/github/pixelwise/internal/guide/guide-golden.txt

Lines: width and height; the photo's colors; of each pixel 1 if it changes; then of each of three classes the
probabilities before and after the mean field, and the value of the linear models of the first class at the photo's own
colors. Written from the formulas in the papers, pixel by pixel. Where all pixels change, the linear models are OpenCV's
guided filter, which this script checks inside a margin (OpenCV mirrors borders).
"""
import cv2
import numpy as np

WIDTH, HEIGHT, CLASSES = 14, 11, 3
WEIGHT, SIGMA, STEPS, REACH, EPSILON = 2, 10 / 255, 5, 2, 1e-4


def window(y, x, reach):
    for v in range(max(0, y - reach), min(HEIGHT, y + reach + 1)):
        for u in range(max(0, x - reach), min(WIDTH, x + reach + 1)):
            yield v, u


def mean_field(photo, changes, found):
    q = found.copy()
    for _ in range(STEPS):
        after = q.copy()
        for y in range(HEIGHT):
            for x in range(WIDTH):
                if not changes[y, x]:
                    continue
                total, message = 1e-6, np.zeros(CLASSES)
                for v, u in window(y, x, REACH):
                    if (v, u) != (y, x):
                        weight = np.exp(-np.sum((photo[y, x] - photo[v, u]) ** 2) / (2 * SIGMA**2))
                        total += weight
                        message += weight * q[v, u]
                raised = found[y, x] * np.exp(WEIGHT * message / total)
                after[y, x] = raised / raised.sum() * found[y, x].sum()
        q = after
    return q


def linear(photo, changes, values):
    single = np.zeros((HEIGHT, WIDTH, 4))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            at = list(window(y, x, 1))
            colors = np.array([photo[p] for p in at])
            target = np.array([values[p] for p in at])
            mean = colors.mean(0)
            covariance = colors.T @ colors / len(at) - np.outer(mean, mean) + EPSILON * np.eye(3)
            a = np.linalg.solve(covariance, colors.T @ target / len(at) - mean * target.mean())
            single[y, x] = *a, target.mean() - a @ mean
    result = values.copy()
    for y in range(HEIGHT):
        for x in range(WIDTH):
            if changes[y, x]:
                model = np.mean([single[p] for p in window(y, x, 1) if changes[p]], axis=0)
                result[y, x] = model[:3] @ photo[y, x] + model[3]
    return result


random = np.random.default_rng(18)
colors = np.where(np.arange(WIDTH)[None, :, None] < 7, 90, 110) + random.integers(-12, 13, (HEIGHT, WIDTH, 3))
photo = colors / 255
changes = random.random((HEIGHT, WIDTH)) < 0.8
found = random.dirichlet(np.ones(CLASSES), (HEIGHT, WIDTH)).astype(np.float32).astype(np.float64)
solved = mean_field(photo, changes, found)
modeled = linear(photo, changes, found[:, :, 0])

everywhere = linear(photo, np.ones_like(changes), found[:, :, 0])
# OpenCV raises an epsilon below 0.01, so colors are 0 to 255 here.
guide, target = (255 * a.astype(np.float32) for a in (photo, found[:, :, 0]))
opencv = cv2.ximgproc.guidedFilter(guide, target, 1, EPSILON * 255**2) / 255
assert np.abs(everywhere - opencv)[2:-2, 2:-2].max() < 1e-5

print("# made by guide_golden.py with numpy", np.__version__, "and OpenCV", cv2.__version__)
print(WIDTH, HEIGHT)
print(*colors.ravel())
print(*changes.astype(int).ravel())
for c in range(CLASSES):
    print(*(f"{p:.9g}" for p in found[:, :, c].ravel()))
    print(*(f"{p:.7f}" for p in solved[:, :, c].ravel()))
print(*(f"{v:.7f}" for v in modeled.ravel()))
