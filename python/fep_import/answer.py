"""A network's answer to a clip as N×classes: which returned tensor, averaged over which of its axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from .failure import ImportFailure
from .heads import Attribute, entry_of, sizes

#: What `--average-over` may be, beside numbers of axes.
AXES_BY_NAME = ("time", "segments")


@dataclass(frozen=True)
class Reading:
    """Which of the returned tensors is the answer, and over which of its axes it is averaged."""

    keys: tuple[Any, ...] = ()
    #: Axes of the tensor; `None` where the rows are frames of clips, `(N·T)×classes`.
    axes: tuple[int, ...] | None = ()

    def __call__(self, returned: Any, clips: int | Tensor) -> Tensor:
        for key in self.keys:
            returned = entry_of(returned, key)
        if self.axes is None:
            returned = returned.reshape(clips, -1, returned.shape[-1]).mean(1)
        elif self.axes:
            returned = returned.mean(self.axes)
        return returned if returned.ndim == 2 else returned.reshape(clips, -1)

    def forward_in_torchscript(self) -> str:
        """The same as the forward of a script whose `network` takes the clip."""
        path = "".join(f".{key}" if isinstance(key, Attribute) else f"[{key!r}]" for key in self.keys)
        rows = "answer.reshape([clip.size(0), -1, answer.size(-1)]).mean([1])"
        averaged = rows if self.axes is None else f"answer.mean({list(self.axes)})" if self.axes else "answer"
        return (
            "def forward(self, clip: Tensor) -> Tensor:\n"
            f"    answer = self.network(clip){path}\n"
            f"    answer = {averaged}\n"
            "    return answer.reshape([clip.size(0), -1])\n"
        )


def axes_to_average(
    tensor: Tensor, over: str | None, frames: int, classes: int | None
) -> tuple[int, ...] | None:
    """
    The axes of Reading for what a network returned for one clip.

    @param over: `time`, `segments`, numbers of axes with commas between them, or nothing
    """
    if over is None:
        require_answer(tensor)
        return ()
    if over not in AXES_BY_NAME:
        return numbered_axes(tensor, over)
    if tensor.ndim == 2:
        return None
    if tensor.ndim != 3:
        raise ImportFailure(
            f"--average-over {over}: the network answers {sizes(tensor)} to one clip, and which axes are "
            "to be averaged cannot be told.",
            "Give their numbers, as in --average-over 2,3,4, where 0 is that of the clips.",
        )
    return (time_axis(tensor, over, frames, classes),)


def time_axis(tensor: Tensor, over: str, frames: int, classes: int | None) -> int:
    """Which of 1 and 2 it is: the one that is not of classes, else that of the frames or of a part of them."""
    signs = (
        lambda size: classes is not None and size != classes,
        lambda size: size == frames,
        lambda size: frames % size == 0,
    )
    for is_time in signs:
        found = [axis for axis in (1, 2) if is_time(tensor.shape[axis])]
        if len(found) == 1:
            return found[0]
    raise ImportFailure(
        f"--average-over {over}: the network answers {sizes(tensor)} to one clip, and whether time is "
        "axis 1 or 2 cannot be told.",
        "Say it: --average-over 1 or --average-over 2; or name the classes with --classes.",
    )


def numbered_axes(tensor: Tensor, over: str) -> tuple[int, ...] | None:
    axes = tuple(sorted({int(axis) for axis in over.split(",")}))
    if axes == (0,) and tensor.ndim == 2:
        return None
    if axes[0] == 0 or axes[-1] >= tensor.ndim:
        raise ImportFailure(
            f"--average-over {over}: the network answers {sizes(tensor)} to one clip; its axes behind that "
            f"of the clips are 1 to {tensor.ndim - 1}.",
            "Give axes that it has.",
        )
    require_answer(tensor.mean(axes))
    return axes


def require_answer(tensor: Tensor) -> None:
    """Refuses what is not one row of classes; axes of length 1 behind them are let go."""
    if not tensor.numel() or not tensor.isfinite().all():
        raise ImportFailure(
            f"The network answers {'NaN or infinity' if tensor.numel() else 'nothing'} to a clip of noise.",
            "Check that the weights are whole, and --mean, --std and --pixel-range.",
        )
    plain = tensor.shape[:2] if tensor.ndim > 2 and tensor[0, 0].numel() == 1 else tensor.shape
    if (len(plain) == 2 and plain[0] == 1) or tensor.ndim == 1:
        return
    raise ImportFailure(
        f"The network answers {sizes(tensor)} to one clip; 1×classes was expected.", what_else(tensor)
    )


def what_else(tensor: Tensor) -> str:
    if tensor.ndim == 2:
        return "If its rows are the answers of frames or segments, average them: add --average-over segments."
    if tensor.ndim == 3:
        return "If these are answers along time, average them, before any softmax: add --average-over time."
    return "If these are answers of places or times, name the axes to average, as in --average-over 2,3,4."
