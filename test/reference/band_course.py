"""F-EP's bands that open from coarse to fine (native/attribution/frequency_modulation.h), put into the plain PyTorch loop of
bench/speed/eager_ep.py.

Takes that script's options, and --course-begin and --course-end. The loop is its own; only its modulation is another one.
"""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "speed"))

import eager_ep  # noqa: E402


def take(name: str) -> float:
    """The value of an option that the other script does not know."""
    word = next(word for word in sys.argv if word.startswith(f"--{name}="))
    sys.argv.remove(word)
    return float(word.split("=")[1])


BEGIN, END = take("course-begin"), take("course-end")
ITERATIONS = int(next(word for word in sys.argv if word.startswith("--iterations=")).split("=")[1])


class OpeningModulation:
    """A modulation of its own for every iteration; none once the bands are open."""

    def __init__(self, shape: tuple[int, int, int], low: float, high: float):
        self.shape, self.low, self.high, self.iteration = shape, low, high, 0

    def __call__(self, gradient: torch.Tensor) -> torch.Tensor:
        share = self.iteration / ITERATIONS
        self.iteration += 1
        if share >= END:
            return gradient
        opened = max(0.0, (share - BEGIN) / (END - BEGIN))
        low, high = self.low + opened * (1 - self.low), self.high * (1 - opened)
        return CONSTANT(self.shape, low, high)(gradient)


CONSTANT = eager_ep.FrequencyModulation
eager_ep.FrequencyModulation = OpeningModulation
eager_ep.main()
