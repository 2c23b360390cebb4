"""A model with everything that makes layers hard to find, and Grad-CAM at its layers by PyTorch's own hooks.

    layered_model.py FOLDER

Writes scripted.pt and traced.pt, clip.npy (C×T×H×W), shapes.json (what each module returns for the clip, the last
time it runs; of a tuple, its first entry) and <layer>-<weights>.npy (T×H×W).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch
from attributions import enlarge, grad_cam
from torch import Tensor, nn

TARGET = 2
FRAMES, SIZE = 4, 24
LAYERS = {"stem.0": "tchw", "blocks.1": "tchw", "relu": "tchw", "usual": "tchw", "unfold": "ntchw", "deep.net.1": "ncthw"}


class Unfold(nn.Module):
    """N·T×C×H×W to N×T×C×H×W."""

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(-1, 4, x.size(1), x.size(2), x.size(3))


class Pair(nn.Module):
    """Returns more than a tensor, as some layers do."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x, x * 0.5


class Deep(nn.Module):
    """Three-dimensional layers, two levels down."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Conv3d(6, 6, 3, padding=1), nn.Conv3d(6, 5, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class Layered(nn.Module):
    """N×T×3×H×W to N×classes."""

    def __init__(self, branching: bool) -> None:
        super().__init__()
        self.branching = branching
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3, 2, 1), nn.ReLU(inplace=True), nn.BatchNorm2d(6))
        self.blocks = nn.ModuleList([nn.Conv2d(6, 6, 3, 1, 1) for _ in range(2)])
        self.relu = nn.ReLU()
        self.usual = nn.Conv2d(6, 6, 1)
        self.rare = nn.Conv2d(6, 6, 1)
        self.same = nn.Identity()
        self.unfold = Unfold()
        self.pair = Pair()
        self.deep = Deep()
        self.classifier = nn.Linear(5, 4)

    def forward(self, x: Tensor) -> Tensor:
        y = self.stem(x.reshape(-1, 3, x.size(3), x.size(4)))
        for block in self.blocks:
            y = self.relu(block(y)) + self.same(y)
        if self.branching:
            if bool(y.mean() > 1e6):
                y = self.rare(y)
            else:
                y = self.usual(y)
        else:
            y = self.usual(y)
        clips, half = self.pair(self.unfold(y))
        maps = self.deep((clips + half).transpose(1, 2))
        return self.classifier(maps.relu().mean(dim=[2, 3, 4]))


def watch(network: nn.Module, name: str, clip: Tensor) -> tuple[Tensor, Tensor]:
    """A layer's output and the target's gradient with respect to it."""
    seen: list[Tensor] = []

    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        seen.append(output)
        return output.clone()

    handle = network.get_submodule(name).register_forward_hook(hook)
    score = network(clip)[0, TARGET]
    handle.remove()
    return seen[-1].detach(), torch.autograd.grad(score, seen[-1])[0]


def as_maps(output: Tensor, kind: str) -> np.ndarray:
    """C×T×H×W."""
    if kind == "tchw":
        output = output.transpose(0, 1)
    elif kind == "ntchw":
        output = output[0].transpose(0, 1)
    else:
        output = output[0]
    return output.double().numpy()


def shapes(network: nn.Module, clip: Tensor) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}

    def note(name: str) -> None:
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor | tuple[Tensor, ...]) -> None:
            first = output[0] if isinstance(output, tuple) else output
            found[name] = list(first.shape)

        network.get_submodule(name).register_forward_hook(hook)

    for name, _ in network.named_modules():
        if name:
            note(name)
    network(clip)
    return found


def main(folder: Path) -> None:
    torch.manual_seed(11)
    clip = torch.randn(1, FRAMES, 3, SIZE, SIZE, requires_grad=True)
    network = Layered(branching=True).eval()
    torch.jit.save(torch.jit.script(network), str(folder / "scripted.pt"))
    straight = Layered(branching=False).eval()
    straight.load_state_dict(network.state_dict())
    torch.jit.save(torch.jit.trace(straight, clip.detach()), str(folder / "traced.pt"))
    np.save(folder / "clip.npy", clip.detach()[0].transpose(0, 1).contiguous().numpy())
    for name, kind in LAYERS.items():
        output, gradient = (as_maps(t, kind) for t in watch(network, name, clip))
        for weights in ("clip", "frame"):
            cam = enlarge(grad_cam(output, gradient, weights == "frame"), (FRAMES, SIZE, SIZE))
            np.save(folder / f"{name}-{weights}.npy", cam.astype(np.float32))
    (folder / "shapes.json").write_text(json.dumps(shapes(network, clip)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
