"""Measures a trained model file: accuracy on held-out sets, controls, and the time of a pass.

    python scripts/train/evaluate.py models/r2plus1d-mini.pt

Prints one JSON object with the facts of the model card.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from archive import clip_shape, load_archive
from augment import blur
from clips import CLASSES, ClipBatch, read_clips
from symmetry import BACKWARDS
from train import as_input, pixels

HELD_OUT_SEED = 2
BATCH = 20

Change = Callable[[Tensor, ClipBatch], Tensor]


def inside_boxes(batch: ClipBatch, margin: int, union: bool) -> Tensor:
    """N×1×T×H×W: 1 inside the actor's box in the frame (`union`: in any frame), grown by a margin."""
    n, t, h, w, _ = batch.rgb.shape
    inside = torch.zeros((n, 1, t, h, w))
    for clip in range(n):
        for frame in range(t):
            x, y, width, height = (int(v) for v in batch.boxes[clip, frame])
            if x < 0:
                continue
            rows = slice(max(0, y - margin), y + height + margin)
            columns = slice(max(0, x - margin), x + width + margin)
            inside[clip, 0, frame, rows, columns] = 1
    return inside.amax(dim=2, keepdim=True).expand_as(inside) if union else inside


def backwards(clips: Tensor, _batch: ClipBatch) -> Tensor:
    return clips.flip(2)


def shuffled(clips: Tensor, batch: ClipBatch) -> Tensor:
    """Every clip's frames in a random order of its own."""
    changed = []
    for clip, index in zip(clips, batch.index):
        generator = torch.Generator().manual_seed(int(index))
        changed.append(clip[:, torch.randperm(clip.shape[1], generator=generator)])
    return torch.stack(changed)


def frozen(clips: Tensor, _batch: ClipBatch) -> Tensor:
    """The middle frame in place of all frames."""
    middle = clips.shape[2] // 2
    return clips[:, :, middle : middle + 1].expand_as(clips)


def path_blurred(clips: Tensor, batch: ClipBatch) -> Tensor:
    """Blurs everything the actor ever covers beyond recognition, in all frames."""
    mask = inside_boxes(batch, 2, union=True)
    return (1 - mask) * clips + mask * blur(clips, 20)


def actor_kept(clips: Tensor, batch: ClipBatch) -> Tensor:
    """Blurs everything but the actor's boxes, grown by 4 pixels."""
    mask = inside_boxes(batch, 4, union=False)
    return mask * clips + (1 - mask) * blur(clips, 20)


def slightly_blurred(clips: Tensor, _batch: ClipBatch) -> Tensor:
    return blur(clips, 2)


def predictions(
    script: torch.jit.ScriptModule, manifest: dict, batches: list[ClipBatch], change: Change | None = None
) -> np.ndarray:
    """Probabilities N×classes of the clips, after an optional change."""
    settings = manifest["input"]
    mean = torch.tensor(settings["mean"]).view(1, 3, 1, 1, 1)
    std = torch.tensor(settings["std"]).view(1, 3, 1, 1, 1)
    answers = []
    with torch.no_grad():
        for batch in batches:
            clips = pixels(batch)
            if change is not None:
                clips = change(clips, batch)
            answers.append(script(as_input(clips, settings["layout"], mean, std)).softmax(1))
    return torch.cat(answers).numpy()


def accuracy(probability: np.ndarray, label: np.ndarray) -> float:
    return round(float((probability.argmax(1) == label).mean()), 4)


def surest(probability: np.ndarray, label: np.ndarray, index: np.ndarray) -> dict[str, list[int]]:
    """For each class, the indices of its three clips with the highest probability."""
    found = {}
    for i, name in enumerate(CLASSES):
        own = np.flatnonzero(label == i)
        best = own[np.argsort(-probability[own, i])[:3]]
        found[name] = [int(value) for value in index[best]]
    return found


