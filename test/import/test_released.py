"""The command: a checkpoint in, a model file out; what does not fit is listed and refused."""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle

import pytest
import torch
from conftest import CLASSES
from fep_import.command import main
from fep_import.importing import wanted_input
from fep_import.model_file import load_model_file, reference_clip
from fep_import.options import parser
from fep_import.published.releases import RELEASES
from fep_import.trials import emulates_bfloat16
from published import LAYOUTS, weights

SMALL_INPUT = ["--frames", "8", "--size", "32"]


def run(*arguments) -> int:
    return main([str(argument) for argument in arguments])


def mit_checkpoint(classes: int = CLASSES) -> dict[str, torch.Tensor]:
    """TSM-ResNet-50 as MIT saves it, fine-tuned to a few classes."""
    shapes = {
        name: (classes, *shape[1:]) if ".new_fc." in name else shape
        for name, shape in LAYOUTS["tsm_r50-mit"].shapes.items()
    }
    return weights(shapes)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """As published: more than the state dict, beside it the arguments of the training."""
    path = tmp_path_factory.mktemp("mit") / "tsm.pth"
    state = mit_checkpoint()
    torch.save(
        {"epoch": 50, "arch": "resnet50", "args": argparse.Namespace(lr=0.01), "state_dict": state}, path
    )
    return path


