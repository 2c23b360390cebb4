"""A model's gradient with respect to the clip through AOTInductor, beside the same through TorchScript: docs/runtimes.md.

    PYTHONPATH=python .venv/bin/python bench/speed/aoti.py --model r2plus1d-18

Exports the joint graph of prediction and gradient, compiles it into a package, loads that, and compares both results with
eager PyTorch's. Times are medians of steps that the three take by turns. Weights are random.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Callable

import torch
from fep_import.networks.random_weights import randomize
from fep_import.networks.tsm import TSMResNet50
from fep_import.networks.video_resnet import R2PLUS1D_18, VideoResNet
from fep_import.networks.video_transformer import VideoTransformer
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

#: From a clip and a cotangent of the logits to the logits and the gradient.
Step = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]

MODELS: dict[str, tuple[Callable[[], torch.nn.Module], tuple[int, ...]]] = {
    "transformer-mini": (lambda: VideoTransformer(8, 16, 64, width=96, depth=2, heads=4), (1, 3, 16, 64, 64)),
    "r2plus1d-18": (lambda: VideoResNet(R2PLUS1D_18, 400), (1, 3, 16, 112, 112)),
    "tsm-r50": (lambda: TSMResNet50(174), (1, 8, 3, 224, 224)),
}


def made(name: str) -> tuple[torch.nn.Module, Tensor]:
    torch.manual_seed(0)
    build, shape = MODELS[name]
    network, clip = build(), torch.randn(shape)
    randomize(network, clip, 1)
    network.eval().requires_grad_(False)
    return network, clip


def by_autograd(network: Callable[[Tensor], Tensor]) -> Step:
    def step(clip: Tensor, cotangent: Tensor) -> tuple[Tensor, Tensor]:
        clip = clip.detach().requires_grad_()
        logits = network(clip)
        return logits.detach(), torch.autograd.grad(logits, clip, cotangent)[0]

    return step


def exported(network: torch.nn.Module, clip: Tensor, cotangent: Tensor) -> torch.export.ExportedProgram:
    """torch.export cannot trace a gradient that is taken inside of a module; make_fx can, and what it makes is exported."""

    def step(clip: Tensor, cotangent: Tensor) -> tuple[Tensor, Tensor]:
        logits, pull_back = torch.func.vjp(network, clip)
        return logits, pull_back(cotangent)[0]

    with torch.no_grad():
        return torch.export.export(make_fx(step)(clip, cotangent), (clip, cotangent))


def compiled(program: torch.export.ExportedProgram, folder: str) -> tuple[Step, int]:
    """The package's step, and the package's bytes."""
    path = str(Path(folder) / "step.pt2")
    torch._inductor.aoti_compile_and_package(program, package_path=path)
    package = torch._inductor.aoti_load_package(path)
    return lambda clip, cotangent: tuple(package(clip, cotangent)), Path(path).stat().st_size


def apart(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).abs().max() / expected.abs().max()).item()


def medians(steps: dict[str, Step], clip: Tensor, cotangent: Tensor, rounds: int) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(rounds + 1):
        for name, step in steps.items():
            started = time.perf_counter()
            step(clip, cotangent)
            if number > 0:  # the first one warms up
                seconds[name].append(time.perf_counter() - started)
    return {name: 1000 * statistics.median(each) for name, each in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", choices=MODELS, default="r2plus1d-18")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network, clip = made(options.model)
    cotangent = torch.randn_like(network(clip))
    started = time.perf_counter()
    program = exported(network, clip, cotangent)
    export_s = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        package, size = compiled(program, folder)
        compile_s = time.perf_counter() - started
        script = torch.jit.freeze(torch.jit.trace(network, clip))
        steps = {"eager": by_autograd(network), "torchscript": by_autograd(script), "aoti": package}
        expected = steps["eager"](clip, cotangent)
        found = {name: step(clip, cotangent) for name, step in steps.items()}
        report = {
            "model": options.model,
            "threads": torch.get_num_threads(),
            "export_s": round(export_s, 1),
            "compile_s": round(compile_s, 1),
            "package_megabytes": round(size / 1e6, 1),
            "logits_apart": {name: apart(logits, expected[0]) for name, (logits, _) in found.items()},
            "gradient_apart": {name: apart(gradient, expected[1]) for name, (_, gradient) in found.items()},
            "ms": medians(steps, clip, cotangent, options.rounds),
        }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
