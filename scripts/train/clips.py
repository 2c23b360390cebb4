"""Reads synthetic clips from the package's generator through a pipe.

The binary format is documented in lib/datasets/synthetic/stream.ts.
"""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT / "dist" / "datasets" / "synthetic" / "pipe.js"

CLASSES = (
    "left",
    "right",
    "up",
    "down",
    "clockwise",
    "counter-clockwise",
    "grow",
    "shrink",
    "sway",
    "bounce",
)


@dataclass(frozen=True)
class ClipBatch:
    """Clips of one size; `boxes` are x, y, width, height in pixels, all −1 where the actor is not visible."""

    index: np.ndarray  # N, uint32
    label: np.ndarray  # N, int64
    boxes: np.ndarray  # N×T×4, int16
    rgb: np.ndarray  # N×T×H×W×3, uint8


def read_clips(
    seed: int,
    count: int,
    batch: int,
    start: int = 0,
    size: int = 112,
    frames: int = 16,
    difficulty: str = "standard",
    actor: bool = True,
) -> Iterator[ClipBatch]:
    """Batches of clips start … start + count − 1 of the set given by `seed`."""
    if not GENERATOR.exists():
        raise SystemExit(f"{GENERATOR} is missing: run `npm run build:ts` first.")
    command = ["node", str(GENERATOR), "--seed", str(seed), "--start", str(start), "--count", str(count)]
    command += ["--frames", str(frames), "--height", str(size), "--width", str(size)]
    command += ["--difficulty", difficulty] + ([] if actor else ["--without-actor"])
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=1 << 20) as process:
        stream = process.stdout
        assert stream is not None
        header = stream.read(16)
        if header[:4] != b"FEPS":
            raise SystemExit("The generator sent no clips.")
        version, classes, t, h, w, _ = np.frombuffer(header[4:], "<u2")
        if version != 1 or classes != len(CLASSES):
            raise SystemExit(f"The generator has format version {version} and {classes} classes.")
        record = np.dtype(
            [("index", "<u4"), ("label", "<u4"), ("boxes", "<i2", (t, 4)), ("rgb", "u1", (t, h, w, 3))]
        )
        remaining = count
        while remaining > 0:
            take = min(batch, remaining)
            data = stream.read(take * record.itemsize)
            if len(data) != take * record.itemsize:
                raise SystemExit("The generator stopped early.")
            rows = np.frombuffer(data, record)
            yield ClipBatch(rows["index"], rows["label"].astype(np.int64), rows["boxes"], rows["rgb"])
            remaining -= take


def read_mixture(
    shares: dict[str, int], seed: int, batches: int, size: int, frames: int = 16, start: int = 0
) -> Iterator[ClipBatch]:
    """Batches with `shares[difficulty]` clips of each difficulty, generated ahead in the background.

    `start` counts batches; the difficulties use disjoint ranges of the set.
    """
    sources = [
        read_clips(seed, batches * share, share, 1_000_000 * i + start * share, size, frames, difficulty)
        for i, (difficulty, share) in enumerate(shares.items())
    ]
    ready: queue.Queue[ClipBatch | None] = queue.Queue(maxsize=3)

    def work() -> None:
        for parts in zip(*sources):
            ready.put(
                ClipBatch(
                    *(
                        np.concatenate([getattr(part, field) for part in parts])
                        for field in ("index", "label", "boxes", "rgb")
                    )
                )
            )
        ready.put(None)

    threading.Thread(target=work, daemon=True).start()
    while (batch := ready.get()) is not None:
        yield batch
