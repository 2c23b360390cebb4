"""Measures a trained archive and writes its model card beside it.

    python scripts/train/card.py models/r2plus1d-mini.pt --minutes 17

`--minutes` is the time that train.py printed, `--machine` a sentence about the machine of the timing.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from archive import load_archive
from evaluate import evaluate
from train import STAGES, SYMMETRIES

DESCRIPTIONS = {
    "r2plus1d-mini": """\
A small R(2+1)D network: residual blocks whose 3-D convolutions are split into a convolution over space and
one over time, each followed by batch norm and ReLU (Tran et al., 2018). Stem 5×5, stride 2; three residual
blocks with 32, 48 and 64 channels; global average; one linear layer.""",
    "tsm-mini": """\
A small temporal shift network: a 2-D residual network in which, in front of each residual branch, a quarter
of the channels moves one frame ahead and a quarter one frame back (Lin et al., 2019). Stem 5×5, stride 2;
five residual blocks with 32 and 64 channels; one linear layer per frame; the logits of the frames are
averaged. The shift is put together from slices, nothing is written in place.""",
    "transformer-mini": """\
A small video transformer: six convolutions over space and time, as of R(2+1)D, make tokens of 2 frames and 16×16
pixels, and three blocks let every token attend to all others (Arnab et al., 2021; Xiao et al., 2021). Sines and cosines tell
each token its place; the mean of the last tokens goes into one linear layer.""",
}

CARD = """# {name}

{description}

| | |
|---|---|
| Input | {shape}, RGB in [0, 1], minus {mean}, divided by {std} |
| Sampling, resize | uniform, stretch |
| Output | logits of {count} classes: {classes} |
| Last feature map | {features} (module `{cam}`; methods `features` and `head`) |
| Parameters, file | {parameters:,}; {mib:.2f} MiB, TorchScript, float32, manifest in `fep.json` |
| Licence | Apache-2.0 |

It exists so that the package can explain something without a download, and so that explanations can be
checked against what is known: the class is the motion of one actor, and the actor's box is exact in every
frame.

## Data

Synthetic clips of the package's own generator (`lib/datasets/synthetic`): a textured actor moves over a
drifting background with a 1/f spectrum among distractors. Shape, texture and colours are drawn without
regard to the class, the place as freely as the motion allows. Training used seed 1: {made:,} made clips,
each under {symmetries} random symmetries of the classes (mirror images, swapped axes, time reversed).
Held-out sets are other seeds.
{changed}

## Training

    npm run build:ts
    python scripts/train/train.py --arch {name} --out models/{name}.pt

{stages}
AdamW, bfloat16 autocast on the CPU, one thread, every random choice seeded. {minutes}

## Measured

`python scripts/train/card.py models/{name}.pt` writes this page. Accuracies are shares of clips.

| Held-out set, seed {seed} | clips | accuracy |
|---|---|---|
| standard | {clips} | {accuracy:.1%} |
| easy | {few} | {easy:.1%} |
| hard | {few} | {hard:.1%} |

By class (standard): {per_class}.

Most frequent confusions: {confusions}.
Median probability of the true class: {true_probability:.3f}.

Does it look at the actor and its motion? {few} clips of the standard set, changed; chance is {chance:.0%}:

| change | accuracy |
|---|---|
{controls}

Without an actor the median probability of the most probable class is {absent_probability:.2f}.
"Backwards" plays the clip in reverse: the first line compares with the class of the reversed motion, the
second with the original class, over the {turning} classes that reversing changes.

One forward and backward pass with respect to the input, batch 1, frozen, float32, {threads} threads: median
{both:.0f} ms, fastest {fastest:.0f} ms (forward alone: median {forward:.0f} ms). {machine}

## Limits

