"""A user's own network, and programs of torch.export."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch
from fep_import.command import main
from fep_import.model_file import load_model_file

SOURCE = """
import torch
from torch import nn
from parts import convolution

class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = convolution()
        self.fc = nn.Linear(4, 3)

    def scores(self, x):
        return self.fc(self.convolution(x).relu().mean((2, 3, 4)))

    def forward(self, x):
        return self.scores(x)

class Mapping(Plain):
    def forward(self, x):
        return {"features": 1, "logits": self.scores(x)}

class Branching(Plain):
    def forward(self, x):
        if float(x.mean()) > -0.5:
            return self.scores(x)
        return -self.scores(x)

class Closed(Branching):
    def scores(self, x):
        return super().scores(x * (lambda: 1)())

class Detached(Plain):
    def forward(self, x):
        return self.scores(x.detach())

class Pairs(Plain):
    def forward(self, x):
        return self.scores(x).reshape(1, 1, -1)

class Halved(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x / 2

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, gradient):
        return gradient / 2

class NewStyle(Plain):
    def forward(self, x):
        return self.scores(Halved.apply(x))

class StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, gradient):
        return gradient

class Rounded(Plain):
    def forward(self, x):
        return self.scores(StraightThrough.apply(x))

class Hybrid(Plain):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True, dropout=0.0)
        self.encoder = nn.TransformerEncoder(layer, 2)

    def forward(self, x):
        tokens = self.convolution(x).flatten(2).transpose(1, 2)
        return self.fc(self.encoder(tokens).mean(1))

class Random(Plain):
    def forward(self, x):
        return self.scores(torch.nn.functional.dropout(x, 0.5, True))

class Recurrent(Plain):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 4, batch_first=True)

    def forward(self, x):
        frames = self.convolution(x).mean((3, 4)).transpose(1, 2)
        return self.fc(self.lstm(frames, (torch.zeros(1, 1, 4), torch.zeros(1, 1, 4)))[0][:, -1])

def noisy():
    print("{not json")
    return Plain()

def number():
    return 3

plain, mapping, branching, closed, detached, pairs = Plain, Mapping, Branching, Closed, Detached, Pairs
new_style, rounded, hybrid, random, recurrent = NewStyle, Rounded, Hybrid, Random, Recurrent
"""
PARTS = """
from torch import nn

def convolution():
    return nn.Conv3d(3, 4, 3)
