"""A video transformer for small clips: convolutions make tokens of space and time, which attend to one another.

Every token attends to all others, over space and time at once (Arnab et al., "ViViT: A Video Vision Transformer",
2021). The tokens come from a few convolutions in place of a cut into patches, with which a small transformer learns
from few clips (Xiao et al., "Early Convolutions Help Transformers See Better", 2021).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

import archive  # noqa: F401, which puts the exporters on the path
from r2plus1d import SpaceConv, TimeConv
from fep_import.networks.video_transformer import Attention


def positions(size: tuple[int, int, int], width: int, like: Tensor) -> Tensor:
    """T·H·W×width: sines and cosines of each token's place, in each axis as a share of its length.

    Shares make the same code fit clips of every size, so that training may begin on small ones.
    """
    count = width // 6
    waves = 2.0 ** (torch.arange(count, device=like.device, dtype=torch.float32) * (5.0 / count))
    axes = [
        (torch.arange(extent, device=like.device, dtype=torch.float32) + 0.5) / extent for extent in size
    ]
    parts = []
    for axis, share in enumerate(axes):
        angles = torch.pi * share[:, None] * waves
        code = torch.cat((angles.sin(), angles.cos()), dim=1)
        shape = [1, 1, 1, 2 * count]
        shape[axis] = size[axis]
        parts.append(code.reshape(shape).expand(size[0], size[1], size[2], 2 * count))
    return torch.cat(parts, dim=3).reshape(-1, 6 * count).to(like.dtype)


class Block(nn.Module):
    """Attention, then two layers for each token alone; each with layer norm before and a shortcut around."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.before_attention = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.before_layers = nn.LayerNorm(width)
        self.layers = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.before_attention(x))
        return x + self.layers(self.before_layers(x))


class VideoTransformerMini(nn.Module):
    """Clips N×3×T×H×W to logits N×classes; the last tokens are N×96×T/2×H/16×W/16."""

    layout = "NCTHW"
    cam_layer = "tokens"

    def __init__(self, classes: int, width: int = 96, depth: int = 3, heads: int = 4) -> None:
        super().__init__()
        self.width = width
        self.stem = nn.Sequential(
            SpaceConv(3, 16, kernel=5, stride=2),
            nn.ReLU(),
            TimeConv(16, 24),
            nn.ReLU(),
            SpaceConv(24, 32, stride=2),
            nn.ReLU(),
            TimeConv(32, 48, stride=2),
            nn.ReLU(),
            SpaceConv(48, 64, stride=2),
            nn.ReLU(),
            SpaceConv(64, width, stride=2),
        )
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        #: The last tokens in their place in space and time, for Grad-CAM.
        self.tokens = nn.Identity()
        self.norm = nn.LayerNorm(width)
        self.classifier = nn.Linear(width, classes)

    @torch.jit.export
    def features(self, x: Tensor) -> Tensor:
        """The last tokens, N×C×T'×H'×W'."""
        maps = self.stem(x)
        clips, width, frames, height, across = maps.shape
        tokens = maps.flatten(2).transpose(1, 2)
        tokens = self.blocks(tokens + positions((frames, height, across), self.width, tokens))
        return self.tokens(tokens.transpose(1, 2).reshape(clips, width, frames, height, across))

    @torch.jit.export
    def head(self, features: Tensor) -> Tensor:
        """Logits from the mean of the last tokens, each after layer norm."""
        return self.classifier(self.norm(features.flatten(2).transpose(1, 2)).mean(dim=1))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))
