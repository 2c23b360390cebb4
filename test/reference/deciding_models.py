"""Small networks of the structures that published ones have, and the layers that their whole decisions flow through.

    deciding_models.py FOLDER

Writes of each network <name>.pt and <name>-scripted.pt, clip.npy (3×T×H×W), truth.json (the layers of each, which are
found to cut the clip off when their outputs are detached) and <name>.npy (T×H×W), Grad-CAM at these layers, added.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch
from attributions import enlarge, grad_cam
from torch import Tensor, nn
from torch.nn import functional as F

TARGET, CLASSES = 1, 4
FRAMES, SIZE = 8, 32
torch.set_num_threads(1)


def conv(channels: int, more: int, kernel: int = 3, stride: int = 1) -> nn.Conv3d:
    return nn.Conv3d(channels, more, kernel, stride, kernel // 2)


class Residual(nn.Module):
    """The sum with the shortcut is after the last batch normalisation."""

    def __init__(self, channels: int, more: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = conv(channels, more, 3, stride), nn.BatchNorm3d(more)
        self.conv2, self.bn2 = conv(more, more), nn.BatchNorm3d(more)
        self.shortcut = conv(channels, more, 1, stride)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        y += self.shortcut(x)
        return self.relu(y)


class ResNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer1, self.layer2 = Residual(3, 6, 2), nn.Sequential(Residual(6, 8, 2), Residual(8, 8, 1))
        self.pool, self.fc = nn.AdaptiveAvgPool3d(1), nn.Linear(8, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.pool(self.layer2(self.layer1(x))).flatten(1))


class Branches(nn.Module):
    """An Inception block: its branches, of which one pools, are put beside each other."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.one = conv(channels, 3, 1)
        self.three = nn.Sequential(conv(channels, 2, 1), nn.ReLU(), conv(2, 4))
        self.pooled = nn.Sequential(nn.MaxPool3d(3, 1, 1), conv(channels, 2, 1))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.one(x), self.three(x), self.pooled(x)], 1).relu()


class Inception(nn.Module):
    """S3D's head: pooling that leaves an extent, a 1×1×1 convolution for the classes, and their mean."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = conv(3, 6, 3, 2)
        self.mixed1, self.mixed2 = Branches(6), Branches(9)
        self.pool, self.drop, self.classes = nn.AvgPool3d((2, 4, 4), 1), nn.Dropout(), conv(9, CLASSES, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.mixed2(self.mixed1(self.stem(x).relu()))
        return self.classes(self.drop(self.pool(x))).mean([2, 3, 4])


class OpenBranches(nn.Module):
    """Branches that no module contains."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.one, self.three = conv(3, 6, 3, 2), conv(6, 3, 1), conv(6, 5)
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x).relu()
        return self.fc(torch.cat([self.one(x), self.three(x)], 1).relu().mean([2, 3, 4]))


class Squeeze(nn.Module):
    """Squeeze and excitation, the last thing that happens to the maps."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = conv(3, 6, 3, 2), conv(6, 8)
        self.down, self.up = nn.Linear(8, 4), nn.Linear(4, 8)
        self.fc = nn.Linear(8, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.second(self.first(x).relu())
        gate = torch.sigmoid(self.up(self.down(x.mean([2, 3, 4])).relu()))
        return self.fc((x * gate[:, :, None, None, None]).mean([2, 3, 4]))


class NonLocal(nn.Module):
    """Every place attends to all others (Wang et al., 2018)."""

    def __init__(self) -> None:
        super().__init__()
        self.theta, self.phi, self.g, self.out = (conv(8, 8, 1) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        weights = torch.softmax(self.theta(x).flatten(2).transpose(1, 2) @ self.phi(x).flatten(2), -1)
        seen = (weights @ self.g(x).flatten(2).transpose(1, 2)).transpose(1, 2)
        return x + self.out(seen.reshape(x.shape))


class WithNonLocal(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.block, self.fc = nn.Sequential(conv(3, 8, 3, 4), nn.ReLU()), NonLocal(), nn.Linear(8, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.block(self.stem(x)).amax([2, 3, 4]))


class Pathways(nn.Module):
    """A slow and a fast one, with a lateral connection and pooling of their own, joined in the head."""

    def __init__(self) -> None:
        super().__init__()
        self.slow1, self.fast1 = conv(3, 6, 3, 2), conv(3, 4, 3, 2)
        self.lateral = nn.Conv3d(4, 2, (5, 1, 1), (4, 1, 1), (2, 0, 0))
        self.slow2, self.fast2 = conv(8, 8, 3, 2), conv(4, 4, 3, (1, 2, 2))
        self.pool_slow, self.pool_fast = nn.AvgPool3d((1, 3, 3), 1), nn.AvgPool3d((4, 3, 3), 1)
        self.head = nn.Linear(12, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        slow, fast = self.slow1(x[:, :, ::4]).relu(), self.fast1(x).relu()
        slow = torch.cat([slow, self.lateral(fast)], 1)
        slow, fast = self.slow2(slow), self.fast2(fast)
        both = torch.cat([self.pool_slow(slow.relu()), self.pool_fast(fast.relu())], 1)
        return self.head(both.permute(0, 2, 3, 4, 1)).mean([1, 2, 3])


class LastPool(nn.Module):
    """C3D's end: the last maps are pooled, then flattened; one ReLU serves all."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2, self.pool = conv(3, 6, 3, 2), conv(6, 8), nn.MaxPool3d(2)
        self.relu, self.fc1, self.fc2 = nn.ReLU(), nn.Linear(8 * 2 * 8 * 8, 10), nn.Linear(10, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.relu(self.conv2(self.relu(self.conv1(x)))))
        return self.fc2(self.relu(self.fc1(x.flatten(1))))


