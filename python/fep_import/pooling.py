"""Lets networks with a pooling head of a fixed size take smaller clips."""

from __future__ import annotations

import torch
from torch import Tensor, nn

POOLS = (nn.AvgPool3d, nn.AvgPool2d)


def fit_pooling(network: nn.Module, clip: Tensor) -> None:
    """
    Makes every average pooling no larger than what it is given for a clip.

    A head that pools 7×7 of a frame of 224 pixels then pools all of a smaller one. Nothing changes where the
    clip is large enough.
    """

    def shrink(pool: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        axes = inputs[0].ndim - 2
        kernel = (pool.kernel_size,) * axes if isinstance(pool.kernel_size, int) else tuple(pool.kernel_size)
        padding = (pool.padding,) * axes if isinstance(pool.padding, int) else tuple(pool.padding)
        room = [size + 2 * pad for size, pad in zip(inputs[0].shape[2:], padding, strict=True)]
        fits = tuple(min(pair) for pair in zip(kernel, room, strict=True))
        if fits != kernel:
            pool.kernel_size = fits

    handles = [m.register_forward_pre_hook(shrink) for m in network.modules() if isinstance(m, POOLS)]
    try:
        with torch.no_grad():
            network(clip)
    finally:
        for handle in handles:
            handle.remove()
