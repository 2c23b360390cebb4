"""What a mask may be asked (native/attribution/reward.h, frames_budget.h), put into the plain PyTorch loop of
bench/speed/eager_ep.py: `--variant` preserve, delete or dual, and `--frames`, the share of the frames that it may use.

Takes that script's options too, a target among them. The loop is its own; only what it calls is another.
"""

import math
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "speed"))

import eager_ep  # noqa: E402


def take(name: str) -> str:
    """The value of an option that the other script does not know."""
    word = next(word for word in sys.argv if word.startswith(f"--{name}="))
    sys.argv.remove(word)
    return word.split("=")[1]


VARIANT, FRAMES = take("variant"), float(take("frames"))
ITERATIONS = int(next(word for word in sys.argv if word.startswith("--iterations=")).split("=")[1])
perturb, forward = eager_ep.perturb, eager_ep.forward


def perturb_both(pyramid: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """What the mask keeps and what it leaves, one behind the other."""
    return torch.cat([perturb(pyramid, mask), perturb(pyramid, 1 - mask)])


def forward_both(run: eager_ep.Run, frames: torch.Tensor) -> torch.Tensor:
    """Φ of the one half times 1 − Φ of the other, so that its logarithm is the sum of both."""
    kept, left = frames.chunk(2)
    return forward(run, kept) * (1 - forward(run, left))


class FramesBudgetSGD(torch.optim.SGD):
    """SGD after whose updates a bound falls on the frames that hold least: from the middle of the run, for a quarter of it."""

    iteration, left_out = 0, None

    def step(self):
        super().step()
        self.iteration += 1
        bound = min(max(1 - (self.iteration / ITERATIONS - 0.5) / 0.25, 0), 1)
        parameters = self.param_groups[0]["params"][0].data
        if bound < 1 and self.left_out is None:
            held = parameters.clamp(0, 1).mean((1, 2, 3))
            self.left_out = held.argsort()[: len(held) - math.ceil(FRAMES * len(held))]
        if bound < 1:
            parameters[self.left_out] = parameters[self.left_out].clamp(max=bound)


if VARIANT == "delete":
    eager_ep.perturb = lambda pyramid, mask: perturb(pyramid, 1 - mask)
    eager_ep.forward = lambda run, frames: 1 - forward(run, frames)
if VARIANT == "dual":
    eager_ep.perturb, eager_ep.forward = perturb_both, forward_both
if FRAMES < 1:
    torch.optim.SGD = FramesBudgetSGD
eager_ep.main()
