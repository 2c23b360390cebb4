"""What an explanation needs of a network: it can be scripted, differentiated, and writes nothing in place."""

from __future__ import annotations

import re

import pytest
import torch
from conftest import CLASSES
from fep_import.networks.random_weights import randomize
from fep_import.networks.tsm import TemporalShift
from fep_import.published.releases import RELEASES
from torch import Tensor


def test_the_script_answers_as_the_network_does(small):
    _, network, clip = small
    script = torch.jit.script(network)
    with torch.no_grad():
        clips = torch.cat((clip, clip.flip(-1)))
        torch.testing.assert_close(script(clips), network(clips), rtol=1e-5, atol=1e-5)


def test_output_shapes(small):
    architecture, network, clip = small
    with torch.no_grad():
        output = network(torch.cat((clip, clip)))
        assert output.shape == (2, CLASSES)
        if not hasattr(network, "features"):
            assert architecture in ("cnn_lstm", "video_transformer")
            return
        features = network.features(clip)
        torch.testing.assert_close(network.head(features)[0], output[0], rtol=1e-5, atol=1e-5)
    frames, height = clip.shape[2 if network.layout == "NCTHW" else 1], clip.shape[-1]
    scale = 16 if architecture in ("r2plus1d_18", "mc3_18", "r3d_18") else 32
    channels = {"tsm_r50": 2048, "i3d": 1024}.get(architecture, 512)
    time = {"tsm_r50": 1, "mc3_18": 1}.get(architecture, 8)
    assert features.shape == (1, channels, -(-frames // time), -(-height // scale), -(-height // scale))


def test_gradients_reach_every_frame(small):
    _, network, clip = small
    clip = clip.clone().requires_grad_()
    torch.jit.script(network)(clip)[0, 2].backward()
    assert torch.isfinite(clip.grad).all()
    frames = clip.grad.abs().sum(dim=(0, 1, 3, 4) if network.layout == "NCTHW" else (0, 2, 3, 4))
    assert (frames > 0).all()


def test_nothing_is_written_in_place(small):
    _, network, clip = small
    script = torch.jit.freeze(torch.jit.script(network))  # without the branches that only training takes
    names = {node.kind() for node in every_node(script.graph)}
    assert "aten::linear" in names or "aten::conv3d" in names
    assert [name for name in names if re.search("[a-z0-9]_$", name)] == []
    before = clip.clone()
    with torch.no_grad():
        script(clip)
    assert torch.equal(clip, before)


def every_node(block):
    for node in block.nodes():
        yield node
        for inner in node.blocks():
            yield from every_node(inner)


def slow_shift(x: Tensor, frames: int, share: int) -> Tensor:
    """Element by element, from the definition."""
    channels = x.size(1)
    moved = channels // share
    result = torch.zeros_like(x)
    for picture in range(x.size(0)):
        frame = picture % frames
        for channel in range(channels):
            source = frame + (1 if channel < moved else -1 if channel < 2 * moved else 0)
            if 0 <= source < frames:
                result[picture, channel] = x[picture - frame + source, channel]
    return result


@pytest.mark.parametrize(
    ("frames", "channels", "share"), [(8, 16, 8), (16, 64, 8), (4, 19, 8), (3, 7, 2), (1, 8, 8)]
)
def test_temporal_shift(frames, channels, share):
    x = torch.randn(2 * frames, channels, 3, 2, requires_grad=True)
    shift = TemporalShift(frames, share)
    expected = slow_shift(x, frames, share)
    assert torch.equal(shift(x), expected)
    weights = torch.randn_like(x)
    ours, theirs = (torch.autograd.grad((y * weights).sum(), x)[0] for y in (shift(x), expected))
    assert torch.equal(ours, theirs)


def test_a_seed_makes_the_same_weights_again():
    release = RELEASES["cnn_lstm"][0]
    clip = torch.zeros(1, 4, 3, 32, 32)
    networks = [release.build(5, release.input) for _ in range(3)]
    for network, seed in zip(networks, (1, 1, 2)):
        randomize(network, clip, seed)
    first, again, other = (network.state_dict() for network in networks)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["cnn.0.weight"], other["cnn.0.weight"])


def test_random_networks_are_neither_sure_nor_blind(small):
    architecture, network, clip = small
    with torch.no_grad():
        output = network(clip)
        other = network(clip.flip(-1) * 0.5)
    probabilities = output if RELEASES[architecture][0].activation == "softmax" else output.softmax(1)
    assert probabilities.max() < 0.9
    assert not torch.allclose(output, other, atol=1e-4)
