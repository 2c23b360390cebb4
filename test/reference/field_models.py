"""TorchScript files of the kinds that people bring, and what is right for them, for test/15 to test/17.

    field_models.py FOLDER

Each takes N×3×8×32×32 and knows five classes, unless its name says otherwise. Beside the files goes `truth.json`: for
each model that can be run in Python its answer to `clip.npy` and, where there is one, the gradient of the answer's first
number with respect to the clip, by torch.autograd.grad of the saved file, as `<name>.gradient.npy`.
"""

import json
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

FRAMES, SIZE, CLASSES = 8, 32, 5
folder = Path(sys.argv[1])
torch.set_num_threads(1)


class Stage(nn.Module):
    """Convolution, batch normalisation, ReLU: what the forms of a model change."""

    def __init__(self, channels: int, more: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv3d(channels, more, 3, stride=stride, padding=1)
        self.norm = nn.BatchNorm3d(more)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(x)))


class Net(nn.Module):
    def __init__(self, classes: int = CLASSES) -> None:
        super().__init__()
        self.first, self.second = Stage(3, 8, 1), Stage(8, 16, 2)
        self.head = nn.Linear(16, classes)

    def maps(self, x: Tensor) -> Tensor:
        return self.second(self.first(x))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([2, 3, 4]))


# The gradient is the file's own.


class Detached(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).detach().mean([2, 3, 4]))


class PartDetached(Net):
    def forward(self, x: Tensor) -> Tensor:
        maps = self.maps(x)
        gate = torch.sigmoid(9 * maps.detach().mean([3, 4], keepdim=True))
        return self.head((maps * gate).mean([2, 3, 4]))


def rounded_straight_through(x: Tensor) -> Tensor:
    return x + (torch.round(4 * x) / 4 - x).detach()


class StraightThrough(Net):
    """A function with detach() beside the modules."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(rounded_straight_through(self.maps(x)).mean([2, 3, 4]))


class Inner(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * x.detach().abs()


class Middle(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = Inner()

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) + x


class DetachedDeep(Net):
    def __init__(self) -> None:
        super().__init__()
        self.middle = Middle()

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.middle(self.maps(x)).mean([2, 3, 4]))


class NoGradPart(Net):
    """What no_grad() computes is computed outside of it as well."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            gate = torch.sigmoid(self.maps(x))
        return self.head((self.maps(x) * gate).mean([2, 3, 4]))


class NoGradLists(Net):
    """no_grad() around what a list and a dictionary from outside hold, which is computed outside as well."""

    def forward(self, x: Tensor) -> Tensor:
        maps = self.maps(x)
        both = [maps, 2 * maps]
        named = {"maps": maps}
        with torch.no_grad():
            mean = torch.cat(both, 1).mean()
            gate = torch.sigmoid(named["maps"])
        return self.head((maps * gate * torch.sigmoid(named["maps"])).mean([2, 3, 4])) * (
            torch.cat(both, 1).mean() + mean
        )


class NoGradPasses(Net):
    """What no_grad() hands on as it is keeps its gradient, as in PyTorch."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            if x.size(0) > 5:
                y = 2 * x
            else:
                y = x.float().contiguous()
        return self.head(self.maps(y).mean([2, 3, 4]))


class Forked(Net):
    """Half of it in a graph of its own."""

    def forward(self, x: Tensor) -> Tensor:
        gate = torch.jit.fork(rounded_straight_through, x)
        return self.head(self.maps(x * torch.jit.wait(gate)).mean([2, 3, 4]))


class OneFrame(Net):
    """Convolves frame by frame, without an axis for several."""

    def __init__(self) -> None:
        super().__init__()
        self.flat = nn.Conv2d(3, 16, 3)

    def forward(self, x: Tensor) -> Tensor:
        frames: List[Tensor] = []
        for t in range(x.size(2)):
            frames.append(F.relu(self.flat(x[0, :, t])))
        return self.head(torch.stack(frames).mean([0, 2, 3])).unsqueeze(0)


class MoreArguments(Net):
    def forward(self, x: Tensor, mask: Optional[Tensor] = None, scale: float = 0.5) -> Tensor:
        if mask is not None:
            x = x * mask
        return self.head(scale * self.maps(x).mean([2, 3, 4]))


class Recurrent(Net):
    """An LSTM over the frames, which not every processor has in bfloat16."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = nn.LSTM(16, 16, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.memory(self.maps(x).mean([3, 4]).transpose(1, 2))
        return self.head(states[:, -1])


