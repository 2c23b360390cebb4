"""A script in bfloat16, as the addon makes one: native/model/number_type.cc and operator_numbers.cc."""

from __future__ import annotations

import io

import torch

#: Numbers of the formats in a graph.
FLOAT32, BFLOAT16 = 6, 15


def rounded_to_bfloat16(script: torch.jit.ScriptModule) -> torch.jit.ScriptModule:
    """A copy with weights and constants in bfloat16, and with casts where operators want a format."""
    buffer = io.BytesIO()
    torch.jit.save(script, buffer)
    buffer.seek(0)
    frozen = torch.jit.freeze(torch.jit.load(buffer).eval(), optimize_numerics=False)
    for node in frozen.graph.findAllNodes("prim::Constant", recurse=True):
        if node.hasAttribute("value") and node.kindOf("value") == "t" and node.t("value").is_floating_point():
            node.t_("value", node.t("value").bfloat16())
    settle_operators(frozen.graph)
    return frozen


def settle_operators(graph: torch._C.Graph) -> None:
    """Casts what attention, layer normalisation and average pooling take, and what the latter returns."""
    for kind, count in (("aten::scaled_dot_product_attention", 3), ("aten::layer_norm", 1)):
        for node in graph.findAllNodes(kind, recurse=True):
            cast_inputs(graph, node, count, BFLOAT16)
    for node in graph.findAllNodes("aten::avg_pool3d", recurse=True):
        cast_inputs(graph, node, 1, FLOAT32)
        rounded = cast(graph, node.output(), BFLOAT16)
        rounded.node().moveAfter(node)
        node.output().replaceAllUsesAfterNodeWith(rounded.node(), rounded)


def cast_inputs(graph: torch._C.Graph, node: torch._C.Node, count: int, number: int) -> None:
    for i in range(count):
        graph.setInsertPoint(node)
        node.replaceInput(i, cast(graph, node.inputsAt(i), number))


def cast(graph: torch._C.Graph, value: torch._C.Value, number: int) -> torch._C.Value:
    options = [graph.insertConstant(option) for option in (number, False, False, None)]
    node = graph.insertNode(graph.create("aten::to", [value, *options], 1))
    return node.output()
