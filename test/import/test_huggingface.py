"""Folders of HuggingFace models: preprocessing, classes, weights, and the same answers as the library's."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from fep_import.command import main
from fep_import.libraries import admit_torchvision
from fep_import.model_file import Input, load_model_file
from fep_import.sources.huggingface import FAMILIES, input_of, tubes

admit_torchvision()
transformers = pytest.importorskip("transformers")

SMALL = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 96}
CLASSES = {
    "id2label": {0: "Archery", 1: "Biking", 2: "Fencing"},
    "label2id": {"Archery": 0, "Biking": 1, "Fencing": 2},
}
IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
SHORT_SIDE = {"size": {"shortest_edge": 64}, "crop_size": {"height": 64, "width": 64}, "do_center_crop": True}
PREPARED = {
    **IMAGENET,
    **SHORT_SIDE,
    "resample": 2,
    "rescale_factor": 1 / 255,
    "do_rescale": True,
    "do_normalize": True,
}


ATTENTION = {
    "timesformer": "divided_space_time",
    "timesformer-joint": "joint_space_time",
    "timesformer-space": "space_only",
}
PRISM = hasattr(transformers, "VideoPrismForVideoClassification")
KINDS = ["videomae", *ATTENTION, "vivit", "vjepa2", *(["videoprism"] if PRISM else [])]


def configuration(kind: str):
    """Small, and with three classes."""
    if kind == "videomae":
        return transformers.VideoMAEConfig(image_size=64, num_frames=8, **SMALL, **CLASSES)
    if kind in ATTENTION:
        return transformers.TimesformerConfig(
            image_size=64, num_frames=4, attention_type=ATTENTION[kind], **SMALL, **CLASSES
        )
    if kind == "videoprism":
        layers = {"num_spatial_layers": 2, "num_temporal_layers": 1, "num_auxiliary_layers": 1}
        small = {name: SMALL[name] for name in ("hidden_size", "num_attention_heads", "intermediate_size")}
        return transformers.VideoPrismVisionConfig(image_size=72, num_frames=4, **small, **layers, **CLASSES)
    if kind == "vivit":
        return transformers.VivitConfig(image_size=64, num_frames=8, **SMALL, **CLASSES)
    small = {**SMALL, "mlp_ratio": 2, "num_pooler_layers": 1, "pred_num_hidden_layers": 1}
    predictor = {"pred_hidden_size": 48, "pred_num_attention_heads": 3}
    del small["intermediate_size"]
    return transformers.VJEPA2Config(crop_size=64, frames_per_clip=8, **small, **predictor, **CLASSES)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> Path:
    """One of each kind, as save_pretrained writes it, with weights large enough to tell clips apart."""
    root = tmp_path_factory.mktemp("hf")
    for kind in KINDS:
        torch.manual_seed(1)
        model = transformers.AutoModelForVideoClassification.from_config(configuration(kind))
        for parameter in model.parameters():
            if parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=(2 / parameter[0].numel()) ** 0.5)
        model.save_pretrained(root / kind)
        write_preprocessing(
            root / kind, PREPARED if kind != "videoprism" else {**PREPARED, "size": 72, "crop_size": 72}
        )
    return root


def write_preprocessing(folder: Path, prepared: dict) -> None:
    (folder / "preprocessor_config.json").write_text(json.dumps(prepared))


def imported(folder: Path, out: Path, *more: str):
    assert main([str(folder), "--out", str(out), *more]) == 0
    return load_model_file(out)


@pytest.mark.parametrize(
    ("kind", "tokens"),
    [
        ("videomae", {"grid": [4, 4, 4], "prefix": 0}),
        ("timesformer", {"grid": [4, 4, 4], "prefix": 1}),
        ("timesformer-joint", {"grid": [4, 4, 4], "prefix": 1}),
        ("timesformer-space", {"grid": [4, 4, 4], "prefix": 1}),
        pytest.param(
            "videoprism",
            {"grid": [4, 4, 4], "prefix": 0},
            marks=pytest.mark.skipif(not PRISM, reason="older"),
        ),
        ("vivit", {"grid": [4, 4, 4], "prefix": 1}),
        ("vjepa2", {"grid": [4, 4, 4], "prefix": 0}),
    ],
)
def test_the_file_answers_as_the_library_does(kind, tokens, folders, tmp_path):
    script, manifest = imported(folders / kind, tmp_path / "x.pt")
    assert manifest["tokens"] == tokens
    assert manifest["output"] == {"classes": ["Archery", "Biking", "Fencing"], "activation": "logits"}
    given = manifest["input"]
    assert given["layout"] == "NTCHW"
    model = transformers.AutoModelForVideoClassification.from_pretrained(folders / kind).eval()
    size = given["height"]
    clips = torch.randn(2, given["frames"], 3, size, size, generator=torch.Generator().manual_seed(3))
    clips.requires_grad_()
    # Where frames are answered one by one, as by attention over space alone, their mean is the clip's answer.
    found, expected = script(clips), model(clips).logits.reshape(2, -1, 3).mean(1)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    (gradient,) = torch.autograd.grad(found[:, 1].sum(), clips)
    (eager,) = torch.autograd.grad(expected[:, 1].sum(), clips)
    assert (gradient - eager).abs().max() <= 1e-4 * eager.abs().max()
    assert eager.abs().max() > 1e-3, "a gradient of nothing would equal anything"
    check = manifest["origin"]["check"]
    assert check["batch"] == "alike" and check["logits"] <= 1e-5 and check["gradient"] <= 1e-4
    assert manifest["origin"]["libraries"]["transformers"] == transformers.__version__


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"resize": {"mode": "short-side", "size": 64, "interpolation": "bilinear"}}),
        (
            {"size": {"shortest_edge": 73}},
            {"resize": {"mode": "short-side", "size": 73, "interpolation": "bilinear"}},
        ),
        (
            {"size": {"height": 70, "width": 80}, "resample": 3},
            {"resize": {"mode": "stretch", "height": 70, "width": 80, "interpolation": "bicubic"}},
        ),
        ({"offset": True, "rescale_factor": 1 / 127.5}, {"pixelRange": [-1.0, 1.0]}),
        (
            {"video_processor_type": "VivitVideoProcessor", "rescale_factor": 1 / 127.5},
            {"pixelRange": [-1.0, 1.0]},
        ),
        (
            {"image_processor_type": "VivitImageProcessor", "offset": False},
            {"resize": {"mode": "short-side", "size": 64, "interpolation": "bilinear"}},
        ),
        ({"do_rescale": False}, {"pixelRange": [0.0, 255.0]}),
        ({"do_normalize": False}, {"mean": [0, 0, 0], "std": [1, 1, 1]}),
        ({"image_mean": 0.5, "image_std": [0.25]}, {"mean": [0.5] * 3, "std": [0.25] * 3}),
    ],
)
def test_pixels_are_prepared_as_the_folder_says(changes, expected, tmp_path):
    write_preprocessing(tmp_path, {**PREPARED, **changes})
    options = argparse.Namespace(size=None)
    given = asdict(input_of(tmp_path, configuration("videomae"), FAMILIES["videomae"], options))
    found = {name: given[name] for name in expected}
    assert found == {name: tuple(x) if isinstance(x, list) else x for name, x in expected.items()}


def refused(capsys, *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 1
    return capsys.readouterr().err


def test_weights_that_could_run_code_are_not_read_unasked(folders, tmp_path, capsys):
    folder = tmp_path / "model"
    folder.mkdir()
    model = transformers.AutoModelForVideoClassification.from_pretrained(folders / "videomae")
    model.config.save_pretrained(folder)
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    write_preprocessing(folder, PREPARED)
    assert "--allow-pickle" in refused(capsys, folder, "--out", tmp_path / "x.pt")
    assert not (tmp_path / "x.pt").exists()
    imported(folder, tmp_path / "x.pt", "--allow-pickle")


def test_an_encoder_without_a_classifier(folders, tmp_path, capsys):
    folder = tmp_path / "encoder"
    transformers.VideoMAEModel(configuration("videomae")).save_pretrained(folder)
    write_preprocessing(folder, PREPARED)
    said = refused(capsys, folder, "--out", tmp_path / "x.pt")
    assert "lacks weights that the classifier needs" in said and "fine-tuned" in said


def test_other_kinds_of_models(tmp_path, capsys):
    transformers.ViTConfig().save_pretrained(tmp_path / "vit")
    assert "a model of the kind vit" in refused(capsys, tmp_path / "vit", "--out", tmp_path / "x.pt")
    (tmp_path / "nothing").mkdir()
    assert "no config.json" in refused(capsys, tmp_path / "nothing", "--out", tmp_path / "x.pt")
    assert "hf download owner/name" in refused(capsys, "huggingface:owner/name", "--out", tmp_path / "x.pt")


def test_another_size_keeps_the_margin_and_the_grid_follows(folders, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").symlink_to(folders / "videomae" / "config.json")
    write_preprocessing(folder, {**PREPARED, "size": {"shortest_edge": 73}})
    _, manifest = imported(folder, tmp_path / "x.pt", "--size", "32", "--random-init")
    assert manifest["input"]["resize"]["size"] == 37  # 73 · 32/64, rounded up
    assert manifest["tokens"] == {"grid": [4, 2, 2], "prefix": 0}


@pytest.mark.parametrize("flags", [["--size", "96"], ["--frames", "8"]])
def test_positions_of_another_clip(flags, folders, tmp_path, capsys):
    said = refused(capsys, folders / "timesformer", "--out", tmp_path / "x.pt", *flags)
    assert "position embeddings" in said and "leave --frames and --size out" in said


def test_a_kind_that_is_not_known_by_name(folders, tmp_path, monkeypatch):
    monkeypatch.delitem(FAMILIES, "videomae")
    _, manifest = imported(folders / "videomae", tmp_path / "x.pt")
    assert "tokens" not in manifest and manifest["input"]["frames"] == 8
    assert manifest["input"]["sampling"] == {"type": "uniform"}


def test_a_grid_that_is_no_square():
    given = Input(8, 32, 48, {}, {}, (0, 0, 0), (1, 1, 1))
    assert tubes(given, (2, 16, 8)) == (4, 2, 6)


def test_frames_that_are_cropped_to_another_size(folders, tmp_path, capsys):
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("config.json", "model.safetensors"):
        (folder / name).symlink_to(folders / "videomae" / name)
    write_preprocessing(folder, {**PREPARED, "crop_size": {"height": 80, "width": 80}})
    said = refused(capsys, folder, "--out", tmp_path / "x.pt")
    assert "crops frames to 80x80, and the network takes 64x64" in said


def test_a_folder_without_preprocessing(folders, tmp_path, capsys):
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("config.json", "model.safetensors"):
        (folder / name).symlink_to(folders / "videomae" / name)
    assert "say how: --mean and --std" in refused(capsys, folder, "--out", tmp_path / "x.pt")
    _, manifest = imported(folder, tmp_path / "x.pt", "--mean", "0.5", "--std", "0.25")
    assert manifest["input"]["mean"] == [0.5] * 3 and manifest["input"]["resize"]["height"] == 64
