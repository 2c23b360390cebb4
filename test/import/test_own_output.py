"""What an own network returns: which tensor holds the classes, what is averaged, and what the numbers are."""

from __future__ import annotations

import own_zoo
import pytest
import torch
from fep_import.model_file import load_model_file
from test_own_entry import imported, refused

#: A network, the flags it wants, and its answer to a clip N×C×T×H×W.
ANSWERS = {
    "Pair": ([], lambda network, clip: network(clip)[0]),
    "Record": ([], lambda network, clip: network(clip).logits),
    "WithFeatures": ([], lambda network, clip: network(clip)["predictions"]),
    "TwoOfOneShape": (["--output", "1"], lambda network, clip: network(clip)[1]),
    "Named": (["--output", "noun"], lambda network, clip: network(clip).noun),
    "Nested": (["--output", "out.noun.0"], lambda network, clip: network(clip)["out"]["noun"][0]),
    "Places": (["--average-over", "2,3,4"], lambda network, clip: network(clip).mean((2, 3, 4))),
    "WithOnes": ([], lambda network, clip: network(clip).flatten(1)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_tensor_of_the_classes(name, tmp_path):
    flags, answer = ANSWERS[name]
    network, script, _ = imported(name, tmp_path / "x.pt", *flags)
    clips = torch.randn(2, 3, 8, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(script(clips), answer(network, clips))


@pytest.mark.parametrize(("wanted", "key"), [("0", "verb"), ("1", "noun")])
def test_named_ones_have_indices_too(wanted, key, tmp_path):
    network, script, _ = imported("Named", tmp_path / "x.pt", "--output", wanted)
    clip = torch.randn(1, 3, 8, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(script(clip), getattr(network(clip), key))


def test_the_number_of_classes_may_tell(tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(f"class {i}" for i in "abcdefghij"))
    _, _, manifest = imported("Named", tmp_path / "x.pt", "--classes", str(names))
    assert len(manifest["reference"]["logits"]) == 10


@pytest.mark.parametrize(
    ("name", "flags", "messages"),
    [
        ("TwoOfOneShape", [], ["0 (1×5), 1 (1×5)", "--output 0 or --output 1"]),
        ("Named", [], ["verb (1×5), noun (1×10)"]),
        ("Nested", ["--output", "logits"], ["no tensor logits, but out.verb.scores (1×5), out.noun.0 (1×5)"]),
        ("Nested", ["--output", "out"], ["holds several tensors: out.verb.scores"]),
        ("Volume", ["--output", "logits"], ["returns one tensor (1×5) without a name"]),
        ("AlongTime", [], ["answers 1×8×5 to one clip", "--average-over time"]),
        ("Rows", [], ["answers 8×5 to one clip", "--average-over segments"]),
        ("Places", [], ["answers 1×4×6×14×10 to one clip", "--average-over 2,3,4"]),
        ("Places", ["--average-over", "time"], ["which axes are to be averaged cannot be told"]),
        ("AlongTime", ["--average-over", "0,1"], ["its axes behind that of the clips are 1 to 2"]),
        ("OneScore", [], ["1×1 to one clip", "--activation sigmoid"]),
    ],
)
def test_what_cannot_be_told_is_asked_for(name, flags, messages, tmp_path, capsys):
    said = refused(capsys, name, tmp_path / "x.pt", *flags)
    for message in messages:
        assert message in said


@pytest.mark.parametrize(
    ("name", "over"),
    [("AlongTime", "time"), ("AlongTime", "1"), ("TimeLast", "time"), ("TimeLast", "2"), ("Rows", "segments"),
     ("Rows", "time"), ("Rows", "0")],
)  # fmt: skip
def test_scores_of_frames_are_averaged(name, over, tmp_path):
    network, script, manifest = imported(name, tmp_path / "x.pt", "--average-over", over)
    clips = torch.randn(2, 8, 3, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(script(clips), own_zoo.Frames.forward(network, clips))
    assert manifest["origin"]["check"]["batch"] == "alike"


def test_a_squeezed_answer_is_one_row(tmp_path):
    network, script, _ = imported("Squeezed", tmp_path / "x.pt")
    clip = torch.randn(1, 8, 3, 16, 12)
    with torch.no_grad():
        torch.testing.assert_close(script(clip), network(clip)[None])


def test_branches_of_a_network_that_returns_several_are_kept(tmp_path):
    network, script, _ = imported("BranchingPair", tmp_path / "x.pt")
    for brightness in (-1.0, 0.5):
        clip = torch.full((1, 3, 8, 16, 12), brightness)
        torch.testing.assert_close(script(clip), network(clip)[0])


@pytest.mark.parametrize(
    ("name", "flags", "activation"),
    [
        ("Softmax", [], "softmax"),
        ("MeanOfSoftmax", [], "softmax"),
        ("Softmax", ["--activation", "logits"], "logits"),
        ("Sigmoid", [], "sigmoid"),
        ("OneProbability", [], "sigmoid"),
        ("OneScore", ["--activation", "sigmoid"], "sigmoid"),
        ("LogSoftmax", [], "logits"),
        ("SmallLogits", [], "logits"),
    ],
)
def test_probabilities_are_found(name, flags, activation, tmp_path):
    assert imported(name, tmp_path / "x.pt", *flags)[2]["output"]["activation"] == activation


def test_a_submodule_called_features_is_no_method(tmp_path):
    imported("Volume", tmp_path / "x.pt")
    assert load_model_file(tmp_path / "x.pt")[1]["methods"] == []
