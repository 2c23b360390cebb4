"""Removes what a trace has kept of number formats."""

from __future__ import annotations

import torch

#: The number of float32 in a graph.
FLOAT32 = 6


def drop_idle_casts(script: torch.jit.ScriptModule) -> None:
    """
    Lets a traced network run in other number formats than float32.

    `x.to(y.dtype)` becomes a cast to float32 in a trace. Where x was float32, the cast did nothing, and would
    undo bfloat16; it is removed. A softmax that was told to compute in float32 takes the format of its input.
    """
    for module in script.modules():
        for name in module._c._method_names():
            rewrite(module._c._get_method(name).graph)


def rewrite(graph: torch._C.Graph) -> None:
    for node in graph.findAllNodes("aten::to", recurse=True):
        if may_be_float32(node.inputsAt(0)) and is_float32(node.output()):
            node.output().replaceAllUsesWith(node.inputsAt(0))
            node.destroy()
    for node in graph.findAllNodes("aten::softmax", recurse=True):
        if node.inputsAt(2).toIValue() == FLOAT32 and is_float32(node.inputsAt(0)):
            graph.setInsertPoint(node)
            none = graph.insertConstant(None)
            node.replaceInput(2, none)


def is_float32(value: torch._C.Value) -> bool:
    kind = value.type()
    return isinstance(kind, torch._C.TensorType) and kind.scalarType() == "Float"


def may_be_float32(value: torch._C.Value) -> bool:
    """Also what a layer returned, whose format the trace does not tell; the check compares the whole."""
    return is_float32(value) or (
        value.node().kind() == "prim::CallMethod" and value.type().scalarType() is None
    )
