"""Weights as they are found: in wrappers, under prefixes, beside settings, and those that do not fit."""

from __future__ import annotations

import enum
import functools
import pathlib
import sys
from types import ModuleType

import own_zoo
import pytest
import torch
from fep_import.checkpoint import read_checkpoint
from fep_import.failure import ImportFailure
from fep_import.weights import load_strictly
from torch import nn


def network() -> nn.Module:
    return own_zoo.Frames()


class Whole(own_zoo.Frames):
    """Of this file: another test imports that of the zoo again, under the same name."""


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = network()


STATE = {
    name: torch.randn(value.shape) if value.ndim else value for name, value in network().state_dict().items()
}


def under(prefix: str) -> dict[str, torch.Tensor]:
    return {prefix + name: value for name, value in STATE.items()}


CHECKPOINTS = {
    "plain": STATE,
    "state_dict": {"epoch": 3, "state_dict": STATE},
    "model_state": {"model_state": STATE, "optimizer": {"state": {0: {"exp_avg": torch.zeros(2)}}}},
    "net": {"net": under("module.")},
    "ema": {"ema": {"module": STATE, "decay": 0.9}},
    "another name": {"best_weights": STATE, "accuracy": 0.5},
    "DataParallel": under("module."),
    "torch.compile": under("_orig_mod."),
    "both": under("_orig_mod.module."),
    "inside": {"state_dict": under("model._orig_mod.")},
    "Lightning": {"state_dict": {**under("model."), "criterion.weight": torch.ones(5)}},
    "backbone": under("backbone."),
    "deep": under("model.net.backbone."),
}


def saved(content: object, folder: pathlib.Path) -> pathlib.Path:
    torch.save(content, folder / "w.ckpt")
    return folder / "w.ckpt"


@pytest.mark.parametrize("name", CHECKPOINTS)
@pytest.mark.parametrize("build", [network, Wrapped])
def test_wrappers_are_taken_off_or_put_on(name, build, tmp_path):
    own = build()
    load_strictly(own, read_checkpoint(saved(CHECKPOINTS[name], tmp_path)), "x")
    inner = own.net if isinstance(own, Wrapped) else own
    assert all(torch.equal(value, STATE[key]) for key, value in inner.state_dict().items())


class Mode(enum.Enum):
    FULL = 1


class Settings(dict):
    """A mapping of its own class, as Lightning keeps hyperparameters, with state beside its items."""

    def __reduce__(self):
        return Settings, (), {"frozen": True}, None, iter(self.items())


class Plain:
    def __init__(self):
        self.rate = 0.1


@pytest.fixture
def absent_classes(monkeypatch):
    """Classes of a package that is gone when the file is read."""
    package = ModuleType("trainer_of_users")
    monkeypatch.setitem(sys.modules, package.__name__, package)
    for kind in (Mode, Settings, Plain):
        monkeypatch.setattr(kind, "__module__", package.__name__)
        setattr(package, kind.__name__, kind)
    return package


def test_settings_of_other_classes_are_not_loaded(absent_classes, tmp_path, monkeypatch):
    settings = Settings(mode=Mode.FULL, folder=pathlib.Path("x"), more=Plain(), loss=nn.functional.relu)
    settings["optimizer"] = functools.partial(torch.optim.SGD, lr=0.1)
    file = saved({"state_dict": under("model."), "hyper_parameters": settings}, tmp_path)
    monkeypatch.delitem(sys.modules, absent_classes.__name__)
    state = read_checkpoint(file)
    assert torch.equal(state["model.fc.weight"], STATE["fc.weight"])


@pytest.mark.parametrize("content", [Whole(), {"model": Whole(), "epoch": 3}])
def test_a_whole_network_is_loaded_only_where_it_is_trusted(content, tmp_path):
    file = saved(content, tmp_path)
    with pytest.raises(ImportFailure) as refused:
        read_checkpoint(file)
    assert (
        "test_weights.Whole" in f"{refused.value}{refused.value.hint}"
        and "--allow-pickle" in refused.value.hint
    )
    assert set(read_checkpoint(file, allow_pickle=True)) == set(STATE)


@pytest.mark.parametrize(
    ("state", "messages", "hint"),
    [
        (
            {"body.weight": torch.ones(2)},
            ["missing (8)", "unexpected (1):\n    body.weight"],
            "Prefixes such as",
        ),
        (
            {**STATE, "fc.weight": torch.ones(9, 6), "fc.bias": torch.ones(9)},
            ["fc.weight: 9x6 instead of 5x6"],
            "as many classes",
        ),
    ],
)
def test_what_does_not_fit_is_listed(state, messages, hint):
    with pytest.raises(ImportFailure) as refused:
        load_strictly(network(), state, "x")
    assert all(message in str(refused.value) for message in messages) and hint in refused.value.hint


def test_positions_of_another_size():
    with pytest.raises(ImportFailure) as refused:
        load_strictly(own_zoo.Transformer(8, 32), own_zoo.Transformer(8, 16).state_dict(), "x")
    assert "pos_embed: 1x16x8 instead of 1x64x8" in str(refused.value)
    assert "Position embeddings fix" in refused.value.hint
