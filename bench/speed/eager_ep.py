"""EP, STEP and F-EP for video as one usually writes them in PyTorch: the baseline of `npm run bench:speed`.

Nothing here is slow on purpose, and nothing is fused: the mask generator unfolds a copy of the parameters for every point
of a pixel's neighbourhood and pools them by a softmax, the perturbation gathers two levels of the pyramid, the area energy
sorts the mask, and autograd does the rest. In float32 on a processor it computes what the published implementations
compute, in the same order; `fep-native explain --arithmetic published` ends at the same mask.

    python bench/speed/eager_ep.py --model model.pt --clip clip.npy --method ep --iterations 20 --out mask.npy

prints one JSON object: seconds, the seconds spent in the model, peak memory, energies.
"""

import argparse
import json
import math
import resource
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

LEVELS, MAX_SIGMA = 8, 20
COLDNESS = 20


class MaskGenerator:
    """From a coarse grid of parameters, T×1×h×w, to a smooth mask with margins, T×1×H_c×W_c."""

    def __init__(self, height: int, width: int, step: int, sigma: float):
        self.step, self.margin = step, round(sigma)
        self.grid = math.ceil(height / step), math.ceil(width / step)
        self.frame = height, width
        self.pad, self.radius = 1 + math.ceil(2 * sigma / step), 1 + math.ceil(sigma / step)
        self.cells = [points + 2 * self.pad - 2 * self.radius for points in self.grid]
        rows, columns = (self._distances(cells, sigma) for cells in self.cells)
        distance = torch.sqrt(rows[:, None, :, None] ** 2 + columns[None, :, None, :] ** 2)
        weights = torch.exp((distance / sigma - 0.5).clamp(min=0) ** 2 * -2)
        self.weights = weights.reshape(1, -1, *distance.shape[2:])

    def _distances(self, cells: int, sigma: float) -> torch.Tensor:
        """From every pixel along an axis to the points of its neighbourhood, points×pixels."""
        pixels = torch.arange(self.step * cells - self.step + 1, dtype=torch.float32)
        first = torch.floor(pixels / self.step) - self.pad
        points = first + torch.arange(2 * self.radius + 1)[:, None]
        return pixels - (sigma + self.step * points)

    def __call__(self, parameters: torch.Tensor) -> torch.Tensor:
        copies = F.unfold(parameters, (2 * self.radius + 1,) * 2, padding=self.pad)
        copies = copies.reshape(len(parameters), -1, *self.cells)
        spread = F.interpolate(copies, scale_factor=self.step, mode="nearest")
        values = self.weights * F.pad(spread, (0, 1 - self.step, 0, 1 - self.step))
        return (values * torch.softmax(COLDNESS * values, dim=1)).sum(1, keepdim=True).clamp(0, 1)

    def crop(self, canvas: torch.Tensor) -> torch.Tensor:
        (height, width), at = self.frame, self.margin
        return canvas[:, :, at : at + height, at : at + width]


def blur_pyramid(clip: torch.Tensor) -> torch.Tensor:
    """Frames T×C×H×W at eight levels of blur, the last one unblurred: levels×T×C×H×W."""
    channels = clip.shape[1]
    levels = []
    for sigma in (1 - torch.linspace(0, 1, LEVELS))[:-1] * MAX_SIGMA:
        reach = math.ceil(4 * sigma.item())
        x = torch.arange(-reach, reach + 1, dtype=torch.float32) / (math.sqrt(2) * sigma)
        kernel = torch.exp(-x * x)
        kernel = (kernel / kernel.sum()).expand(channels, 1, -1)
        down = F.conv2d(clip, kernel[..., None], padding=(reach, 0), groups=channels)
        levels.append(F.conv2d(down, kernel[:, :, None], padding=(0, reach), groups=channels))
    return torch.stack([*levels, clip])


