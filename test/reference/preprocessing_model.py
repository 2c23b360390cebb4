"""A clip, models that any change of preprocessing changes, and what their owners' pipelines make of the clip.

preprocessing_model.py FOLDER    owners.json: [{frames, antialias, interpolation, order, low, high}], whose frames are
                                 the 4 indices that an owner takes

Writes clip.npy (15×31×37×3 uint8), and for each owner N.pt (N×C×T×H×W = 1×3×4×12×10, 5 classes, softmax) and
expected-N.json: the probabilities, computed here from start to end.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

CLASSES, FRAMES, HEIGHT, WIDTH = 5, 4, 12, 10

folder = Path(sys.argv[1])
random = torch.Generator().manual_seed(11)
clip = torch.randint(0, 256, (15, 31, 37, 3), dtype=torch.uint8, generator=random)
np.save(folder / "clip.npy", clip.numpy())


class Linear(nn.Module):
    def __init__(self, span: float) -> None:
        super().__init__()
        weight = torch.randn(CLASSES, 3 * FRAMES * HEIGHT * WIDTH, generator=random)
        self.weight = nn.Parameter(0.15 * weight / span)

    def forward(self, x: Tensor) -> Tensor:
        return (x.flatten(1) @ self.weight.t()).softmax(dim=1)


def fed(owner: dict) -> Tensor:
    frames = clip[owner["frames"]].permute(0, 3, 1, 2)
    given = frames if owner["antialias"] else frames.double()
    mode, antialias = owner["interpolation"], owner["antialias"]
    scaled = interpolate(given, (HEIGHT, WIDTH), mode=mode, antialias=antialias, align_corners=False)
    pixels = scaled.double().round().clamp(0, 255) / 255
    ordered = pixels.flip(1) if owner["order"] == "BGR" else pixels
    ranged = owner["low"] + ordered * (owner["high"] - owner["low"])
    return ranged.permute(1, 0, 2, 3)[None].float()


for n, owner in enumerate(json.loads((folder / "owners.json").read_text())):
    model = Linear(owner["high"] - owner["low"]).eval()
    torch.jit.save(torch.jit.script(model), str(folder / f"{n}.pt"))
    with torch.no_grad():
        (folder / f"expected-{n}.json").write_text(json.dumps(model(fed(owner))[0].tolist()))
