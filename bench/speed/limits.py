"""The limits of the machine and the needs of a model, for docs/performance.md.

    python bench/speed/limits.py --threads 2 one.pt other.pt

prints one JSON object: the machine's rate of floating-point operations (in a large matrix product) and its bandwidth
(in adding two long vectors into a third), and for each model the operations and bytes of its forward pass and of its
backward pass to the input. Every tensor of an operator counts as read or written once; a view moves no bytes.
"""

import argparse
import json
import time

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

REPEATS = 7
MATRIX = 2048
VECTOR = 1 << 26


class ByteCounter(TorchDispatchMode):
    """Adds up the bytes of the tensors that operators read and write."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def __torch_dispatch__(self, function, types, arguments=(), keywords=None):
        found = function(*arguments, **(keywords or {}))
        if not function.is_view:
            tensors = [leaf for leaf in tree_leaves((arguments, keywords, found)) if isinstance(leaf, torch.Tensor)]
            distinct = {tensor.data_ptr(): tensor for tensor in tensors}
            self.bytes += sum(tensor.numel() * tensor.element_size() for tensor in distinct.values())
        return found


def fastest(work) -> float:
    """Seconds of the fastest of several runs, which noise affects least."""

    def run() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return min(run() for _ in range(REPEATS))


def machine() -> dict[str, float]:
    a, b = torch.rand(MATRIX, MATRIX), torch.rand(MATRIX, MATRIX)
    x, y, z = torch.rand(VECTOR), torch.rand(VECTOR), torch.rand(VECTOR)
    return {
        "operationsPerSecond": 2 * MATRIX**3 / fastest(lambda: a @ b),
        "bytesPerSecond": 3 * VECTOR * x.element_size() / fastest(lambda: torch.add(x, y, out=z)),
    }


def count(work):
    with FlopCounterMode(display=False) as operations, ByteCounter() as counter:
        found = work()
    return found, {"operations": operations.get_total_flops(), "bytes": counter.bytes}


def passes(score, clip: torch.Tensor) -> dict[str, dict[str, int]]:
    """What the forward pass that gives a score needs, and the backward pass from it to the clip."""
    value, forward = count(score)
    _, backward = count(lambda: torch.autograd.grad(value, clip))
    return {"forward": forward, "backward": backward}


def model(path: str) -> dict[str, dict[str, int]]:
    extra = {"fep.json": ""}
    module = torch.jit.load(path, _extra_files=extra).eval()
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    size = json.loads(extra["fep.json"])["input"]
    sizes = {"N": 1, "C": 3, "T": size["frames"], "H": size["height"], "W": size["width"]}
    clip = torch.rand([sizes[axis] for axis in size["layout"]], requires_grad=True)
    return passes(lambda: module(clip)[0, 0], clip)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="+")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.jit.set_fusion_strategy([])  # fused operators would not be counted
    print(json.dumps({"machine": machine(), "models": [model(path) for path in options.models]}))


if __name__ == "__main__":
    main()
