"""Random weights, for benchmarks and tests of full-size networks without a checkpoint."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

NORMS = (nn.BatchNorm2d, nn.BatchNorm3d, nn.LayerNorm)


def randomize(network: nn.Module, clip: Tensor, seed: int) -> None:
    """
    Draws a network's weights, and scales every batch norm by its input for a clip of noise.

    The weights of convolutions have variance 2/inputs, those of linear layers 1/inputs (He et al., 2015).
    Without the scale, every residual block would double the variance, and the softmax of a deep network would
    be one-hot and leave nothing to explain.
    """
    generator = torch.Generator().manual_seed(seed)
    network.eval()
    with torch.no_grad():
        for module in network.modules():
            for name, parameter in module.named_parameters(recurse=False):
                if isinstance(module, NORMS):
                    parameter.fill_(1.0 if name == "weight" else 0.0)
                elif parameter.ndim > 1:
                    gain = 2.0 if isinstance(module, (nn.Conv2d, nn.Conv3d)) else 1.0
                    deviation = math.sqrt(gain / parameter[0].numel())
                    parameter.copy_(torch.randn(parameter.shape, generator=generator) * deviation)
                else:
                    parameter.zero_()
        scale(network, torch.randn(clip.shape, generator=generator))


def scale(network: nn.Module, clip: Tensor) -> None:
    """
    Makes every batch norm divide by the root mean square of its input for a clip, layer by layer.

    It does not divide by the standard deviation: the output of a deep layer varies little within one clip of
    noise, so that would amplify the difference from every other clip.
    """

    def settle(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        norm.running_mean.zero_()
        norm.running_var.fill_(float(inputs[0].square().mean()))

    norms = [module for module in network.modules() if isinstance(module, NORMS[:2])]
    handles = [norm.register_forward_pre_hook(settle) for norm in norms]
    network(clip)
    for handle in handles:
        handle.remove()