class NoGrad(Net):
    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            maps = self.maps(x)
        return self.head(maps.mean([2, 3, 4]))


class Chosen(Net):
    """The place of the largest value, which has no gradient, chooses what has one."""

    def forward(self, x: Tensor) -> Tensor:
        rows = self.maps(x).flatten(2)
        place = rows.mean(1, keepdim=True).argmax(2, keepdim=True).expand(-1, 16, 1)
        return self.head(rows.gather(2, place).squeeze(2))


class Rounded(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.round(3 * self.maps(x)).mean([2, 3, 4]))


class WritesToInput(Net):
    def forward(self, x: Tensor) -> Tensor:
        x.mul_(2.0).sub_(1.0)
        return self.head(self.maps(x).mean([2, 3, 4]))


# Errors, in a submodule three deep.


class Thrower(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if x.size(0) != 1:
            raise RuntimeError("one clip, please")
        return x


class Viewer(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.view(1, 16, -1)


class Late(nn.Module):
    """Fails as soon as a clip is blurred, which is in a later iteration."""

    def forward(self, x: Tensor) -> Tensor:
        if bool(x.std() < 0.9):
            raise RuntimeError("too blurred")
        return x


class Spoiler(nn.Module):
    """Changes what the backward pass needs."""

    def forward(self, x: Tensor) -> Tensor:
        y = torch.exp(-x)
        y.add_(1.0)
        return y


class Float32Only(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Linear(16, 16)

    def forward(self, x: Tensor) -> Tensor:
        return self.mix(x.mean([2, 3, 4]).to(torch.float32)).view(-1, 16, 1, 1, 1)


class Greedy(nn.Module):
    """Takes more memory than there is for two clips."""

    def forward(self, x: Tensor) -> Tensor:
        if x.size(0) > 1:
            return x + torch.zeros([1 << 50])[0]
        return x


class Wrapped(nn.Module):
    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, x: Tensor) -> Tensor:
        return self.part(x)


class FailsLate(Net):
    def __init__(self) -> None:
        super().__init__()
        self.deep = Wrapped(Wrapped(Late()))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(self.deep(x)).mean([2, 3, 4]))


class With(Net):
    """A network with a part between its maps and its head."""

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.deep = Wrapped(Wrapped(part))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.deep(self.maps(x)).flatten(2).mean(2))


# Several clips, several calls.


class OneForAll(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([0, 2, 3, 4], keepdim=True).flatten(1)).expand(x.size(0), -1)


class Neighbours(Net):
    """Temporal shift that does not know where a clip ends: frames of one clip reach the next."""

    def forward(self, x: Tensor) -> Tensor:
        frames = self.first(x).transpose(1, 2).flatten(0, 1)
        shifted = torch.cat([frames[:1, :4], frames[:-1, :4]], 0)
        maps = torch.cat([shifted, frames[:, 4:]], 1).view(-1, 8, 8, 32, 32).transpose(1, 2)
        return self.head(self.second(maps).mean([2, 3, 4]))


class Noisy(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x + 0.5 * torch.randn_like(x)).mean([2, 3, 4]))


