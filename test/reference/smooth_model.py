"""A model without a kink: what rounds otherwise in it stays a rounding.

    smooth_model.py FILE

Of a ReLU model's hundreds of thousands of units some are always within a rounding of 0. One that changes sides
moves the gradient by as much as its share of it, and momentum carries that on from iteration to iteration.
"""

import sys

import torch
from torch import Tensor, nn


class Smooth(nn.Module):
    """N×3×T×H×W to N×8 logits."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            *(nn.Conv3d(3, 16, (1, 7, 7), (1, 2, 2), (0, 3, 3)), nn.SiLU()),
            *(nn.Conv3d(16, 57, (1, 3, 3), (1, 2, 2), (0, 1, 1)), nn.SiLU()),
            *(nn.Conv3d(57, 32, (3, 1, 1), (2, 1, 1), (1, 0, 0)), nn.SiLU()),
            *(nn.Conv3d(32, 115, (1, 3, 3), (1, 2, 2), (0, 1, 1)), nn.SiLU()),
            *(nn.Conv3d(115, 32, (3, 1, 1), (2, 1, 1), (1, 0, 0)), nn.SiLU()),
        )
        self.classifier = nn.Sequential(nn.Linear(32, 115), nn.SiLU(), nn.Linear(115, 8))
        for weight in self.parameters():
            if weight.dim() > 1:
                nn.init.kaiming_normal_(weight)

    def forward(self, x: Tensor) -> Tensor:
        return 20 * self.classifier(self.features(x).mean(dim=[2, 3, 4]))


torch.manual_seed(3)
torch.jit.save(torch.jit.script(Smooth().eval()), sys.argv[1])
