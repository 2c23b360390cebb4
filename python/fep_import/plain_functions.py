"""Lets networks with autograd functions of their own be traced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


class Context:
    """Takes whatever a function's forward keeps for its backward."""

    def __init__(self, values: tuple[Any, ...]) -> None:
        self.needs_input_grad = (True,) * len(values)

    def __getattr__(self, name: str) -> Any:
        return lambda *values, **named: None


@contextmanager
def plain_functions() -> Iterator[None]:
    """
    Within it, a `torch.autograd.Function` computes its forward as ordinary operators.

    A trace would hold a call into Python, which no file can. PyTorch then derives the gradient itself; where
    that differs from the function's own backward, the check of the script refuses it.
    """
    original = torch.autograd.Function.__dict__["apply"]

    def apply(cls: type[torch.autograd.Function], *values: Any) -> Any:
        if cls.setup_context is not torch.autograd.Function.setup_context:
            return cls.forward(*values)  # the context is filled elsewhere
        return cls.forward(Context(values), *values)

    torch.autograd.Function.apply = classmethod(apply)
    try:
        yield
    finally:
        torch.autograd.Function.apply = original
