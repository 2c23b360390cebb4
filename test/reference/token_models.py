"""Small transformers over tokens of a clip, and Grad-CAM, attention rollout and gradient-weighted attention of them.

    token_models.py FOLDER

Writes of each network <name>.pt, traced, clip.npy (3×T×H×W) and, of those that have it, <name>-<what>.npy (T×H×W): by
PyTorch's hooks in float64, with the matrices of attention written out over all tokens.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from attributions import enlarge
from torch import Tensor, nn
from torch.nn import functional as F

TARGET, CLASSES, WIDTH, HEADS, DEPTH = 1, 4, 24, 3, 3
FRAMES, SIZE, PATCH = 4, 32, 8
SIDE = SIZE // PATCH
torch.set_num_threads(1)


class Attention(nn.Module):
    """Over the tokens of each entry of a batch; `fused`: without weights that anybody sees."""

    def __init__(self, fused: bool) -> None:
        super().__init__()
        self.fused = fused
        self.qkv, self.project = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.soft = nn.Softmax(-1)

    def forward(self, x: Tensor) -> Tensor:
        batch, tokens, _ = x.shape
        q, k, v = self.qkv(x).reshape(batch, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4).unbind(0)
        if self.fused:
            seen = F.scaled_dot_product_attention(q, k, v)
        else:
            seen = self.soft(q @ k.transpose(-2, -1) / q.size(-1) ** 0.5) @ v
        return self.project(seen.transpose(1, 2).reshape(batch, tokens, WIDTH))


class Mlp(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Linear(2 * WIDTH, WIDTH))


class Block(nn.Module):
    def __init__(self, fused: bool) -> None:
        super().__init__()
        self.norm1, self.attention = nn.LayerNorm(WIDTH), Attention(fused)
        self.norm2, self.mlp = nn.LayerNorm(WIDTH), Mlp()

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Joint(nn.Module):
    """All tokens attend to each other; tubelets of two frames, with a class token or the mean of all at the end."""

    def __init__(self, fused: bool, has_class: bool) -> None:
        super().__init__()
        self.embed = nn.Conv3d(3, WIDTH, (2, PATCH, PATCH), (2, PATCH, PATCH))
        self.token = nn.Parameter(torch.randn(1, 1, WIDTH)) if has_class else None
        self.blocks = nn.ModuleList(Block(fused) for _ in range(DEPTH))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x).flatten(2).transpose(1, 2)
        if self.token is not None:
            x = torch.cat([self.token.expand(x.size(0), -1, -1), x], 1)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return self.head(x[:, 0] if self.token is not None else x.mean(1))


class Patches(nn.Module):
    """Patches by a matrix: no layer shows the grid."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(3 * 2 * PATCH * PATCH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        x = x.reshape(-1, 3, FRAMES // 2, 2, SIDE, PATCH, SIDE, PATCH).permute(0, 2, 4, 6, 1, 3, 5, 7)
        return self.project(x.flatten(4).flatten(1, 3))


class Unknown(Joint):
    def __init__(self) -> None:
        super().__init__(True, False)
        self.embed = Patches()

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x).mean(1))


class DividedBlock(nn.Module):
    """Over the frames of each place, then over the places of each frame with the class token (Bertasius et al., 2021)."""

    def __init__(self, fused: bool) -> None:
        super().__init__()
        self.norm0, self.temporal = nn.LayerNorm(WIDTH), Attention(fused)
        self.norm1, self.spatial = nn.LayerNorm(WIDTH), Attention(fused)
        self.norm2, self.mlp = nn.LayerNorm(WIDTH), Mlp()

    def forward(self, x: Tensor) -> Tensor:
        token, patches = x[:, :1], x[:, 1:]
        places = patches.reshape(SIDE * SIDE, FRAMES, WIDTH)
        patches = patches + self.temporal(self.norm0(places)).reshape(1, -1, WIDTH)
        frames = patches.reshape(SIDE * SIDE, FRAMES, WIDTH).transpose(0, 1)
        frames = torch.cat([token.expand(FRAMES, -1, -1), frames], 1)
        seen = self.spatial(self.norm1(frames))
        by_place = seen[:, 1:].transpose(0, 1).reshape(1, -1, WIDTH)
        x = torch.cat([token + seen[:, :1].mean(0, keepdim=True), patches + by_place], 1)
        return x + self.mlp(self.norm2(x))


class Divided(nn.Module):
    """The tokens of a place follow each other in time."""

    def __init__(self, fused: bool) -> None:
        super().__init__()
        self.embed = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.token = nn.Parameter(torch.randn(1, 1, WIDTH))
        self.start = nn.Dropout()
        self.blocks = nn.ModuleList(DividedBlock(fused) for _ in range(DEPTH))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        frames = self.embed(x[0].transpose(0, 1)).flatten(2)  # T×C×places
        patches = frames.permute(2, 0, 1).reshape(1, -1, WIDTH)
        x = self.start(torch.cat([self.token, patches], 1))
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])


