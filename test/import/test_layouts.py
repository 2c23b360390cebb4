"""The networks are those of the published releases: names, shapes, numbers of parameters, and answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from fep_import.checkpoint import COUNTER, load_weights, unwrap
from fep_import.published.plan import Plan, plan, skeleton, wanted_tensors
from fep_import.published.releases import RELEASES
from published import LAYOUTS, LOGITS, clip, weights
from torch.utils.flop_counter import FlopCounterMode

#: Of the released weights, 400 classes. Torchvision's and MMAction2's own figures (docs/models.md).
PARAMETERS = {
    "r2plus1d_18": 31_505_325,
    "mc3_18": 11_695_440,
    "r3d_18": 33_371_472,
    "r2plus1d_34": 63_759_281,
    "tsm_r50": 24_327_632,
    "i3d": 12_697_264,
}

#: 10⁹ multiply-accumulates of one clip as published, frames, size, and how far the ways of counting differ:
#: MMAction2 counts batch norms and pooling as well, and R(2+1)D-34 at the size it is tested with.
MULTIPLY_ACCUMULATES = {
    "r2plus1d_18": (40.519, 16, 112, 1e-4),
    "mc3_18": (43.343, 16, 112, 1e-4),
    "r3d_18": (40.697, 16, 112, 1e-4),
    "r2plus1d_34": (53.176, 8, 256, 5e-3),
    "tsm_r50": (32.966, 8, 224, 1e-2),
    "i3d": (278.981 / 2, 79, 224, 5e-3),
}


def planned(architecture: str, release: str, head: str | None = None) -> Plan:
    found = next(one for one in RELEASES[architecture] if one.name == release)
    return plan(found, head, found.input)


@pytest.mark.parametrize("name", LAYOUTS)
def test_names_and_shapes_are_the_release_s(name):
    layout = LAYOUTS[name]
    chosen = planned(layout.architecture, layout.release)
    wanted = wanted_tensors(chosen, skeleton(chosen, chosen.classes))
    own = {key: tuple(shape) for key, shape in wanted.items() if not key.endswith(COUNTER)}
    prefix = "module." if name == "tsm_r50-mit" else ""
    assert {prefix + key: shape for key, shape in own.items()} == layout.shapes


def test_every_published_release_has_a_list():
    releases = {f"{arch}-{one.name}" for arch, all in RELEASES.items() for one in all if one.published}
    assert releases == set(LAYOUTS) == set(LOGITS)


@pytest.mark.parametrize("architecture", PARAMETERS)
def test_number_of_parameters(architecture):
    release = RELEASES[architecture][0]
    network = skeleton(plan(release, None, release.input), 400)
    assert sum(p.numel() for p in network.parameters()) == PARAMETERS[architecture]


def test_tsm_has_the_parameters_of_resnet_50():
    release = RELEASES["tsm_r50"][0]
    network = skeleton(plan(release, None, release.input), 1000)
    assert sum(p.numel() for p in network.parameters()) == 25_557_032


@pytest.mark.parametrize("architecture", MULTIPLY_ACCUMULATES)
def test_multiply_accumulates(architecture):
    published, frames, size, tolerance = MULTIPLY_ACCUMULATES[architecture]
    release = RELEASES[architecture][0]
    given = replace(release.input, frames=frames, height=size, width=size)
    network = skeleton(plan(release, None, given), 400).eval()
    shape = (1, 3, frames, size, size) if network.layout == "NCTHW" else (1, frames, 3, size, size)
    with FlopCounterMode(display=False) as counter:
        network(torch.empty(shape, device="meta"))
    assert counter.get_total_flops() / 2e9 == pytest.approx(published, rel=tolerance)


@pytest.mark.parametrize("name", LAYOUTS)
def test_answers_as_the_release_s_own_code_does(name):
    layout, expected = LAYOUTS[name], LOGITS[name]
    chosen = planned(layout.architecture, layout.release, expected.get("head"))
    network = chosen.release.build(chosen.classes, chosen.input).eval()
    load_weights(network, unwrap(weights(layout.shapes)), chosen.layout.published)
    with torch.no_grad():
        logits = network(clip(tuple(expected["shape"])))[0]
    torch.testing.assert_close(logits[:8], torch.tensor(expected["first"]), rtol=1e-3, atol=1e-4)
    assert float(logits.norm()) == pytest.approx(expected["norm"], rel=1e-4)