It knows the ten motions of the generator and nothing of real video: on any other clip its answer means
nothing, though it can still be explained. It expects {frames} frames of {size}×{size}.
{layout_note}
"""

CHANGED = """\
Half of the clips of the later stages are changed further: blurred, or hidden in part behind a soft random
mask (black, grey or blurred), as an explanation does."""

LAYOUT_NOTES = {
    "r2plus1d-mini": (
        "Its convolutions keep the channels innermost in memory, because its weights do; with weights\n"
        "copied into another order it gives the same answers more slowly."
    ),
    "tsm-mini": "The number of frames is part of the network: the shift needs to know where a clip ends.",
    "transformer-mini": "Its layers take clips of other sizes too: places are shares of a clip's length.",
}


def stage_lines() -> str:
    lines = []
    for stage in STAGES:
        shares = ", ".join(f"{count} {name}" for name, count in stage.shares.items())
        batch = sum(stage.shares.values()) * SYMMETRIES
        changed = "changed as above" if stage.augmented else "unchanged"
        lines.append(
            f"- {stage.steps} steps at {stage.size}×{stage.size}, batches of {batch} ({shares}; {changed}), "
            f"learning rate up to {stage.peak:g}"
        )
    return "\n".join(lines) + "\n"


def write_card(path: Path, facts: dict, minutes: float | None, machine: str) -> str:
    clips = facts["heldOut"]["clips"]
    script, manifest = load_archive(path)
    settings = manifest["input"]
    name = manifest["name"]
    sizes = {"N": "N", "C": "3", "T": settings["frames"], "H": settings["height"], "W": settings["width"]}
    shape = "×".join(str(sizes[axis]) for axis in settings["layout"])
    clip = torch.zeros([1 if axis == "N" else int(sizes[axis]) for axis in settings["layout"]])
    with torch.no_grad():
        features = "×".join(["N", *(str(n) for n in script.features(clip).shape[1:])])
    controls = dict(facts["controls"])
    few = controls.pop("clips")
    classes = manifest["output"]["classes"]
    confusions = list(facts["confusions"].items())[:4]
    times = facts["milliseconds"]
    return CARD.format(
        name=name,
        description=DESCRIPTIONS[name],
        shape=f"{shape} ({settings['layout']})",
        mean=settings["mean"],
        std=settings["std"],
        count=len(classes),
        classes=", ".join(classes),
        features=features,
        cam=manifest["camLayer"],
        parameters=facts["parameters"],
        mib=facts["bytes"] / 2**20,
        made=sum(stage.steps * sum(stage.shares.values()) for stage in STAGES),
        symmetries=SYMMETRIES,
        stages=stage_lines(),
        changed=CHANGED,
        minutes="" if minutes is None else f"It took {minutes:.0f} minutes.",
        machine=machine,
        seed=facts["heldOut"]["seed"],
        clips=clips,
        accuracy=facts["heldOut"]["accuracy"],
        few=few,
        easy=facts["otherDifficulties"]["easy"],
        hard=facts["otherDifficulties"]["hard"],
        per_class=", ".join(f"{key} {value:.0%}" for key, value in facts["perClass"].items()),
        confusions=", ".join(f"{key} ({value} of {clips})" for key, value in confusions) or "none",
        true_probability=facts["medianTrueProbability"],
        absent_probability=facts["medianTopProbabilityWithoutActor"],
        chance=1 / len(classes),
        turning=8,
        controls="\n".join(f"| {key} | {value:.1%} |" for key, value in controls.items()),
        threads=times["threads"],
        both=times["forwardBackward"],
        fastest=times["fastestForwardBackward"],
        forward=times["forward"],
        frames=settings["frames"],
        size=settings["height"],
        layout_note=LAYOUT_NOTES[name],
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path)
    parser.add_argument("--clips", type=int, default=500)
    parser.add_argument("--facts", type=Path, help="output of evaluate.py, to use instead of measuring again")
    parser.add_argument("--minutes", type=float, help="how long the training took")
    parser.add_argument("--machine", default="", help="a sentence about the machine on which the model was timed")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.facts:
        facts = json.loads(options.facts.read_text(encoding="utf-8"))
    else:
        facts = evaluate(options.archive, options.clips)
    card = write_card(options.archive, facts, options.minutes, options.machine)
    options.archive.with_suffix(".md").write_text(card, encoding="utf-8")
    print(card)


if __name__ == "__main__":
    main()
