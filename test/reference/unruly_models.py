"""TorchScript models that do not behave: one that never answers, one that takes ever more memory.

    unruly_models.py FOLDER
"""

import sys
from pathlib import Path
from typing import List

import torch
from torch import Tensor, nn


class Loop(nn.Module):
    def forward(self, clips: Tensor) -> Tensor:
        n = 0
        while n >= 0:
            n = (n + 1) % 1000
        return clips.flatten(1)[:, :2] * n


class Hog(nn.Module):
    def forward(self, clips: Tensor) -> Tensor:
        kept: List[Tensor] = []
        while len(kept) < 1_000_000:
            kept.append(torch.rand([4_000_000]))
        return clips.flatten(1)[:, :2] + kept[0][0]


folder = Path(sys.argv[1])
torch.jit.script(Loop()).save(str(folder / "loop.pt"))
torch.jit.script(Hog()).save(str(folder / "hog.pt"))