@pytest.fixture
def names(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("\n".join(f"class {i}" for i in "abcdefg"))
    return path


def test_a_published_checkpoint_becomes_a_model_file(checkpoint, names, tmp_path, capsys):
    out = tmp_path / "models" / "tsm.pt"
    assert (
        run("release:tsm_r50", "--weights", checkpoint, "--classes", names, "--out", out, *SMALL_INPUT) == 0
    )
    assert "TSM-ResNet-50, NTCHW, 8 frames of 32x32, 7 classes" in capsys.readouterr().out
    script, manifest = load_model_file(out)
    reference, origin = manifest.pop("reference"), manifest.pop("origin")
    assert origin["source"] == "release:tsm_r50"
    assert origin["weights"] == [
        {"file": "tsm.pth", "sha256": hashlib.sha256(checkpoint.read_bytes()).hexdigest()}
    ]
    assert origin["libraries"] == {"torch": torch.__version__}
    assert origin["check"]["logits"] <= 1e-5 and origin["check"]["gradient"] <= 1e-4
    assert origin["check"]["batch"] == "alike"
    assert origin["check"]["bfloat16"] == "yes" or emulates_bfloat16()
    assert manifest == {
        "schemaVersion": 1,
        "name": "tsm_r50",
        "architecture": "TSM-ResNet-50",
        "input": {
            "layout": "NTCHW",
            "frames": 8,
            "height": 32,
            "width": 32,
            "sampling": {"type": "uniform"},
            "resize": {"mode": "short-side", "size": 256},
            "mean": [0.485, 0.456, 0.406],
            "std": [0.229, 0.224, 0.225],
            "channelOrder": "RGB",
        },
        "output": {"classes": [f"class {i}" for i in "abcdefg"], "activation": "logits"},
        "methods": ["features", "head"],
        "camLayer": "layer4",
    }
    clip = torch.randn(1, 8, 3, 32, 32, generator=torch.Generator().manual_seed(reference["seed"]))
    expected = torch.tensor(reference["logits"])
    with torch.no_grad():
        torch.testing.assert_close(script(clip)[0], expected, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(script.head(script.features(clip))[0], expected, rtol=1e-4, atol=1e-5)
    assert torch.equal(
        dict(script.named_parameters())["layer1.0.conv1.weight"],
        mit_checkpoint()["module.base_model.layer1.0.conv1.net.weight"],
    )


@pytest.mark.parametrize(("head", "classes"), [("verb", 125), ("noun", 352)])
def test_one_head_of_an_epic_checkpoint(head, classes, tmp_path):
    state = weights(LAYOUTS["tsm_r50-epic"].shapes)
    path, out = tmp_path / "epic.ckpt", tmp_path / f"{head}.pt"
    torch.save({"state_dict": state}, path)
    assert run("release:tsm_r50", "--weights", path, "--head", head, "--out", out, *SMALL_INPUT) == 0
    script, manifest = load_model_file(out)
    assert len(manifest["reference"]["logits"]) == classes
    assert torch.equal(dict(script.named_parameters())["fc.weight"], state[f"fc_{head}.weight"])


def test_a_head_has_to_be_chosen_where_there_are_two(tmp_path, capsys):
    path = tmp_path / "epic.ckpt"
    torch.save(weights(LAYOUTS["tsm_r50-epic"].shapes), path)
    assert run("release:tsm_r50", "--weights", path, "--out", tmp_path / "x.pt") == 1
    assert "--head verb or --head noun" in capsys.readouterr().err
    assert not (tmp_path / "x.pt").exists()


def test_tensors_that_do_not_fit_are_listed(tmp_path, capsys):
    state = mit_checkpoint()
    del state["module.base_model.layer2.1.conv3.weight"]
    state["module.extra.weight"] = torch.zeros(2)
    state["module.base_model.bn1.bias"] = torch.zeros(3)
    path = tmp_path / "odd.pth"
    torch.save(state, path)
    assert run("release:tsm_r50", "--weights", path, "--out", tmp_path / "x.pt") == 1
    said = capsys.readouterr().err
    assert "Closest is mit" in said
    assert "missing (1):\n    base_model.layer2.1.conv3.weight" in said
    assert "unexpected (1):\n    extra.weight" in said
    assert "of another shape (1):\n    base_model.bn1.bias: 3 instead of 64" in said
    assert not (tmp_path / "x.pt").exists()


def test_another_network_s_checkpoint(checkpoint, tmp_path, capsys):
    assert run("release:r2plus1d_18", "--weights", checkpoint, "--out", tmp_path / "x.pt") == 1
    said = capsys.readouterr().err
    assert "missing (" in said and "unexpected (" in said and "… and" in said and "Check the release" in said


class Harmful:
    def __reduce__(self):
        return print, ("ran",)


@pytest.mark.parametrize("kind", ["code", "text", "empty", "module", "numbers", "missing"])
def test_what_is_no_state_dict_is_refused(kind, tmp_path, capsys):
    path = tmp_path / "file.pth"
    if kind == "code":
        torch.save({"state_dict": {"a": torch.zeros(1)}, "more": Harmful()}, path)
    elif kind == "text":
        path.write_text("not a checkpoint")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "module":
        torch.save(torch.nn.Linear(2, 2), path)
    elif kind == "numbers":
        torch.save({"epoch": 3}, path)
    assert run("release:tsm_r50", "--weights", path, "--out", tmp_path / "x.pt") == 1
    said = capsys.readouterr()
    assert said.out == "" and "\nerror: " in said.err and "file.pth" in said.err


def test_a_list_of_names_of_another_length(checkpoint, tmp_path, capsys):
    names = tmp_path / "two.json"
    names.write_text('["a", "b"]')
    assert (
        run("release:tsm_r50", "--weights", checkpoint, "--classes", names, "--out", tmp_path / "x.pt") == 1
    )
    assert "7 classes apart, and the list of names has 2" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["release:cnn_lstm", "--weights", "x.pth"], "no published weights"),
        (["release:i3d", "--random-init", "--head", "noun"], "leave --head out"),
        (["release:tsm_r50", "--random-init", "--release", "nobody"], "but mit, mmaction2, epic"),
        (["release:video_transformer", "--random-init", "--frames", "5"], "multiple of 2"),
        (["release:i3d", "--random-init", "--frames", "8"], "I3D needs 9 frames or more"),
        (["release:r3d_18", "--random-init", "--classes", "no-such-file"], "cannot be read"),
    ],
)
def test_options_that_contradict_the_network(arguments, message, tmp_path, capsys):
    assert run(*arguments, "--out", tmp_path / "x.pt") == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--sampling", "dense:0"],
        ["--sampling", "dense:step"],
        ["--resize", "stretch:12"],
        ["--frames", "-1"],
        ["--class-count", "0"],
    ],
)
def test_options_that_cannot_be_read(arguments, tmp_path):
    with pytest.raises(SystemExit) as stopped:
        run("release:r3d_18", "--random-init", "--out", tmp_path / "x.pt", *arguments)
    assert stopped.value.code == 2


