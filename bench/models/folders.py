"""Writes config.json and preprocessor_config.json of HuggingFace models in their published sizes, without weights.

    python bench/models/folders.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

from fep_import.libraries import admit_torchvision, require  # noqa: E402

admit_torchvision()
transformers = require("transformers")

#: The configuration classes' own sizes are those of the base models; V-JEPA 2's 64 frames take minutes a pass.
CONFIGURATIONS = {
    "videomae": transformers.VideoMAEConfig(num_labels=400),
    "timesformer": transformers.TimesformerConfig(num_labels=400),
    "vivit": transformers.VivitConfig(num_labels=400),
    "vjepa2": transformers.VJEPA2Config(num_labels=174, frames_per_clip=16),
}
#: The side of the frames, where it is not 224.
SIDES = {"vjepa2": 256}
PREPARED = {
    "resample": 2,
    "rescale_factor": 1 / 255,
    "image_mean": [0.485, 0.456, 0.406],
    "image_std": [0.229, 0.224, 0.225],
}


def main(folder: Path) -> None:
    for name, configuration in CONFIGURATIONS.items():
        configuration.save_pretrained(folder / name)
        prepared = {"size": {"shortest_edge": SIDES.get(name, 224)}, **PREPARED}
        (folder / name / "preprocessor_config.json").write_text(json.dumps(prepared))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