class Dropping(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(F.dropout(self.maps(x).mean([2, 3, 4]), 0.5, training=True))


class Counting(Net):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("runs", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.runs += 1
        return self.head(self.maps(x).mean([2, 3, 4])) * (1 + 0.1 * self.runs)


# What forward returns.


class Named(NamedTuple):
    features: Tensor
    logits: Tensor


class InTuple(Net):
    def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        maps = self.maps(x)
        return maps, self.head(maps.mean([2, 3, 4]))


class InNamedTuple(Net):
    def forward(self, x: Tensor) -> Named:
        maps = self.maps(x)
        return Named(maps, self.head(maps.mean([2, 3, 4])))


class WithNothing(Net):
    """As models with an optional loss have it."""

    def forward(self, x: Tensor) -> Tuple[Optional[Tensor], Tensor]:
        return None, self.head(self.maps(x).mean([2, 3, 4]))


class InList(Net):
    def forward(self, x: Tensor) -> List[Tensor]:
        return [self.head(self.maps(x).mean([2, 3, 4]))]


class InDictionary(Net):
    def forward(self, x: Tensor) -> Dict[str, Tensor]:
        maps = self.maps(x)
        return {"embedding": maps.mean([2, 3, 4]), "logits": self.head(maps.mean([2, 3, 4]))}


class Nested(Net):
    def forward(self, x: Tensor) -> Tuple[Tensor, Dict[str, Tensor]]:
        maps = self.maps(x)
        return maps, {"logits": self.head(maps.mean([2, 3, 4]))}


class ScorePerFrame(Net):
    """One number for each frame."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([3, 4]).transpose(1, 2))[:, :, :1]


class Masked(Net):
    """Classes that are left out."""

    def forward(self, x: Tensor) -> Tensor:
        left_out = torch.tensor([False, False, False, True, True])
        return self.head(self.maps(x).mean([2, 3, 4])).masked_fill(left_out, float("-inf"))


class Clamped(Net):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.head(self.maps(x).mean([2, 3, 4]))).clamp(1e-6, 1 - 1e-6)


class NoClasses(Net):
    def forward(self, x: Tensor) -> Tensor:
        return x.new_zeros([x.size(0), 0])


class AtMostFour(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if x.size(0) > 4:
            raise RuntimeError("at most four")
        return x


class Hidden(Net):
    """Mixes in what it saw before."""

    seen: Optional[Tensor]

    def __init__(self) -> None:
        super().__init__()
        self.seen = None

    def forward(self, x: Tensor) -> Tensor:
        features = self.maps(x).mean([2, 3, 4])
        seen = self.seen
        if seen is not None:
            features = 0.5 * features + 0.5 * seen
        self.seen = features.detach()
        return self.head(features)


class CastsItself(Net):
    """Of half precision, and casts its input to that."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x.half()).mean([2, 3, 4]))


class AlongTime(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([3, 4]).transpose(1, 2))


class ClassesByTime(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([3, 4]).transpose(1, 2)).transpose(1, 2)


class Segments(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([3, 4]).transpose(1, 2)).flatten(0, 1)


class Ones(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([2, 3, 4]))[:, :, None, None, None]


class Squeezed(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([2, 3, 4])).squeeze()


class Nothing(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([2, 3, 4])) / 0.0 * 0.0


class Sigmoid(Net):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.head(self.maps(x).mean([2, 3, 4])))


class Softmax(Net):
    def forward(self, x: Tensor) -> Tensor:
        return F.softmax(self.head(self.maps(x).mean([2, 3, 4])), 1)


class Talking(Net):
    """Says how many clips it gets, each time."""

    def forward(self, x: Tensor) -> Tensor:
        print("clips:", x.size(0))
        return self.head(self.maps(x).mean([2, 3, 4]))


# What forward takes.


class TwoPathways(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.slow, self.fast = Net(), Net()

    def forward(self, slow: Tensor, fast: Tensor) -> Tensor:
        return self.slow(slow) + self.fast(fast)


class ListOfPathways(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.slow, self.fast = Net(), Net()

    def forward(self, pathways: List[Tensor]) -> Tensor:
        return self.slow(pathways[0]) + self.fast(pathways[1])


class OnGpu(Net):
    """As a file that was traced on a GPU: it makes a tensor there."""

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x).mean([2, 3, 4])) + torch.zeros(1, device=torch.device("cuda:0")).to(x.device)


class CallsCuda(Net):
    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.maps(x.cuda()).mean([2, 3, 4]))


def settled(network: nn.Module) -> nn.Module:
    """Random weights, the same for all, and statistics that batch normalisation has seen."""
    torch.manual_seed(7)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.3)
    for part in network.modules():
        if isinstance(part, nn.BatchNorm3d):
            nn.init.uniform_(part.running_mean, -0.2, 0.2)
            nn.init.uniform_(part.running_var, 0.5, 2)
    return network.eval()


clip = torch.randn(1, 3, FRAMES, SIZE, SIZE, generator=torch.Generator().manual_seed(3))
np.save(folder / "clip.npy", clip[0].numpy())
truth: dict[str, object] = {}


def tensor_of(returned: object) -> Optional[Tensor]:
    if isinstance(returned, Tensor):
        return returned
    if isinstance(returned, dict):
        return returned["logits"]
    return list(returned)[-1]


def note(name: str, path: Path, dtype: torch.dtype) -> None:
    """What the saved file itself does in Python."""
    module = torch.jit.load(str(path)).eval()
    x = clip.to(dtype).clone().requires_grad_(True)
    with torch.jit.optimized_execution(False):  # the plain interpreter: the other one shortens programs, and gradients
        answer = tensor_of(module(x * 1.0 if name == "writes_to_input" else x))
    truth[name] = answer.detach().float().flatten().clamp(min=-1e30).tolist()  # JSON has no infinity
    try:
        (gradient,) = torch.autograd.grad(answer.flatten()[0], x)
    except RuntimeError:  # there is none
        return
    np.save(folder / f"{name}.gradient.npy", gradient[0].float().numpy())


