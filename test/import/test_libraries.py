"""torchvision and pytorchvideo: their networks with random weights, and what is refused."""

from __future__ import annotations

import pytest
import torch
from fep_import.command import main
from fep_import.libraries import admit_torchvision
from fep_import.model_file import load_model_file
from fep_import.options import parser
from fep_import.plain_functions import plain_functions
from fep_import.sources import find

admit_torchvision()
torchvision = pytest.importorskip("torchvision")
pytest.importorskip("pytorchvideo")


def refused(capsys, *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 1
    return capsys.readouterr().err


def same_as(network: torch.nn.Module, script: torch.jit.ScriptModule, clips: torch.Tensor) -> None:
    clips.requires_grad_()
    found, expected = script(clips), network(clips)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    (gradient,) = torch.autograd.grad(found[:, 1].sum(), clips)
    (eager,) = torch.autograd.grad(expected[:, 1].sum(), clips)
    assert (gradient - eager).abs().max() <= 1e-4 * eager.abs().max()


@pytest.mark.parametrize(("name", "frames", "size"), [("mc3_18", 4, 32)])
def test_torchvision_with_a_fine_tuned_checkpoint(name, frames, size, tmp_path):
    torch.manual_seed(2)
    network = torchvision.models.get_model(name, weights=None, num_classes=5).eval()
    torch.save({"state_dict": network.state_dict()}, tmp_path / "w.pth")
    given = ["--frames", str(frames), "--size", f"{size}x{size}"]
    assert (
        main(
            [
                f"torchvision:{name}",
                "--weights",
                str(tmp_path / "w.pth"),
                "--out",
                str(tmp_path / "x.pt"),
                *given,
            ]
        )
        == 0
    )
    script, manifest = load_model_file(tmp_path / "x.pt")
    assert manifest["output"] == {"classes": [], "activation": "logits"}, "the names are of 400 other classes"
    assert manifest["input"]["height"] == size and manifest["input"]["frames"] == frames
    clips = torch.randn(2, 3, frames, size, size, generator=torch.Generator().manual_seed(3))
    same_as(network, script, clips)


def test_torchvision_s_transforms_and_classes(tmp_path):
    given = ["--frames", "4", "--size", "32", "--random-init", "--seed", "4"]
    assert main(["torchvision:r3d_18", "--out", str(tmp_path / "x.pt"), *given]) == 0
    _, manifest = load_model_file(tmp_path / "x.pt")
    assert len(manifest["output"]["classes"]) == 400 and manifest["output"]["classes"][5] == "archery"
    assert manifest["input"]["resize"] == {"mode": "stretch", "height": 37, "width": 49, "antialias": False}
    assert manifest["input"]["sampling"] == {"type": "dense", "stride": 2}
    assert manifest["input"]["mean"] == pytest.approx([0.43216, 0.394666, 0.37645])
    assert manifest["origin"]["weights"] == [] and manifest["origin"]["seed"] == 4


def test_x3d_whose_swish_is_a_python_function(tmp_path):
    given = ["--size", "64", "--random-init"]
    assert main(["pytorchvideo:x3d_xs", "--out", str(tmp_path / "x.pt"), *given]) == 0
    script, manifest = load_model_file(tmp_path / "x.pt")
    assert manifest["output"]["activation"] == "softmax", "X3D's head ends in one"
    assert manifest["input"]["frames"] == 4 and manifest["input"]["sampling"] == {
        "type": "dense",
        "stride": 12,
    }
    clip = torch.randn(1, 3, 4, 64, 64)
    assert script(clip).sum() == pytest.approx(1, abs=1e-4)


def test_x3d_for_phones(tmp_path):
    given = ["--size", "64", "--random-init"]
    assert main(["pytorchvideo:efficient_x3d_xs", "--out", str(tmp_path / "x.pt"), *given]) == 0
    script, manifest = load_model_file(tmp_path / "x.pt")
    assert manifest["output"]["activation"] == "logits" and script(torch.randn(1, 3, 4, 64, 64)).shape == (
        1,
        400,
    )


def test_networks_are_tried_at_the_size_that_is_asked_for(monkeypatch, tmp_path):
    """A full-size pass of a network with random weights takes long, and MViT has positions for one size."""
    sizes = []
    network = torchvision.models.video.MViT

    def seen(self, clip, forward=network.forward):
        sizes.append(tuple(clip.shape[2:]))
        return forward(self, clip)

    monkeypatch.setattr(network, "forward", seen)
    given = ["--frames", "4", "--size", "32x48", "--random-init", "--class-count", "3", "--out", "x.pt"]
    found = find(parser(None).parse_args(["torchvision:mvit_v2_s", *given]))
    assert set(sizes) == {(4, 32, 48)} and found.input.resize["size"] > 48


def test_weights_with_positions_of_another_size(tmp_path, capsys):
    network = torchvision.models.video.mvit_v2_s(num_classes=3)
    torch.save(network.state_dict(), tmp_path / "w.pth")
    given = ["--weights", tmp_path / "w.pth", "--size", "64", "--out", tmp_path / "x.pt"]
    assert "Position embeddings fix the frames and the size" in refused(
        capsys, "torchvision:mvit_v2_s", *given
    )


def test_a_head_that_pools_more_than_a_small_clip_has():
    from fep_import.pooling import fit_pooling

    network = torch.nn.Sequential(torch.nn.AvgPool3d((2, 7, 7), stride=1), torch.nn.AvgPool3d(1))
    fit_pooling(network, torch.zeros(1, 2, 1, 8, 3))
    assert [pool.kernel_size for pool in network] == [(1, 7, 3), 1]


def test_slowfast_takes_one_clip(tmp_path):
    from fep_import.sources.pytorchvideo_model import TwoPathways

    class Both(torch.nn.Module):
        def forward(self, pathways):
            return torch.stack([pathways[0].mean((1, 2, 3, 4)), pathways[1].mean((1, 2, 3, 4))], 1)

    clip = torch.arange(32.0).reshape(1, 1, 32, 1, 1).expand(1, 3, 32, 2, 2)
    slow, fast = TwoPathways(Both())(clip)[0]
    # Frames 0, 4, 8, 13, 17, 22, 26, 31, as pytorchvideo's own transform takes every fourth.
    assert slow == pytest.approx((0 + 4 + 8 + 13 + 17 + 22 + 26 + 31) / 8) and fast == pytest.approx(15.5)


class Doubled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    @staticmethod
    def backward(ctx, gradient):
        return gradient * 3  # wrong on purpose


def test_functions_are_plain_within_and_themselves_again_after():
    x = torch.ones(2, requires_grad=True)
    with plain_functions():
        assert torch.equal(torch.autograd.grad(Doubled.apply(x).sum(), x)[0], torch.full((2,), 2.0))
    assert torch.equal(torch.autograd.grad(Doubled.apply(x).sum(), x)[0], torch.full((2,), 3.0))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("torchvision:r3d_17", "It has mc3_18"),
        ("torchvision:R2Plus1D-18", "Did you mean r2plus1d_18?"),
        ("pytorchvideo:slow_fast_r50", "Did you mean slowfast_r50?"),
        ("release:tsm-r50", "Did you mean tsm_r50?"),
        ("pytorchvideo:x3d_xxl", "It has x3d_xs"),
        ("torchvision:r3d_18", "--download"),
        ("pytorchvideo:x3d_xs", "--download"),
        ("release:r3d_18", "Add --weights"),
        ("mmaction2:no-such-config.py", "no configuration"),
        ("nonsense", "SOURCE is one of"),
    ],
)
def test_what_is_missing_is_said(source, message, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert message in refused(capsys, source, "--out", tmp_path / "x.pt")
    assert not (tmp_path / "x.pt").exists()


def test_weights_of_another_network(tmp_path, capsys):
    network = torchvision.models.video.mc3_18(num_classes=3)
    torch.save(network.state_dict(), tmp_path / "w.pth")
    said = refused(capsys, "torchvision:r3d_18", "--weights", tmp_path / "w.pth", "--out", tmp_path / "x.pt")
    assert "do not fit torchvision's r3d_18" in said and "of another shape" in said
