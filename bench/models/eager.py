"""Times the library's own network in plain PyTorch, forward and backward to the clip, beside what the machine could do.

    python bench/models/eager.py SOURCE --out unused.pt --random-init [--frames N --size N] --passes 3 --threads 2

takes what `python -m fep_import` takes, and prints one JSON object: the milliseconds of each pass, the operations and bytes of
one, and the machine's rates of both (bench/speed/limits.py).
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "python"), str(ROOT / "bench" / "speed")]

from fep_import.importing import found_network  # noqa: E402
from fep_import.model_file import reference_clip  # noqa: E402
from fep_import.options import parser  # noqa: E402
from limits import machine, passes  # noqa: E402


def main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("--passes", type=int, default=3)
    arguments.add_argument("--threads", type=int, required=True)
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    found = found_network(options)
    network = found.network
    clip = reference_clip(found.layout, found.input).requires_grad_()
    milliseconds = [one_pass(network, clip) for _ in range(options.passes + 1)]
    needs = passes(lambda: loss(network, clip), clip)
    # The first pass warms up.
    print(json.dumps({"milliseconds": milliseconds[1:], "needs": needs, "machine": machine()}))


def one_pass(network: torch.nn.Module, clip: torch.Tensor) -> float:
    """The loss and its gradient with respect to the clip: what an update of a mask needs of the model."""
    start = time.perf_counter()
    torch.autograd.grad(loss(network, clip), clip)
    return 1000 * (time.perf_counter() - start)


def loss(network: torch.nn.Module, clip: torch.Tensor) -> torch.Tensor:
    """-log Φ of a class."""
    return -network(clip).log_softmax(1)[0, 0]


if __name__ == "__main__":
    main()
