"""What PyTorch computes for losses, optimizers, gradient clipping, and schedules.

Run from the top of the repository (torch 1.13):

    /usr/bin/python3 segmentation-training/src/test/python/training_golden.py

It writes to segmentation-training/src/test/resources/io/github/pixelwise/training/ the files below.
Values are lists of numbers, separated by spaces.

    losses.properties
        INPUT.scores    logits, float32, pictures x channels x rows x columns
        INPUT.shape     their shape
        INPUT.targets   class numbers, 255 where ignored
        INPUT/CASE      the loss and its gradient with respect to the scores
    optimizers.properties
        weights, gradients         six and four weights, and their gradients for 20 steps
        CASE.STEP                  the weights after a step; their rates are 0.05 and 0.005, and the
                                   weight decay is for the first six only
        clip.LIMIT                 the norm of all gradients of the first step, and the clipped ones
    schedules.properties
        steps, stepsPerEpoch       the length of the run
        CASE                       the factor of each step
        METRIC.metrics             a metric after each epoch
        METRIC/CASE                the factor after 0, 1, 2, ... epochs

Losses are computed in float64 from their definitions, except for cross-entropy, which is PyTorch's.
The tests compare float32 with them, so they cannot be equal. Where PyTorch would give NaN because
all pixels are ignored, the loss is 0.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

OUTPUT = Path("segmentation-training/src/test/resources/io/github/pixelwise/training")
IGNORED = 255


def text(values):
    return " ".join("%.9g" % (value + 0.0) for value in values)  # without -0


def exact(values):
    return " ".join(repr(float(value)) for value in values)


def write(name, lines):
    content = "".join("%s = %s\n" % line for line in lines)
    (OUTPUT / name).write_text(content)


# Losses


def pixels(scores, targets):
    """Scores [pixels, channels] and classes of the pixels that count."""
    valid = targets != IGNORED
    return scores.permute(0, 2, 3, 1)[valid], targets[valid]


def likelihoods(scores, classes):
    """The probability of the true class."""
    if scores.shape[1] == 1:
        foreground = 1 / (1 + torch.exp(-scores[:, 0]))
        return torch.where(classes == 1, foreground, 1 - foreground)
    odds = torch.exp(scores)
    return (odds / odds.sum(1, keepdim=True))[torch.arange(len(classes)), classes]


def cross_entropy(weights=None, smoothing=0.0):
    def loss(scores, classes):
        weight = None if weights is None else torch.tensor(weights, dtype=torch.float64)
        if scores.shape[1] > 1:
            return F.cross_entropy(scores, classes, weight, label_smoothing=smoothing)
        smooth = classes * (1 - smoothing) + smoothing / 2
        weight = torch.ones(2, dtype=torch.float64) if weight is None else weight
        losses = F.binary_cross_entropy_with_logits(scores[:, 0], smooth, reduction="none")
        return (losses * weight[classes]).sum() / weight[classes].sum()

    return loss


def focal(gamma, weights=None):
    def loss(scores, classes):
        p = likelihoods(scores, classes)
        losses = -((1 - p) ** gamma) * torch.log(p)
        if weights is not None:
            losses = losses * torch.tensor(weights, dtype=torch.float64)[classes]
        return losses.mean()

    return loss


def ohem(threshold, kept):
    """kept: the least number of pixels of the two pictures together."""

    def loss(scores, classes):
        p = likelihoods(scores, classes)
        ranked = sorted(p.tolist())
        limit = max(threshold, ranked[min(kept, len(ranked) - 1)])
        hard = p < limit
        return -torch.log(p[hard]).mean() if hard.any() else 0 * p.sum()

    return loss


def of_classes(class_loss):
    """The mean over the classes that occur; for one channel, class 1 only."""

    def loss(scores, classes):
        if scores.shape[1] == 1:
            probabilities = {1: torch.sigmoid(scores[:, 0])}
        else:
            probabilities = dict(enumerate(torch.softmax(scores, 1).unbind(1)))
        losses = [
            class_loss(p, classes == number)
            for number, p in probabilities.items()
            if (classes == number).any()
        ]
        return sum(losses) / len(losses) if losses else 0 * scores.sum()

    return loss


def dice(p, truth):
    return 1 - 2 * (p * truth).sum() / (p.sum() + truth.sum())


def lovasz(p, truth):
    """The Lovasz extension of the Jaccard loss, by its definition as a sum over growing sets."""
    errors = torch.abs(truth.double() - p)
    total, before, wrong = 0, 0, 0
    union = int(truth.sum())
    for index in torch.sort(errors, descending=True, stable=True)[1].tolist():
        wrong += 1
        union += 0 if truth[index] else 1
        jaccard_loss = wrong / union
        total = total + errors[index] * (jaccard_loss - before)
        before = jaccard_loss
    return total


def plus(*terms):
    return lambda scores, classes: sum(factor * loss(scores, classes) for factor, loss in terms)


DICE, LOVASZ = of_classes(dice), of_classes(lovasz)

COMMON = {
    "cross-entropy": cross_entropy(),
    "cross-entropy-smooth": cross_entropy(smoothing=0.1),
    "focal-0": focal(0),
    "focal-0.5": focal(0.5),
    "focal-2": focal(2),
    "focal-5": focal(5),
    "ohem-threshold": ohem(0.6, 0),
    "ohem-kept": ohem(0.0, 14),
    "ohem-both": ohem(0.1, 10),
    "ohem-all": ohem(0.5, 1000),
    "ohem-none": ohem(1e-6, 0),
    "dice": DICE,
    "lovasz": LOVASZ,
    "sum": plus((1, cross_entropy()), (0.5, DICE), (3, focal(2))),
}
FOUR = {
    "cross-entropy-weights": cross_entropy([1, 0.25, 3, 2]),
    "cross-entropy-weights-smooth": cross_entropy([1, 0.25, 3, 2], 0.2),
    "focal-weights": focal(2, [0.25, 0.75, 1, 2]),
}
TWO = {
    "cross-entropy-weights": cross_entropy([0.3, 2]),
    "focal-weights": focal(2, [0.75, 0.25]),
}


def losses():
    torch.manual_seed(1)
    shape = (2, 4, 4, 5)
    four = 2 * torch.randn(shape)
    one = 2 * torch.randn(2, 1, 4, 5)
    ignored = torch.rand(2, 4, 5) < 0.2
    three = torch.randint(0, 3, (2, 4, 5)).masked_fill(ignored, IGNORED)  # never class 3
    two = torch.randint(0, 2, (2, 4, 5)).masked_fill(ignored, IGNORED)
    zero = torch.zeros_like(two).masked_fill(ignored, IGNORED)
    nothing = torch.full_like(two, IGNORED)
    inputs = {
        "four": (four, three, {**COMMON, **FOUR}),
        "four-ignored": (four, nothing, {**COMMON, **FOUR}),
        "one": (one, two, {**COMMON, **TWO}),
        "one-background": (one, zero, {"dice": DICE, "lovasz": LOVASZ, "focal-2": focal(2)}),
        "one-ignored": (one, nothing, {**COMMON, **TWO}),
    }
    for name, (scores, targets, cases) in inputs.items():
        yield name + ".shape", text(scores.shape)
        yield name + ".scores", text(scores.flatten().tolist())
        yield name + ".targets", text(targets.flatten().tolist())
        for case, loss in cases.items():
            leaf = scores.double().requires_grad_()
            kept, classes = pixels(leaf, targets)
            value = loss(kept, classes) if len(classes) else 0 * leaf.sum()
            (gradient,) = torch.autograd.grad(value, leaf)
            yield name + "/" + case, text([value.item()] + gradient.flatten().tolist())


# Optimizers

OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {}),
    "sgd-decay": (torch.optim.SGD, {"weight_decay": 0.1}),
    "sgd-momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "sgd-dampening": (torch.optim.SGD, {"momentum": 0.8, "dampening": 0.3, "weight_decay": 0.01}),
    "sgd-nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    "adam": (torch.optim.Adam, {}),
    "adam-decay": (torch.optim.Adam, {"weight_decay": 0.1}),
    "adam-betas": (torch.optim.Adam, {"betas": (0.5, 0.9), "eps": 0.001}),
    "adamw": (torch.optim.AdamW, {"weight_decay": 0.01}),
    "adamw-decay": (torch.optim.AdamW, {"weight_decay": 0.3}),
    "rmsprop": (torch.optim.RMSprop, {}),
    "rmsprop-decay": (torch.optim.RMSprop, {"weight_decay": 0.1}),
    "rmsprop-momentum": (torch.optim.RMSprop, {"momentum": 0.9}),
    "rmsprop-centered": (torch.optim.RMSprop, {"centered": True}),
    "rmsprop-all": (
        torch.optim.RMSprop,
        {"alpha": 0.9, "eps": 1e-7, "momentum": 0.5, "centered": True, "weight_decay": 0.01},
    ),
}


def optimizers():
    torch.manual_seed(2)
    start = torch.randn(10)
    gradients = torch.randn(20, 10)
    yield "weights", text(start.tolist())
    yield "gradients", text(gradients.flatten().tolist())
    for name, (kind, settings) in OPTIMIZERS.items():
        weights = [start[:6].clone().view(3, 2), start[6:].clone()]
        decayed, plain = {**settings, "lr": 0.05}, {**settings, "lr": 0.005, "weight_decay": 0}
        optimizer = kind([{"params": weights[0], **decayed}, {"params": weights[1], **plain}], lr=1)
        for step in range(1, 21):
            row = gradients[step - 1]
            weights[0].grad, weights[1].grad = row[:6].clone().view(3, 2), row[6:].clone()
            optimizer.step()
            if step in (1, 2, 10, 20):
                yield "%s.%s" % (name, step), text(
                    weights[0].flatten().tolist() + weights[1].tolist()
                )
    for limit in 0.5, 100.0:
        parts = [gradients[0][:6].clone(), gradients[0][6:].clone()]
        for part in parts:
            part.grad = part.clone()
        norm = torch.nn.utils.clip_grad_norm_(parts, limit)
        yield "clip.%s" % limit, text(
            [norm.item()] + parts[0].grad.tolist() + parts[1].grad.tolist()
        )


# Schedules

STEPS, PER_EPOCH = 40, 8


def rates(make, repeat=1):
    """The rate of every step. The schedule advances every `repeat` steps."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    schedule = make(optimizer)
    result = []
    for step in range(STEPS):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if (step + 1) % repeat == 0 and step + 1 < STEPS:
            schedule.step()
    return exact(result)