def pass_milliseconds(path: Path, repeats: int = 30) -> dict[str, float]:
    """Median time of a forward pass, and of forward and backward to the input; one clip, frozen, float32."""
    script, manifest = load_archive(path)
    settings = manifest["input"]
    for parameter in script.parameters():
        parameter.requires_grad_(False)
    script = torch.jit.freeze(script.eval())
    shape = clip_shape(settings["layout"], settings["frames"], settings["height"])
    clip = torch.randn(shape, generator=torch.Generator().manual_seed(0)).requires_grad_()
    times: dict[str, list[float]] = {"forward": [], "forwardBackward": []}
    for repeat in range(repeats + 5):
        begun = time.perf_counter()
        logit = script(clip)[0, 0]
        middle = time.perf_counter()
        logit.backward()
        if repeat >= 5:
            times["forward"].append(1e3 * (middle - begun))
            times["forwardBackward"].append(1e3 * (time.perf_counter() - begun))
    return {name: round(float(np.median(values)), 1) for name, values in times.items()} | {
        "fastestForwardBackward": round(min(times["forwardBackward"]), 1)
    }


def evaluate(path: Path, count: int) -> dict:
    script, manifest = load_archive(path)
    script.eval()
    standard = list(read_clips(HELD_OUT_SEED, count, BATCH))
    label = np.concatenate([batch.label for batch in standard])
    probability = predictions(script, manifest, standard)
    guess = probability.argmax(1)
    confusions: dict[str, int] = {}
    for truth, answer in zip(label, guess):
        if truth != answer:
            key = f"{CLASSES[truth]} → {CLASSES[answer]}"
            confusions[key] = confusions.get(key, 0) + 1
    few = standard[: max(1, count // 2 // BATCH)]
    few_label = np.concatenate([batch.label for batch in few])
    mirrored = np.array([CLASSES.index(BACKWARDS.get(CLASSES[i], CLASSES[i])) for i in few_label])

    controls: dict[str, float] = {}
    reverse = predictions(script, manifest, few, backwards)
    controls["backwards, against the reversed class"] = accuracy(reverse, mirrored)
    turning = few_label != mirrored
    controls["backwards, still the old class"] = accuracy(reverse[turning], few_label[turning])
    for name, change in (
        ("frames shuffled", shuffled),
        ("middle frame only", frozen),
        ("everything the actor ever covers blurred", path_blurred),
        ("all but the actor's boxes blurred", actor_kept),
        ("blurred by 2 pixels", slightly_blurred),
    ):
        controls[name] = accuracy(predictions(script, manifest, few, change), few_label)
    absent = list(read_clips(HELD_OUT_SEED, len(few_label), BATCH, actor=False))
    answers = predictions(script, manifest, absent)
    controls["actor left out"] = accuracy(answers, few_label)

    others = {}
    for difficulty in ("easy", "hard"):
        batches = list(read_clips(HELD_OUT_SEED, len(few_label), BATCH, difficulty=difficulty))
        truth = np.concatenate([batch.label for batch in batches])
        others[difficulty] = accuracy(predictions(script, manifest, batches), truth)
    return {
        "file": path.name,
        "bytes": path.stat().st_size,
        "parameters": sum(p.numel() for p in script.parameters()),
        "heldOut": {
            "seed": HELD_OUT_SEED,
            "difficulty": "standard",
            "clips": count,
            "accuracy": accuracy(probability, label),
        },
        "perClass": {
            name: accuracy(probability[label == i], label[label == i]) for i, name in enumerate(CLASSES)
        },
        "surest": surest(probability, label, np.concatenate([batch.index for batch in standard])),
        "confusions": dict(sorted(confusions.items(), key=lambda item: -item[1])),
        "medianTrueProbability": round(float(np.median(probability[np.arange(len(label)), label])), 4),
        "medianTopProbabilityWithoutActor": round(float(np.median(answers.max(1))), 4),
        "otherDifficulties": {"clips": len(few_label)} | others,
        "controls": {"clips": len(few_label)} | controls,
        "milliseconds": pass_milliseconds(path) | {"threads": torch.get_num_threads()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path)
    parser.add_argument("--clips", type=int, default=500)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(json.dumps(evaluate(options.archive, options.clips), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