def perturb(pyramid: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    height = mask * (LEVELS - 1)
    floor = height.detach().floor()
    weight = height - floor
    index = floor.long().unsqueeze(0).expand(1, *pyramid.shape[1:])
    lower = pyramid.gather(0, index)[0]
    upper = pyramid.gather(0, (index + 1).clamp(max=LEVELS - 1))[0]
    return (1 - weight) * lower + weight * upper


def area_energy(canvas: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
    return ((canvas.reshape(-1).sort()[0] - reference) ** 2).mean()


def area_reference(voxels: int, area: float) -> torch.Tensor:
    reference = torch.ones(voxels)
    reference[: int(voxels * (1 - area))] = 0
    return reference


class CoreEnergy:
    """STEP: an ellipsoid slides over the mask; the largest sums are pulled to 1, the others to 0."""

    def __init__(self, area: float):
        self.area = area
        t, y, x = torch.meshgrid(*(torch.arange(-reach, reach + 1) for reach in (3, 5, 5)), indexing="ij")
        inside = ((t / 3) ** 2 + (y / 5) ** 2 + (x / 5) ** 2 <= 1).float()
        self.kernel = (inside / inside.sum())[None, None]

    def __call__(self, canvas: torch.Tensor) -> torch.Tensor:
        volume = canvas.transpose(0, 1).unsqueeze(0)
        sums = F.conv3d(volume, self.kernel, stride=(1, 11, 11))
        values = sums.reshape(-1).sort(descending=True)[0]
        top = min(math.ceil(self.area * canvas.numel() / math.floor(7 * 11 * 11 * 0.5236)), values.numel())
        return ((1 - values[:top]) ** 2).mean() + (values[top:] ** 2).mean()


def dct_matrix(n: int) -> torch.Tensor:
    index = torch.arange(n, dtype=torch.float64)
    basis = torch.cos(torch.outer(index, 2 * index + 1) * math.pi / (2 * n)) * math.sqrt(2 / n)
    basis[0] /= math.sqrt(2)
    return basis.float()


class FrequencyModulation:
    """F-EP: keeps the low band and the high shell of a gradient, T×1×h×w."""

    def __init__(self, shape: tuple[int, int, int], low: float, high: float):
        self.bases = [dct_matrix(n) for n in shape]
        edges = [(max(int(low * n + 1e-6), 1), int((1 - high) * n + 1e-6)) for n in shape]
        self.gain = torch.ones(shape)
        self.gain[tuple(slice(0, max(last, first)) for first, last in edges)] = 0
        self.gain[tuple(slice(0, first) for first, _ in edges)] = 1

    def __call__(self, gradient: torch.Tensor) -> torch.Tensor:
        t, h, w = self.bases
        spectrum = torch.einsum("at,bh,cw,thw->abc", t, h, w, gradient[:, 0])
        kept = torch.einsum("at,bh,cw,abc->thw", t, h, w, spectrum * self.gain)
        return kept[:, None]


@dataclass
class Run:
    model: torch.jit.ScriptModule
    layout: str
    method: str
    target: int | None
    area: float
    step: int
    sigma: float
    iterations: int
    low: float
    high: float


def explain(clip: torch.Tensor, run: Run) -> dict:
    """Takes a normalised clip C×T×H×W; returns the last iteration's mask T×H×W, the energies, and seconds."""
    frames = clip.transpose(0, 1).contiguous()
    pyramid = blur_pyramid(frames)
    generator = MaskGenerator(*frames.shape[2:], run.step, run.sigma)
    parameters = torch.ones(len(frames), 1, *generator.grid, requires_grad=True)
    optimizer = torch.optim.SGD([parameters], lr=0.05, momentum=0.9, dampening=0.9)
    step = run.method == "step"
    core = CoreEnergy(run.area) if step else None
    modulate = FrequencyModulation((len(frames), *generator.grid), run.low, run.high) if run.method == "f-ep" else None
    reference = area_reference(generator(parameters.detach()).numel(), run.area)
    target = run.target if run.target is not None else forward(run, frames).argmax().item()
    energies, model_seconds, began = [], 0.0, time.perf_counter()
    for iteration in range(run.iterations):
        canvas = generator(parameters)
        mask = generator.crop(canvas)
        perturbed = perturb(pyramid, mask)
        entered = time.perf_counter()
        leaf = perturbed.detach().requires_grad_()
        reward = -(1 if step else 100) * forward(run, leaf)[target].log()
        (gradient,) = torch.autograd.grad(reward, leaf)
        model_seconds += time.perf_counter() - entered
        energy = 300 * (1.0008668**iteration if step else 1) * area_energy(canvas, reference)
        if core is not None and iteration > 100:
            energy = energy + 300 * core(canvas)
        optimizer.zero_grad()
        torch.autograd.backward([perturbed, energy], [gradient, None])
        if modulate is not None:
            parameters.grad = modulate(parameters.grad)
        optimizer.step()
        with torch.no_grad():
            parameters.clamp_(0, 1)
        energies.append(reward.item() + energy.item())
    seconds = time.perf_counter() - began
    return {"mask": mask.detach()[:, 0].cpu().numpy(), "energies": energies, "seconds": seconds, "modelSeconds": model_seconds}


def forward(run: Run, frames: torch.Tensor) -> torch.Tensor:
    """Probabilities of the classes for frames T×C×H×W."""
    batch = frames.unsqueeze(0)
    return torch.softmax(run.model(batch.transpose(1, 2) if run.layout == "NCTHW" else batch)[0], 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="TorchScript file that ends in logits")
    parser.add_argument("--clip", required=True, help=".npy, C×T×H×W float32, normalised")
    parser.add_argument("--layout", default="NCTHW", choices=["NCTHW", "NTCHW"])
    parser.add_argument("--method", default="ep", choices=["ep", "step", "f-ep"])
    parser.add_argument("--target", type=int)
    parser.add_argument("--area", type=float, default=0.1)
    parser.add_argument("--step", type=int, default=13)
    parser.add_argument("--sigma", type=float, default=23)
    parser.add_argument("--iterations", type=int, default=20)
    parser.add_argument("--low-ratio", type=float, default=0.5)
    parser.add_argument("--high-ratio", type=float, default=0.2)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:<index>")
    parser.add_argument("--tf32", action="store_true", help="let convolutions on a GPU use TF32")
    parser.add_argument("--out", help="file for the mask: .npy, T×H×W float32")
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    torch.set_default_device(given.device)
    torch.backends.cudnn.allow_tf32 = given.tf32
    model = torch.jit.load(given.model, map_location=given.device).eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    options = (given.layout, given.method, given.target, given.area, given.step, given.sigma, given.iterations)
    clip = torch.from_numpy(np.load(given.clip)).to(given.device)
    found = explain(clip, Run(model, *options, given.low_ratio, given.high_ratio))
    mask = found.pop("mask")
    if given.out:
        np.save(given.out, mask)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if given.device.startswith("cuda"):
        found["gpu"] = torch.cuda.get_device_name(given.device)
    print(json.dumps({**found, "iterations": given.iterations, "peakBytes": peak}))


if __name__ == "__main__":
    main()