def save(name: str, network: nn.Module, trace: bool = False, runs: bool = True, dtype: torch.dtype = torch.float32) -> None:
    network = settled(network).to(dtype)
    module = torch.jit.trace(network, clip.to(dtype), check_trace=False) if trace else torch.jit.script(network)
    path = folder / f"{name}.pt"
    module.save(str(path))
    if runs:
        note(name, path, dtype)


GRADIENTS = {
    "plain": Net,
    "detached": Detached,
    "part_detached": PartDetached,
    "straight_through": StraightThrough,
    "detached_deep": DetachedDeep,
    "no_grad_part": NoGradPart,
    "no_grad": NoGrad,
    "no_grad_lists": NoGradLists,
    "no_grad_passes": NoGradPasses,
    "forked": Forked,
    "one_frame": OneFrame,
    "more_arguments": MoreArguments,
    "recurrent": Recurrent,
    "chosen": Chosen,
    "rounded": Rounded,
    "writes_to_input": WritesToInput,
}
for name, network in GRADIENTS.items():
    save(name, network())
for name in ["plain", "part_detached", "straight_through", "detached_deep"]:
    save(f"traced_{name}", GRADIENTS[name](), trace=True)

PARTS = {
    "throws": Thrower,
    "views": Viewer,
    "spoils": Spoiler,
    "float32_only": Float32Only,
    "greedy": Greedy,
}
for name, part in PARTS.items():
    save(name, With(part()), runs=name != "spoils")
save("late", FailsLate())



class MixedNumbers(Net):
    """Average pooling, which a CPU has not in bfloat16, and queries and keys in float32 beside other values."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(16)

    def forward(self, x: Tensor) -> Tensor:
        tokens = F.avg_pool3d(self.maps(x), (1, 4, 4)).flatten(2).transpose(1, 2)
        turned = tokens * torch.cos(torch.arange(16, dtype=torch.float32))
        seen = F.scaled_dot_product_attention(turned, turned, tokens)
        return self.head(self.norm(seen + turned).mean(1))


OTHERS = {
    "mixed_numbers": MixedNumbers,
    "one_for_all": OneForAll,
    "neighbours": Neighbours,
    "tuple": InTuple,
    "named_tuple": InNamedTuple,
    "with_nothing": WithNothing,
    "list": InList,
    "dictionary": InDictionary,
    "along_time": AlongTime,
    "classes_by_time": ClassesByTime,
    "segments": Segments,
    "ones": Ones,
    "squeezed": Squeezed,
    "sigmoid": Sigmoid,
    "softmax": Softmax,
    "score_per_frame": ScorePerFrame,
    "masked": Masked,
}
for name, network in OTHERS.items():
    save(name, network())
for name, network in {"noisy": Noisy, "dropping": Dropping, "counting": Counting, "nothing": Nothing, "talking": Talking}.items():
    save(name, network(), runs=False)
for name, network in {"nested": Nested, "no_classes": NoClasses}.items():
    save(name, network(), runs=False)
save("hidden", Hidden())
save("at_most_four", With(AtMostFour()))
save("clamped", Clamped(2))
save("casts_itself", CastsItself(), dtype=torch.float16, runs=False)
save("on_gpu", OnGpu(), runs=False)
save("calls_cuda", CallsCuda(), runs=False)
save("two_pathways", TwoPathways(), runs=False)
save("list_of_pathways", ListOfPathways(), runs=False)
save("one_output", Net(1))
for dtype in [torch.float16, torch.bfloat16, torch.float64]:
    save(str(dtype).removeprefix("torch."), Net(), dtype=dtype)
torch.jit.freeze(torch.jit.script(settled(Net()))).save(str(folder / "frozen.pt"))

# Files that are no TorchScript.
network = settled(Net())
torch.save(network.state_dict(), folder / "state_dict.pt")
torch.save({"state_dict": network.state_dict(), "epoch": 3}, folder / "checkpoint.pth")
torch.save(network, folder / "pickled.pt")
torch.save(network.state_dict(), folder / "old_state_dict.pt", _use_new_zipfile_serialization=False)
torch.export.save(torch.export.export(network, (clip,)), folder / "exported.pt2")
torch.jit.optimize_for_inference(torch.jit.script(network)).save(str(folder / "optimised.pt"))

(folder / "truth.json").write_text(json.dumps(truth))
