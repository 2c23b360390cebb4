"""Trains a mini model on synthetic clips and writes its model file.

    python scripts/train/train.py --arch r2plus1d-mini --out models/r2plus1d-mini.pt
    python scripts/train/train.py --arch tsm-mini --out models/tsm-mini.pt
    python scripts/train/train.py --arch transformer-mini --out models/transformer-mini.pt

Training starts on small and easy clips, where a step is cheap, and ends at full size and all difficulties.
Each generated clip is shown under several symmetries of the classes. Every random choice is seeded; rounding
makes the result depend on the number of threads and the processor as well.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import symmetry
from archive import save_archive
from augment import augment
from clips import CLASSES, ClipBatch, read_clips, read_mixture
from r2plus1d import R2Plus1DMini
from transformer import VideoTransformerMini
from tsm import TSMMini

SIZE = 112
FRAMES = 16
TRAINING_SEED = 1


@dataclass(frozen=True)
class Stage:
    """A stage of training at one clip size."""

    size: int
    steps: int
    #: Generated clips of each difficulty in a batch; the batch is SYMMETRIES times as large.
    shares: dict[str, int]
    #: Highest learning rate.
    peak: float
    augmented: bool = True


SYMMETRIES = 4

STAGES = (
    Stage(40, 500, {"easy": 10}, 3e-3, augmented=False),
    Stage(64, 450, {"easy": 2, "standard": 5, "hard": 3}, 3e-3),
    Stage(SIZE, 550, {"easy": 1, "standard": 2, "hard": 1}, 1.5e-3),
)

ARCHITECTURES: dict[str, tuple[str, type[nn.Module]]] = {
    "r2plus1d-mini": ("R(2+1)D", R2Plus1DMini),
    "tsm-mini": ("TSM", TSMMini),
    "transformer-mini": ("video transformer", VideoTransformerMini),
}


def pixels(batch: ClipBatch) -> Tensor:
    """N×3×T×H×W in [0, 1]."""
    return torch.from_numpy(np.array(batch.rgb)).permute(0, 4, 1, 2, 3).float() / 255


def channel_statistics() -> tuple[list[float], list[float]]:
    """Mean and standard deviation of the channels over 200 training clips."""
    batch = next(read_clips(TRAINING_SEED, 200, 200, size=56, frames=4))
    data = torch.from_numpy(np.array(batch.rgb)).double().div(255).flatten(0, 3)
    return [round(v, 4) for v in data.mean(0).tolist()], [round(v, 4) for v in data.std(0).tolist()]


def as_input(clips: Tensor, layout: str, mean: Tensor, std: Tensor) -> Tensor:
    """Normalises N×3×T×H×W and converts it to the model's layout."""
    clips = (clips - mean) / std
    return clips if layout == "NCTHW" else clips.transpose(1, 2).contiguous()


def learning_rate(stage: Stage, step: int) -> float:
    """A short warm-up, then a half cosine down to a thirtieth."""
    rise = max(1, stage.steps // 20)
    if step < rise:
        return stage.peak * (step + 1) / rise
    fall = (step - rise) / max(1, stage.steps - rise)
    return stage.peak * (1 / 30 + 29 / 30 * 0.5 * (1 + math.cos(math.pi * fall)))


def train(arch: str, out: Path, scale: float) -> None:
    torch.manual_seed(TRAINING_SEED)
    generator = torch.Generator().manual_seed(TRAINING_SEED)
    architecture, build = ARCHITECTURES[arch]
    # Convolutions whose weights have the channels innermost keep that order; the model file keeps it too.
    network = build(len(CLASSES)).train().to(memory_format=torch.channels_last)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.05
    mean, std = channel_statistics()
    centre = torch.tensor(mean).view(1, 3, 1, 1, 1)
    spread = torch.tensor(std).view(1, 3, 1, 1, 1)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}]
    )
    begun = time.time()
    used = 0
    for stage in STAGES:
        stage = replace(stage, steps=max(1, round(stage.steps * scale)))
        right = seen = 0
        mixture = read_mixture(stage.shares, TRAINING_SEED, stage.steps, stage.size, FRAMES, start=used)
        for step, batch in enumerate(mixture):
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(stage, step)
            clips, label = symmetry.several(
                pixels(batch), torch.from_numpy(batch.label), SYMMETRIES, generator
            )
            if stage.augmented:
                clips = augment(clips, generator)
            with torch.autocast("cpu", torch.bfloat16):
                logits = network(as_input(clips, str(network.layout), centre, spread)).float()
            loss = F.cross_entropy(logits, label, label_smoothing=0.03)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimiser.step()
            right += int((logits.argmax(1) == label).sum())
            seen += len(label)
            if (step + 1) % 25 == 0 or step + 1 == stage.steps:
                minutes = (time.time() - begun) / 60
                print(
                    f"{stage.size}px step {step + 1}/{stage.steps} loss {loss.item():.3f} "
                    f"accuracy {right / seen:.3f} {minutes:.1f} min",
                    flush=True,
                )
                right = seen = 0
        used += stage.steps
    save_archive(network, arch, architecture, FRAMES, SIZE, mean, std, out)
    print(f"wrote {out} ({out.stat().st_size / 2**20:.2f} MiB), {(time.time() - begun) / 60:.1f} min")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--arch", choices=sorted(ARCHITECTURES), required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="fraction of the training steps, for a trial run")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    train(options.arch, options.out, options.scale)


if __name__ == "__main__":
    main()