class Windows(Joint):
    """Attention within quarters of the tokens, half a frame each."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x).flatten(2).transpose(1, 2)
        for block in self.blocks:
            x = block(x.reshape(4, -1, WIDTH)).reshape(1, -1, WIDTH)
        return self.head(self.norm(x).mean(1))


class PerFrame(nn.Module):
    """A picture transformer on each frame, the mean of whose class tokens is classified."""

    def __init__(self, fused: bool) -> None:
        super().__init__()
        self.embed = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.token = nn.Parameter(torch.randn(1, 1, WIDTH))
        self.blocks = nn.ModuleList(Block(fused) for _ in range(DEPTH))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x[0].transpose(0, 1)).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(FRAMES, -1, -1), x], 1)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0].mean(0, keepdim=True))


class ChannelsLast(nn.Module):
    """Maps with channels as the last axis, as transformers over windows have them."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Conv3d(3, WIDTH, (2, PATCH, PATCH), (2, PATCH, PATCH))
        self.mix = nn.Conv3d(WIDTH, WIDTH, 3, padding=1)
        self.norm, self.mlp, self.head = nn.LayerNorm(WIDTH), Mlp(), nn.Linear(WIDTH, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.mix(self.embed(x)).permute(0, 2, 3, 4, 1))
        return self.head((x + self.mlp(x)).mean([1, 2, 3]))


def watched(network: nn.Module, names: list[str], clip: Tensor) -> tuple[list[Tensor], tuple[Tensor, ...]]:
    """What modules returned, in the order in which they ran, and the score's gradients."""
    seen: list[Tensor] = []
    hooks = [network.get_submodule(name).register_forward_hook(lambda m, i, out: seen.append(out)) for name in names]
    score = network(clip)[0, TARGET]
    for hook in hooks:
        hook.remove()
    return [tensor.detach() for tensor in seen], torch.autograd.grad(score, seen)


def cam(maps: Tensor, slopes: Tensor, weights: str) -> np.ndarray:
    """C×T×H×W."""
    if weights == "clip":
        slopes = slopes.mean((1, 2, 3), keepdim=True)
    elif weights == "frame":
        slopes = slopes.mean((2, 3), keepdim=True)
    return enlarge((maps * slopes).sum(0).clamp(min=0).numpy(), (FRAMES, SIZE, SIZE))


def attention(network: nn.Module, clip: Tensor) -> list[tuple[Tensor, Tensor]]:
    names = [name for name, module in network.named_modules() if isinstance(module, nn.Softmax)]
    return list(zip(*watched(network, names, clip)))


def rollout(matrices: list[Tensor]) -> Tensor:
    """Of matrices over all tokens, each the mean over heads."""
    flow = torch.eye(len(matrices[0]), dtype=torch.float64)
    for matrix in matrices:
        mixed = 0.5 * matrix + 0.5 * torch.eye(len(matrix), dtype=torch.float64)
        flow = mixed / mixed.sum(1, keepdim=True) @ flow
    return flow


def relevance(matrices: list[Tensor]) -> Tensor:
    flow = torch.eye(len(matrices[0]), dtype=torch.float64)
    for matrix in matrices:
        flow = flow + matrix @ flow
    return flow


def mean_weights(weights: Tensor, slopes: Tensor) -> Tensor:
    return weights.mean(1)


def evidence(weights: Tensor, slopes: Tensor) -> Tensor:
    return (slopes * weights).clamp(min=0).mean(1)


def over_all(joined: Tensor, rest: float) -> Tensor:
    """The matrix over all tokens of divided attention, place by place."""
    places = SIDE * SIDE
    matrix = torch.zeros(1 + places * FRAMES, 1 + places * FRAMES, dtype=torch.float64)
    at = lambda t, i: 1 + i * FRAMES + t
    if len(joined) == places and joined.size(1) == FRAMES:
        matrix[0, 0] = rest
        for i in range(places):
            for t in range(FRAMES):
                for s in range(FRAMES):
                    matrix[at(t, i), at(s, i)] = joined[i, t, s]
        return matrix
    for t in range(FRAMES):
        matrix[0, 0] += joined[t, 0, 0] / FRAMES
        for i in range(places):
            matrix[0, at(t, i)] = joined[t, 0, 1 + i] / FRAMES
            matrix[at(t, i), 0] = joined[t, 1 + i, 0]
            for j in range(places):
                matrix[at(t, i), at(t, j)] = joined[t, 1 + i, 1 + j]
    return matrix


def settled(network: nn.Module) -> nn.Module:
    """Random weights, large enough that attention is not the same everywhere."""
    for name, parameter in network.named_parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=3 if "head" in name else 0.35 if "qkv" in name else 0.2)
    return network.eval()


