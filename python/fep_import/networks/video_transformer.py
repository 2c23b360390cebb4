"""A small video transformer whose tokens are patches of space and time (Arnab et al., "ViViT", 2021).

There is no published checkpoint of this network. With random weights it shows that a model without any layer
of spatial extent can be explained too. Patches are extracted and multiplied by a matrix instead of convolved,
so that Grad-CAM has no layer to use.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

#: Extent of a patch along T, H and W.
PATCH = (2, 16, 16)


class Attention(nn.Module):
    """Multi-head attention over all patches."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        clips, words, width = x.shape
        query, key, value = (
            self.qkv(x).reshape(clips, words, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        )
        seen = F.scaled_dot_product_attention(query, key, value)
        return self.project(seen.transpose(1, 2).reshape(clips, words, width))


class Block(nn.Module):
    """Attention and a feed-forward layer for each token, both with a shortcut."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VideoTransformer(nn.Module):
    """Clips N×3×T×H×W, whose sizes are multiples of the patch, to logits N×classes."""

    layout = "NCTHW"

    def __init__(
        self, classes: int, frames: int, size: int, width: int = 96, depth: int = 4, heads: int = 3
    ) -> None:
        super().__init__()
        time, height, side = PATCH
        if frames % time or size % height:
            raise ValueError(f"frames must be a multiple of {time}, the size one of {height}")
        self.embed = nn.Linear(3 * time * height * side, width)
        words = frames // time * (size // height) * (size // side)
        self.position = nn.Parameter(torch.zeros(1, words, width))
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.fc = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        clips, channels, frames, height, width = x.shape
        x = x.reshape(clips, channels, frames // 2, 2, height // 16, 16, width // 16, 16)
        patches = x.permute(0, 2, 4, 6, 1, 3, 5, 7).flatten(4).flatten(1, 3)
        words = self.blocks(self.embed(patches) + self.position)
        return self.fc(self.norm(words).mean(dim=1))
