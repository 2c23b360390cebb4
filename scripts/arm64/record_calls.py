"""A plugin of pytest: writes the calls of our operators, with what they returned, to a file for replay.cc.

    PYTHONPATH=scripts/arm64 python -m pytest -p record_calls --record-calls calls.pt test/native

The tests compare those very calls with independent code. So an operator that returns the same on another processor is right
there, too. Of calls that differ in their numbers alone, one is kept.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterator

import pytest
import torch
from torch._ops import OpOverloadPacket
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

#: The largest call that is kept, in elements of all its tensors, and how many of one operator.
LARGEST = 200_000
CALLS = 60

calls: dict[str, tuple[Any, ...]] = {}
kept: Counter[str] = Counter()


class Forward(TorchFunctionMode):
    """Sees what a test calls, before autograd takes it apart."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if isinstance(func, OpOverloadPacket) and func._qualified_op_name.startswith("fep::"):
            return recorded(func, func.default, args, kwargs or {})
        return func(*args, **(kwargs or {}))


class Inside(TorchDispatchMode):
    """Sees what autograd calls, forward and backward."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.namespace == "fep":
            return recorded(func, func, args, kwargs or {})
        return func(*args, **(kwargs or {}))


def recorded(call: Any, op: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    inputs = [copied(value) for value in arguments_of(op, args, kwargs)]
    outputs = call(*args, **kwargs)
    keep(op, inputs, [copied(value) for value in (outputs if isinstance(outputs, tuple) else (outputs,))])
    return outputs


def arguments_of(op: Any, args: Any, kwargs: dict[str, Any]) -> list[Any]:
    """All arguments in the order of the schema; what was left out has its default."""
    rest = op._schema.arguments[len(args) :]
    return [*args, *(kwargs.get(each.name, each.default_value) for each in rest)]


def copied(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    return list(value) if isinstance(value, tuple) else value


def keep(op: Any, inputs: list[Any], outputs: list[Any]) -> None:
    tensors = [value for value in inputs + outputs if isinstance(value, torch.Tensor)]
    name = op._schema.name.removeprefix("fep::")
    key = f"{name} {[shape_of(value) for value in inputs]}"
    if key in calls or kept[name] >= CALLS or sum(t.numel() for t in tensors) > LARGEST:
        return
    kept[name] += 1
    calls[key] = (name, inputs, outputs)


def shape_of(value: Any) -> Any:
    return (value.dtype, value.shape, value.stride()) if isinstance(value, torch.Tensor) else value


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-calls", required=True, help="the file to write")


@pytest.fixture(autouse=True)
def recording() -> Iterator[None]:
    with Forward(), Inside():
        yield


def pytest_sessionfinish(session: pytest.Session) -> None:
    torch.save(list(calls.values()), session.config.getoption("--record-calls"))