def save(folder: Path, name: str, network: nn.Module, clip: Tensor) -> None:
    torch.jit.trace(network, clip, check_trace=False).save(str(folder / f"{name}.pt"))


def write(folder: Path, name: str, array: np.ndarray) -> None:
    np.save(folder / f"{name}.npy", array.astype(np.float32))


def joint(folder: Path, clip: Tensor, has_class: bool) -> None:
    name = "joint-class" if has_class else "joint-mean"
    network = settled(Joint(False, has_class))
    fused = Joint(True, has_class).eval()
    fused.load_state_dict(network.state_dict())
    save(folder, f"{name}-softmax", network, clip)
    save(folder, f"{name}-sdpa", fused, clip)
    exact, x = network.double(), clip.double()
    first = int(has_class)
    to_grid = lambda tokens: tokens[first:].T.reshape(-1, FRAMES // 2, SIDE, SIDE)
    for layer in ("blocks.0", "blocks.1.norm2", "blocks.2.norm1", "norm"):
        (output,), (slope,) = watched(exact, [layer], x)
        for weights in ("clip", "frame", "element"):
            write(folder, f"{name}-{layer}-{weights}", cam(to_grid(output[0]), to_grid(slope[0]), weights))
    seen = attention(exact, x)
    for what, flow in (
        ("rollout", rollout([mean_weights(a, g)[0] for a, g in seen])),
        ("gradient", relevance([evidence(a, g)[0] for a, g in seen])),
    ):
        row = flow[0, 1:] if has_class else flow.mean(0)
        write(folder, f"{name}-{what}", enlarge(row.reshape(FRAMES // 2, SIDE, SIDE).numpy(), (FRAMES, SIZE, SIZE)))


def divided(folder: Path, clip: Tensor) -> None:
    network = settled(Divided(False))
    fused = Divided(True).eval()
    fused.load_state_dict(network.state_dict())
    save(folder, "divided-softmax", network, clip)
    save(folder, "divided-sdpa", fused, clip)
    exact, x = network.double(), clip.double()
    to_grid = lambda tokens: tokens[1:].reshape(SIDE, SIDE, FRAMES, -1).permute(3, 2, 0, 1)
    (output,), (slope,) = watched(exact, ["blocks.1"], x)
    write(folder, "divided-blocks.1-element", cam(to_grid(output[0]), to_grid(slope[0]), "element"))
    seen = attention(exact, x)
    for what, flow in (
        ("rollout", rollout([over_all(mean_weights(a, g), 1) for a, g in seen])),
        ("gradient", relevance([over_all(evidence(a, g), 0) for a, g in seen])),
    ):
        map = flow[0, 1:].reshape(SIDE, SIDE, FRAMES).permute(2, 0, 1)
        write(folder, f"divided-{what}", enlarge(map.numpy(), (FRAMES, SIZE, SIZE)))


def others(folder: Path, clip: Tensor) -> None:
    for name, network in (("unknown", Unknown()), ("windows", Windows(True, False)), ("channels-last", ChannelsLast())):
        save(folder, name, settled(network), clip)
    last = settled(ChannelsLast()).double()
    last.load_state_dict(torch.jit.load(str(folder / "channels-last.pt")).state_dict())
    (output,), (slope,) = watched(last, ["norm"], clip.double())
    write(folder, "channels-last-norm-element", cam(output[0].permute(3, 0, 1, 2), slope[0].permute(3, 0, 1, 2), "element"))


def per_frame(folder: Path, clip: Tensor) -> None:
    network = settled(PerFrame(False))
    fused = PerFrame(True).eval()
    fused.load_state_dict(network.state_dict())
    save(folder, "per-frame", fused, clip)
    exact, x = network.double(), clip.double()
    (output,), (slope,) = watched(exact, ["blocks.1"], x)
    to_grid = lambda tokens: tokens[:, 1:].reshape(FRAMES, SIDE, SIDE, -1).permute(3, 0, 1, 2)
    write(folder, "per-frame-blocks.1-frame", cam(to_grid(output), to_grid(slope), "frame"))
    seen = attention(exact, x)
    for what, join, flow in (("rollout", mean_weights, rollout), ("gradient", evidence, relevance)):
        rows = [flow([join(a, g)[t] for a, g in seen])[0, 1:] / FRAMES for t in range(FRAMES)]
        map = torch.stack(rows).reshape(FRAMES, SIDE, SIDE).numpy()
        write(folder, f"per-frame-{what}", enlarge(map, (FRAMES, SIZE, SIZE)))


def main(folder: Path) -> None:
    torch.manual_seed(5)
    clip = torch.randn(1, 3, FRAMES, SIZE, SIZE)
    np.save(folder / "clip.npy", clip[0].numpy())
    joint(folder, clip, True)
    joint(folder, clip, False)
    divided(folder, clip)
    per_frame(folder, clip)
    others(folder, clip)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
