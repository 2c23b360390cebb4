"""Whether a network's answer is logits or probabilities, by what it answers and by its last operators."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

#: Operators that pass probabilities on as probabilities: they move, pick or average them.
PASSING = (
    "Alias",
    "AsStrided",
    "Cat",
    "Clone",
    "Expand",
    "Index",
    "Mean",
    "Permute",
    "Reshape",
    "Select",
    "Slice",
    "Split",
    "Squeeze",
    "Stack",
    "T",
    "ToCopy",
    "Transpose",
    "Unbind",
    "Unsafe",
    "Unsqueeze",
    "View",
)

#: How far sums of probabilities may be from one.
TOLERANCE = 1e-4


def activation_of(answer: Tensor, another: Callable[[], Tensor]) -> str:
    """
    `softmax` where two answers are probabilities that sum to one, `sigmoid` where it ends so, else `logits`.

    The logarithms of a log-softmax are logits: their softmax is their exponential. That small logits lie
    between 0 and 1 says nothing, so a sigmoid has to be seen among the operators.
    @param answer: with its gradient's graph
    @param another: answers to another clip
    """
    if answer.shape[1] > 1 and is_distribution(answer) and is_distribution(another()):
        return "softmax"
    return "sigmoid" if ends_in(answer, "Sigmoid") else "logits"


def is_distribution(answer: Tensor) -> bool:
    answer = answer.detach()
    sums = answer.sum(1)
    return bool((answer >= 0).all() and torch.allclose(sums, torch.ones_like(sums), atol=TOLERANCE))


def ends_in(answer: Tensor, operator: str) -> bool:
    """Whether this operator's values become the answer by being moved, picked or averaged alone."""
    found, waiting = False, [answer.grad_fn]
    while waiting:
        node = waiting.pop()
        name = type(node).__name__.rstrip("0123456789").removesuffix("Backward")
        if name == operator:
            found = True
        elif name in PASSING or name.startswith("Unsafe"):
            waiting += [inner for inner, _ in node.next_functions]
        else:
            return False
    return found