def test_random_weights_and_another_input(tmp_path):
    out = tmp_path / "lstm.pt"
    given = [
        "--frames",
        4,
        "--size",
        32,
        "--sampling",
        "dense:3",
        "--resize",
        "stretch:40x48",
        "--class-count",
        3,
    ]
    assert run("release:cnn_lstm", "--random-init", "--seed", 9, "--out", out, "--name", "mine", *given) == 0
    _, manifest = load_model_file(out)
    assert manifest["name"] == "mine" and manifest["methods"] == []
    assert manifest["output"] == {"classes": [], "activation": "softmax"}
    assert manifest["input"] | {"mean": 0, "std": 0} == {
        "layout": "NTCHW",
        "frames": 4,
        "height": 32,
        "width": 32,
        "sampling": {"type": "dense", "stride": 3},
        "resize": {"mode": "stretch", "height": 40, "width": 48},
        "mean": 0,
        "std": 0,
        "channelOrder": "BGR",
    }
    again = tmp_path / "again.pt"
    assert run("release:cnn_lstm", "--random-init", "--seed", 9, "--out", again, *given) == 0
    assert load_model_file(again)[1]["reference"] == manifest["reference"]
    assert sum(manifest["reference"]["logits"]) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("arguments", "sampling", "resize"),
    [
        (
            [],
            {"type": "dense", "stride": 2},
            {"mode": "stretch", "height": 128, "width": 171, "antialias": False},
        ),
        (["--resize", "short-side:40"], None, {"mode": "short-side", "size": 40, "antialias": False}),
        (
            ["--antialias", "--interpolation", "bicubic", "--sampling", "uniform:step"],
            {"type": "uniform", "offset": "step"},
            {"mode": "stretch", "height": 128, "width": 171, "antialias": True, "interpolation": "bicubic"},
        ),
        (["--sampling", "dense:3:end"], {"type": "dense", "stride": 3, "offset": "end"}, None),
        (["--sampling", "dense:start"], {"type": "dense", "stride": 1, "offset": "start"}, None),
    ],
)
def test_a_size_and_a_filter_are_changed_on_their_own(arguments, sampling, resize):
    options = parser(None).parse_args(["release:r3d_18", "--random-init", "--out", "x.pt", *arguments])
    wanted = wanted_input(RELEASES["r3d_18"][0].input, options)
    assert sampling is None or wanted.sampling == sampling
    assert resize is None or wanted.resize == resize


def test_releases_that_were_scaled_without_antialiasing():
    without = {
        (architecture, release.name)
        for architecture, releases in RELEASES.items()
        for release in releases
        if release.input.resize.get("antialias") is False
    }
    assert without == {
        ("r2plus1d_18", "torchvision"),
        ("mc3_18", "torchvision"),
        ("r3d_18", "torchvision"),
        ("r2plus1d_34", "mmaction2"),
        ("tsm_r50", "mmaction2"),
    }


def test_the_reference_clip_has_the_input_s_shape():
    for releases in RELEASES.values():
        for release in releases:
            given = release.input
            assert reference_clip("NTCHW", given).shape == (1, given.frames, 3, given.height, given.width)
            assert given.height == given.width, "a skeleton is built for squares"
            json.dumps(given.sampling), pickle.dumps(given)


def test_a_place_that_cannot_be_written_to(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    given = ["--frames", 2, "--size", 32, "--class-count", 2]
    assert run("release:cnn_lstm", "--random-init", "--out", tmp_path / "file" / "x.pt", *given) == 1
    assert "error: " in capsys.readouterr().err
    (tmp_path / "folder.pt").mkdir()
    assert run("release:cnn_lstm", "--random-init", "--out", tmp_path / "folder.pt", *given) == 1
    assert "folder.pt" in capsys.readouterr().err