class OpenShortcuts(nn.Module):
    """Shortcuts that no module contains: the last normalisation is taken, though not all flows through it."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = conv(3, 6, 3, 2)
        self.convs = nn.ModuleList(nn.Sequential(conv(6, 6), nn.BatchNorm3d(6)) for _ in range(5))
        self.fc = nn.Linear(6, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        for block in self.convs:
            x = (x + block(x)).relu()
        return self.fc(x.mean([2, 3, 4]))


class Cut(nn.Module):
    """No gradient of the clip, and so no flow to follow: the last convolution is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.fc = conv(3, 6, 3, 2), conv(6, 8), nn.Linear(8, CLASSES)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.second(self.first(x).relu().detach()).relu().mean([2, 3, 4]))


#: Networks and their layers; whether these cut the clip off.
NETWORKS = {
    "resnet": (ResNet, ["layer2"], True),
    "inception": (Inception, ["mixed2"], True),
    "open-branches": (OpenBranches, ["one", "three"], True),
    "squeeze": (Squeeze, ["second"], True),
    "non-local": (WithNonLocal, ["block"], True),
    "pathways": (Pathways, ["slow2", "fast2"], True),
    "last-pool": (LastPool, ["conv2"], True),
    "open-shortcuts": (OpenShortcuts, ["convs.4"], False),
    "cut": (Cut, ["second"], False),
}


def require_cut(network: nn.Module, layers: list[str], clip: Tensor) -> None:
    """With these outputs detached, nothing of the answer depends on the clip; with all but one of them, something."""
    for kept in [None, *layers]:
        hooks = [
            network.get_submodule(layer).register_forward_hook(lambda m, i, out: out.detach())
            for layer in layers
            if layer != kept
        ]
        answer = network(clip)
        for hook in hooks:
            hook.remove()
        if answer.requires_grad != (kept is not None):
            raise SystemExit(f"{layers} without {kept}: {answer.requires_grad}")


def added_cams(network: nn.Module, layers: list[str], clip: Tensor) -> np.ndarray:
    total = np.zeros((FRAMES, SIZE, SIZE))
    for layer in layers:
        seen: list[Tensor] = []
        hook = network.get_submodule(layer).register_forward_hook(lambda m, i, out: seen.append(out))
        score = network(clip)[0, TARGET]
        hook.remove()
        slopes = torch.autograd.grad(score, seen[-1])[0]
        cam = grad_cam(seen[-1].detach()[0].numpy(), slopes[0].numpy(), False)
        total += enlarge(cam, (FRAMES, SIZE, SIZE))
    return total


def main(folder: Path) -> None:
    torch.manual_seed(21)
    clip = torch.randn(1, 3, FRAMES, SIZE, SIZE)
    np.save(folder / "clip.npy", clip[0].numpy())
    truth = {}
    for name, (make, layers, is_cut) in NETWORKS.items():
        network = make().eval().requires_grad_(False)
        torch.jit.trace(network, clip, check_trace=False).save(str(folder / f"{name}.pt"))
        torch.jit.script(network).save(str(folder / f"{name}-scripted.pt"))
        exact, x = network.double(), clip.double().requires_grad_(True)
        if is_cut:
            require_cut(exact, layers, x)
        if name != "cut":
            np.save(folder / f"{name}.npy", added_cams(exact, layers, x).astype(np.float32))
        truth[name] = layers
    (folder / "truth.json").write_text(json.dumps(truth))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
