"""Pictures scaled by torch.nn.functional.interpolate, which has the filters of OpenCV (without antialiasing) and of
Pillow (with it, on bytes: rounded and clipped between its two passes as well).

resized.py FOLDER    cases.json: [{name, height, width, antialias, interpolation}], and name.npy of H×W×3 uint8

Writes expected.json: a flat array for each case, clipped to [0, 255]; not rounded where it was computed in floats.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import interpolate

folder = Path(sys.argv[1])


def scaled(case: dict) -> list[float]:
    picture = torch.from_numpy(np.load(folder / f"{case['name']}.npy")).permute(2, 0, 1)[None]
    antialias, mode = case["antialias"], case["interpolation"]
    given = picture if antialias else picture.double()
    size = (case["height"], case["width"])
    out = interpolate(given, size, mode=mode, antialias=antialias, align_corners=False)
    return out[0].permute(1, 2, 0).clamp(0, 255).flatten().tolist()


cases = json.loads((folder / "cases.json").read_text())
(folder / "expected.json").write_text(json.dumps([scaled(case) for case in cases]))
