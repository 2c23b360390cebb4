"""A network's answer as one tensor, in whatever the network returns it."""

from __future__ import annotations

from torch import Tensor


def answer_of(returned: object) -> Tensor:
    """The only tensor, the `logits`, or the first of a tuple."""
    if isinstance(returned, Tensor):
        return returned
    if hasattr(returned, "logits"):
        return returned.logits
    if isinstance(returned, dict) and returned:
        return returned["logits"] if "logits" in returned else next(iter(returned.values()))
    if isinstance(returned, (list, tuple)) and returned and isinstance(returned[0], Tensor):
        return returned[0]
    raise TypeError(f"forward returned a {type(returned).__name__}, a tensor N×classes was expected")
