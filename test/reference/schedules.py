"""The fast and the quick schedule of native/attribution/descent_schedule.h, put into the plain PyTorch loop of
bench/speed/eager_ep.py.

Takes that script's options, --schedule fast or quick, and --found-before for a run whose mask has its place already. The loop
is its own; only its optimiser is another one.
"""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "speed"))

import eager_ep  # noqa: E402

QUICK = "--schedule=quick" in sys.argv
FOUND_BEFORE = "--found-before" in sys.argv
sys.argv = [word for word in sys.argv if not word.startswith("--schedule=") and word != "--found-before"]
ITERATIONS = int(next(word for word in sys.argv if word.startswith("--iterations=")).split("=")[1])
FAST_CORNERS = [0, 5 / 12, 1 / 2, 5 / 6, 1], [1, 1, 5, 5, 0.2]
QUICK_CORNERS = [0, 0.3, 0.4, 0.9, 1], [1, 1, 4, 4, 0.5]
LONGEST, AREA_SPARED = ((1, 16) if FOUND_BEFORE else (0.5, 8)) if QUICK else (0.3, None)
QUICK_MOMENTUM = 0.8


class TorchWith:
    """The loop's torch, with another backward."""

    def __init__(self, backward):
        self.autograd = SimpleNamespace(backward=backward, grad=torch.autograd.grad)

    def __getattr__(self, name: str):
        return getattr(torch, name)


class KnownModulation(eager_ep.FrequencyModulation):
    """F-EP's modulation, which the optimiser has to know to modulate the reward's part alone."""

    def __init__(self, *shape_and_bands):
        super().__init__(*shape_and_bands)
        ScheduledSGD.modulate = self


class ScheduledSGD(torch.optim.SGD):
    """SGD whose learning rate follows the corners, and whose gradients are limited while it is above its own."""

    modulate = staticmethod(lambda gradient: gradient)

    def __init__(self, parameters, lr: float, momentum: float, dampening: float):
        if QUICK:
            momentum = dampening = QUICK_MOMENTUM
        super().__init__(parameters, lr=lr, momentum=momentum, dampening=dampening)
        self.slow, self.iteration = lr * (parameters[0].numel() / (16 * 9 * 9)), 0
        if QUICK:
            eager_ep.torch = TorchWith(backward=self.backward_apart)

    def backward_apart(self, tensors, gradients):
        """First of what depends on the clip, the reward, then of the area."""
        (parameter,) = self.param_groups[0]["params"]
        torch.autograd.backward(tensors[:1], gradients[:1], retain_graph=True)
        self.reward = parameter.grad.clone()
        torch.autograd.backward(tensors[1:], gradients[1:])

    def step(self):
        corners, rates = QUICK_CORNERS if QUICK else FAST_CORNERS
        begin = corners[2] if FOUND_BEFORE else 0
        rate = np.interp(begin + (1 - begin) * self.iteration / ITERATIONS, corners, rates)
        self.iteration += 1
        (group,) = self.param_groups
        group["lr"] = rate * self.slow
        if rate > 1:
            (parameter,) = group["params"]
            scale = ((LONGEST / group["lr"]) / parameter.grad.abs().max()).clamp(max=1)
            parameter.grad = self.limited(parameter.grad, scale)
        super().step()

    def limited(self, gradient: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        if not QUICK:
            return gradient * scale
        reward = self.modulate(self.reward)
        return reward * scale + (gradient - reward) * (AREA_SPARED * scale).clamp(max=1)


torch.optim.SGD = ScheduledSGD
eager_ep.FrequencyModulation = KnownModulation
eager_ep.main()
