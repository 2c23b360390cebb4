"""The search for the smallest mask (native/attribution/budget_search.h), put into the plain PyTorch loop with another
schedule of schedules.py.

Takes the options of both, and --initial, a .npy file of parameters to begin with, where the rate is highest; --enough, the
most energy that the reward of a mask may have. Budgets count the canvas, sizes the frame.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "speed"))

import eager_ep  # noqa: E402


def take(name: str) -> str:
    """The value of an option that the other scripts do not know."""
    word = next(word for word in sys.argv if word.startswith(f"--{name}="))
    sys.argv.remove(word)
    return word.split("=")[1]


INITIAL, ENOUGH = np.load(take("initial")), float(take("enough"))
FIRST = float(next(word for word in sys.argv if word.startswith("--area=")).split("=")[1])
now = SimpleNamespace(budget=FIRST, size=1.0, frame=1.0, probability=1.0, misses=0)
crop, forward, area_energy = eager_ep.MaskGenerator.crop, eager_ep.forward, eager_ep.area_energy


def seen_crop(generator, canvas: torch.Tensor) -> torch.Tensor:
    mask = crop(generator, canvas)
    now.frame = mask.numel() / canvas.numel()
    now.size = max((mask >= 0.5).float().mean().item(), mask.mean().item())
    return mask


def seen_forward(run: eager_ep.Run, frames: torch.Tensor) -> torch.Tensor:
    probabilities = forward(run, frames)
    now.probability = probabilities[run.target].item()
    return probabilities


def followed_area_energy(canvas: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
    energy = area_energy(canvas, eager_ep.area_reference(canvas.numel(), now.budget))
    is_enough = -100 * np.log(now.probability) <= ENOUGH
    now.misses = 0 if is_enough else now.misses + 1
    now.budget = min(1.0, now.frame * now.size * (0.15 if is_enough else 1.5**now.misses))
    return energy


ones = torch.ones


def ones_or_initial(*shape, **options):
    """The loop's parameters are all 1 at first; these are another run's."""
    if not options.get("requires_grad"):
        return ones(*shape, **options)
    return torch.from_numpy(INITIAL).reshape(shape).requires_grad_()


eager_ep.MaskGenerator.crop, eager_ep.forward = seen_crop, seen_forward
eager_ep.area_energy, torch.ones = followed_area_energy, ones_or_initial
sys.argv.append("--found-before")
import schedules  # noqa: E402, F401