def after_warm_up(steps, start, make):
    def both(optimizer):
        warm = lr_scheduler.LinearLR(optimizer, start, 1.0, steps)
        return lr_scheduler.SequentialLR(optimizer, [warm, make(optimizer)], [steps])

    return both


def one_cycle(warm_share, divisor, end_divisor):
    return lambda optimizer: lr_scheduler.OneCycleLR(
        optimizer,
        1.0,
        total_steps=STEPS,
        pct_start=warm_share,
        cycle_momentum=False,
        div_factor=divisor,
        final_div_factor=end_divisor,
    )


def plateau(metrics, mode, **settings):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    schedule = lr_scheduler.ReduceLROnPlateau(optimizer, mode, **settings)
    result = [1.0]
    for metric in metrics:
        schedule.step(metric)
        result.append(optimizer.param_groups[0]["lr"])
    return exact(result)


def schedules():
    yield "steps", STEPS
    yield "stepsPerEpoch", PER_EPOCH
    yield "poly", rates(lambda o: lr_scheduler.PolynomialLR(o, STEPS, 0.9))
    yield "poly-2", rates(lambda o: lr_scheduler.PolynomialLR(o, STEPS, 2.0))
    yield "step", rates(lambda o: lr_scheduler.StepLR(o, 2, 0.5), PER_EPOCH)
    yield "milestones", rates(lambda o: lr_scheduler.MultiStepLR(o, [1, 3], 0.3), PER_EPOCH)
    yield "cosine", rates(lambda o: lr_scheduler.CosineAnnealingLR(o, STEPS))
    yield "cosine-0.05", rates(lambda o: lr_scheduler.CosineAnnealingLR(o, STEPS, 0.05))
    yield "one-cycle", rates(one_cycle(0.3, 25.0, 1e4))
    yield "one-cycle-late", rates(one_cycle(0.62, 10.0, 100.0))
    yield "constant-warm", rates(lambda o: lr_scheduler.LinearLR(o, 0.001, 1.0, 7))
    yield "poly-warm", rates(
        after_warm_up(7, 0.1, lambda o: lr_scheduler.PolynomialLR(o, STEPS - 7, 0.9))
    )
    yield "step-warm", rates(
        after_warm_up(5, 0.25, lambda o: lr_scheduler.StepLR(o, 2 * PER_EPOCH, 0.5))
    )
    mean_iou = [0.1, 0.3, 0.3, 0.30001, 0.29, 0.31, 0.2, 0.2, 0.2, 0.2, 0.2, 0.5, 0.504, 0.506, 0.4]
    loss = [2.0, 1.5, 1.5, 1.49999, 1.6, 1.2, 1.2, 1.2, 1.2, 1.2, float("nan"), 1.3, 1.191, 1.19, 1]
    yield "MEAN_IOU.metrics", exact(mean_iou)
    yield "LOSS.metrics", exact(loss).replace("nan", "NaN")
    for metric, mode, values in ("MEAN_IOU", "max", mean_iou), ("LOSS", "min", loss):
        yield metric + "/plateau", plateau(values, mode, factor=0.1, patience=2, threshold=1e-4)
        yield metric + "/plateau-eager", plateau(
            values, mode, factor=0.5, patience=0, threshold=0.01
        )


write("losses.properties", losses())
write("optimizers.properties", optimizers())
write("schedules.properties", schedules())
