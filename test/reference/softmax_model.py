"""A model that ends in softmax, from one that ends in logits.

softmax_model.py MODEL FILE
"""

import sys

import torch
from torch import Tensor, nn


class Probabilities(nn.Module):
    def __init__(self, logits: nn.Module) -> None:
        super().__init__()
        self.logits = logits

    def forward(self, x: Tensor) -> Tensor:
        return self.logits(x).softmax(dim=1)


torch.jit.save(torch.jit.script(Probabilities(torch.jit.load(sys.argv[1]))), sys.argv[2])