"""
INPUT = ["--layout", "NCTHW", "--frames", "4", "--size", "12x10"]


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "parts.py").write_text(PARTS)
    (folder / "own_network.py").write_text(SOURCE)
    return folder / "own_network.py"


def run(source: object, out: Path, *more: str) -> int:
    return main([str(source), "--out", str(out), *more])


@pytest.mark.parametrize("function", ["plain", "mapping", "branching", "new_style", "hybrid"])
def test_the_file_answers_as_the_network_does(function, own, tmp_path):
    given = ["--activation", "sigmoid", "--mean", "0.5", "--pixel-range=-1..1", "--sampling", "dense:3"]
    assert run(f"{own}:{function}", tmp_path / "x.pt", *INPUT, *given) == 0
    script, manifest = load_model_file(tmp_path / "x.pt")
    assert manifest["name"] == "own_network" and manifest["output"]["activation"] == "sigmoid"
    assert manifest["input"] == {
        "layout": "NCTHW",
        "frames": 4,
        "height": 12,
        "width": 10,
        "sampling": {"type": "dense", "stride": 3},
        "resize": {"mode": "stretch"},
        "mean": [0.5, 0.5, 0.5],
        "std": [1, 1, 1],
        "channelOrder": "RGB",
        "pixelRange": [-1.0, 1.0],
    }


def test_a_branch_on_the_pixels_is_kept(own, tmp_path):
    network = own_networks(own).Branching()
    torch.save(network.state_dict(), tmp_path / "w.pth")
    assert run(f"{own}:branching", tmp_path / "x.pt", *INPUT, "--weights", str(tmp_path / "w.pth")) == 0
    script, _ = load_model_file(tmp_path / "x.pt")
    for brightness in (-1.0, 0.5):
        clip = torch.full((1, 3, 4, 12, 10), brightness)
        torch.testing.assert_close(script(clip), network(clip))


def own_networks(own: Path) -> ModuleType:
    sys.path.insert(0, str(own.parent))
    return importlib.import_module("own_network")


def test_weights_from_a_file(own, tmp_path):
    network = own_networks(own).Plain()
    torch.save(network.state_dict(), tmp_path / "w.pth")
    assert run(f"{own}:plain", tmp_path / "x.pt", *INPUT, "--weights", str(tmp_path / "w.pth")) == 0
    script, manifest = load_model_file(tmp_path / "x.pt")
    clip = torch.randn(2, 3, 4, 12, 10)
    torch.testing.assert_close(script(clip), network(clip))
    assert manifest["origin"]["weights"][0]["file"] == "w.pth"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("closed", "cannot be made a TorchScript file"),
        ("detached", "no gradient reaches the clip"),
        ("pairs", "answers 1×1×3 to one clip"),
        ("rounded", "the gradient with respect to the clip of the script and of the network differ"),
        ("random", "draws random numbers"),
        ("number", "returned a int"),
        ("absent", "there is no function absent"),
    ],
)
def test_networks_that_cannot_be_explained(function, message, own, tmp_path, capsys):
    assert run(f"{own}:{function}", tmp_path / "x.pt", *INPUT) == 1
    assert message in capsys.readouterr().err
    assert not list(tmp_path.glob("*x.pt*"))


def test_what_only_the_user_can_know(own, tmp_path, capsys):
    assert run(f"{own}:plain", tmp_path / "x.pt") == 1
    assert "--layout --frames --size" in capsys.readouterr().err


def test_errors_as_json(own, tmp_path, capsys):
    assert run(f"{own}:number", tmp_path / "x.pt", *INPUT, "--json") == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert "torch.nn.Module" in error["message"] and error["hint"]


@pytest.mark.parametrize("symbolic", [False, True])
def test_an_exported_program(symbolic, own, tmp_path):
    network = own_networks(own).Plain().eval()
    shapes = ({0: torch.export.Dim.AUTO},) if symbolic else None
    clips = torch.randn(2 if symbolic else 1, 3, 4, 12, 10)
    torch.export.save(torch.export.export(network, (clips,), dynamic_shapes=shapes), tmp_path / "net.pt2")
    assert run(tmp_path / "net.pt2", tmp_path / "x.pt") == 0
    script, manifest = load_model_file(tmp_path / "x.pt")
    torch.testing.assert_close(script(clips[:1]), network(clips[:1]))
    assert manifest["input"]["layout"] == "NCTHW" and manifest["input"]["width"] == 10


def test_a_file_that_is_no_program(tmp_path, capsys):
    (tmp_path / "net.pt2").write_text("nothing")
    assert run(tmp_path / "net.pt2", tmp_path / "x.pt") == 1
    assert "cannot be read as a program of torch.export" in capsys.readouterr().err


def test_a_network_of_one_clip_at_a_time(own, tmp_path):
    assert run(f"{own}:recurrent", tmp_path / "x.pt", *INPUT) == 0
    _, manifest = load_model_file(tmp_path / "x.pt")
    assert manifest["origin"]["check"]["batch"].startswith("one clip at a time")


def test_what_a_network_prints_is_not_the_answer(own, tmp_path):
    command = [
        sys.executable,
        "-m",
        "fep_import",
        f"{own}:noisy",
        "--json",
        "--out",
        str(tmp_path / "x.pt"),
        *INPUT,
    ]
    place = str(Path(__file__).parents[2] / "python")
    environment = {**os.environ, "PYTHONPATH": place}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert json.loads(ended.stdout)["manifest"]["name"] == "own_network" and "{not json" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--download"], "--download means nothing"),
        (["--head", "verb"], "--head means nothing"),
        (["--resize", "short-side:8"], "resized to 8 pixels"),
    ],
)
def test_options_that_change_nothing_or_do_not_fit(arguments, message, own, tmp_path, capsys):
    assert run(f"{own}:plain", tmp_path / "x.pt", *INPUT, *arguments) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--std", "0"], ["--mean", "nan"], ["--pixel-range", "1..0"], ["--size", "0"]]
)
def test_values_that_no_clip_can_have(arguments, own, tmp_path):
    with pytest.raises(SystemExit):
        run(f"{own}:plain", tmp_path / "x.pt", *INPUT, *arguments)


def test_a_folder_in_place_of_a_file(own, tmp_path, capsys):
    assert run(f"{own}:plain", tmp_path, *INPUT) == 1
    assert "is a folder" in capsys.readouterr().err


def test_a_file_that_imports_what_stands_beside_it(tmp_path):
    folder = tmp_path / "project" / "networks"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    (folder / "__init__.py").write_text("")
    (folder / "parts.py").write_text(PARTS)
    (folder / "relative.py").write_text(SOURCE.replace("from parts", "from .parts"))
    assert run(f"{folder / 'relative.py'}:plain", tmp_path / "x.pt", *INPUT) == 0
    _, manifest = load_model_file(tmp_path / "x.pt")
    assert manifest["name"] == "relative"


def test_a_file_with_the_name_of_a_module_of_python(tmp_path):
    (tmp_path / "parts.py").write_text(PARTS)
    (tmp_path / "types.py").write_text(SOURCE)
    assert run(f"{tmp_path / 'types.py'}:plain", tmp_path / "x.pt", *INPUT) == 0
    assert sys.modules["types"].ModuleType is ModuleType
