"""The fast schedule of native/attribution/descent_schedule.h, put into the plain PyTorch loop of bench/speed/eager_ep.py.

Takes that script's options. The loop is its own; only its optimiser is another one.
"""

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "bench" / "speed"))

import eager_ep  # noqa: E402

ITERATIONS = int(next(word for word in sys.argv if word.startswith("--iterations=")).split("=")[1])


class FastSGD(torch.optim.SGD):
    """SGD whose learning rate follows the corners, and whose gradients are limited while it is above its own."""

    def __init__(self, parameters, lr: float, **others):
        super().__init__(parameters, lr=lr, **others)
        self.slow, self.iteration = lr * (parameters[0].numel() / (16 * 9 * 9)), 0

    def step(self):
        rate = np.interp(self.iteration / ITERATIONS, [0, 5 / 12, 1 / 2, 5 / 6, 1], [1, 1, 5, 5, 0.2])
        self.iteration += 1
        (group,) = self.param_groups
        group["lr"] = rate * self.slow
        if rate > 1:
            (parameter,) = group["params"]
            parameter.grad = parameter.grad * ((0.3 / group["lr"]) / parameter.grad.abs().max()).clamp(max=1)
        super().step()


torch.optim.SGD = FastSGD
eager_ep.main()
