"""How an own network is handed a clip: found by trial, or asked for."""

from __future__ import annotations

from pathlib import Path

import own_zoo
import pytest
import torch
from fep_import.command import main
from fep_import.model_file import load_model_file

ZOO = Path(own_zoo.__file__)
INPUT = ["--frames", "8", "--size", "16x12"]


def imported(name: str, out: Path, *more: str, given: list[str] = INPUT):
    """The network, its script and its manifest."""
    network = getattr(own_zoo, name)().eval()
    weights = out.with_suffix(".pth")
    torch.save(network.state_dict(), weights)
    assert main([f"{ZOO}:{name}", "--weights", str(weights), "--out", str(out), *given, *more]) == 0
    return network, *load_model_file(out)


def refused(capsys, name: str, out: Path, *more: str, given: list[str] = INPUT) -> str:
    assert main([f"{ZOO}:{name}", "--out", str(out), *given, *more]) == 1
    assert not out.exists()
    return capsys.readouterr().err


def slow_of(clip: torch.Tensor, stride: int) -> torch.Tensor:
    frames = clip.shape[2]
    return clip[:, :, torch.linspace(0, frames - 1, frames // stride).long()]


#: A network, the layout of its file, and how it takes the file's clip.
TAKEN = {
    "Volume": ("NCTHW", lambda clip: (clip,)),
    "Frames": ("NTCHW", lambda clip: (clip,)),
    "ChannelsLast": ("NTCHW", lambda clip: (clip.permute(0, 1, 3, 4, 2),)),
    "BatchOfFrames": ("NTCHW", lambda clip: (clip[0],)),
    "Stacked": ("NTCHW", lambda clip: (clip.flatten(1, 2),)),
    "Sorted": ("NCTHW", lambda clip: (clip,)),
    "TwoPathways": ("NCTHW", lambda clip: ([slow_of(clip, 4), clip],)),
    "Lateral": ("NCTHW", lambda clip: ([slow_of(clip, 8), clip],)),
    "SlowAndFast": ("NCTHW", lambda clip: (slow_of(clip, 4), clip)),
    "OfMapping": ("NCTHW", lambda clip: ({"clip": clip},)),
}


@pytest.mark.parametrize("name", TAKEN)
def test_the_way_is_found(name, tmp_path):
    layout, taken = TAKEN[name]
    network, script, manifest = imported(name, tmp_path / "x.pt")
    assert manifest["input"]["layout"] == layout
    clip = torch.randn(1, 3, 8, 16, 12) if layout == "NCTHW" else torch.randn(1, 8, 3, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(script(clip), network(*taken(clip)))


@pytest.mark.parametrize(("name", "keys"), [("ByKeyword", ["video"]), ("ByUsualName", ["pixel_values"])])
def test_one_clip_by_name(name, keys, tmp_path):
    network, script, _ = imported(name, tmp_path / "x.pt")
    clip = torch.randn(1, 3, 8, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(script(clip), network(**{key: clip for key in keys}))


def test_pathways_by_name(tmp_path):
    network, script, _ = imported("OfKeywords", tmp_path / "x.pt")
    clip = torch.randn(1, 3, 8, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(script(clip), network(slow=slow_of(clip, 4), fast=clip))


def test_frames_that_may_be_channels_are_told_apart_by_other_numbers_of_them(tmp_path):
    given = ["--frames", "3", "--size", "16"]
    assert imported("Volume", tmp_path / "x.pt", given=given)[2]["input"]["layout"] == "NCTHW"
    assert imported("Frames", tmp_path / "y.pt", given=given)[2]["input"]["layout"] == "NTCHW"


def test_what_cannot_be_told_is_asked_for(tmp_path, capsys):
    said = refused(capsys, "AnyOrder", tmp_path / "x.pt")
    assert "--layout NCTHW or --layout NTCHW" in said
    network, script, _ = imported("AnyOrder", tmp_path / "x.pt", "--layout", "NTCHW")
    said = refused(capsys, "TwoClips", tmp_path / "y.pt")
    assert "left and right" in said and "--pathways 1,1" in said
    network, script, _ = imported("TwoClips", tmp_path / "y.pt", "--pathways", "2,1")
    clip = torch.randn(1, 3, 8, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(script(clip), network(slow_of(clip, 2), clip))


def test_a_layout_that_is_wrong(tmp_path, capsys):
    said = refused(capsys, "Frames", tmp_path / "x.pt", "--layout", "NCTHW")
    assert "takes no clip of 8 frames of 16x12" in said and "It takes NTCHW: leave --layout out" in said


def test_inputs_that_no_clip_has(tmp_path, capsys):
    said = refused(capsys, "WithFlow", tmp_path / "x.pt")
    assert "forward takes (rgb, flow)" in said and "wrapped" in said


def test_positions_that_fix_the_size(tmp_path, capsys):
    said = refused(capsys, "Transformer", tmp_path / "x.pt", given=["--frames", "8", "--size", "32"])
    assert "position embeddings (pos_embed 1×16×8) fix the size" in said and "--frames and --size" in said
    imported("Transformer", tmp_path / "x.pt", given=["--frames", "8", "--size", "16"])


@pytest.mark.parametrize("name", ["with_transforms", "parallel", "ready"])
def test_what_functions_return_beside_or_around_a_network(name, tmp_path):
    assert main([f"{ZOO}:{name}", "--out", str(tmp_path / "x.pt"), *INPUT]) == 0
    assert load_model_file(tmp_path / "x.pt")[1]["architecture"] == "Frames"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("NeedsNumber", "cannot be called without arguments"),
        ("failing", "FileNotFoundError in failing"),
        ("Frame", "Did you mean Frames?"),
    ],
)
def test_what_is_no_function_of_a_network(name, message, tmp_path, capsys):
    assert message in refused(capsys, name, tmp_path / "x.pt")


def test_dropout_that_its_own_train_keeps_on(tmp_path):
    imported("AlwaysDropping", tmp_path / "x.pt")


def test_a_number_of_classes_is_handed_to_the_function(tmp_path, capsys):
    given = [f"{ZOO}:NeedsNumber", "--out", str(tmp_path / "x.pt"), *INPUT, "--class-count"]
    assert main([*given, "7"]) == 0
    assert len(load_model_file(tmp_path / "x.pt")[1]["reference"]["logits"]) == 7
    assert "takes no number of classes" in refused(
        capsys, "with_transforms", tmp_path / "y.pt", "--class-count", "7"
    )


def test_an_error_in_forward_is_said_with_its_place(tmp_path, capsys):
    file = tmp_path / "faulty.py"
    file.write_text(
        "from torch import nn\n\n\nclass Net(nn.Module):\n    def forward(self, clip):\n        return clap.mean()\n"
    )
    assert main([f"{file}:Net", "--out", str(tmp_path / "x.pt"), *INPUT]) == 1
    said = capsys.readouterr().err
    assert "NameError: name 'clap' is not defined (faulty.py:6)" in said and "correct it there" in said


def test_imports_from_the_root_of_the_project(tmp_path):
    file = tmp_path / "blocks_of_mine" / "nets" / "net.py"
    file.parent.mkdir(parents=True)
    (tmp_path / "blocks_of_mine" / "parts.py").write_text("from own_zoo import Volume\n")
    file.write_text("from blocks_of_mine.parts import Volume\n")
    assert main([f"{file}:Volume", "--out", str(tmp_path / "x.pt"), *INPUT]) == 0
