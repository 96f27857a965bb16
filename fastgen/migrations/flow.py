"""How a block of statements ends."""

import ast
from collections.abc import Iterable
from enum import Enum, auto


class Flow(Enum):
    NEXT = auto()
    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()
    RAISE = auto()


Flows = frozenset[Flow]
"""All ways in which a block may end."""

NEXT: Flows = frozenset({Flow.NEXT})
AGAIN: Flows = frozenset({Flow.NEXT, Flow.CONTINUE})
"""After which a loop goes on."""
ENDING: Flows = frozenset({Flow.RETURN, Flow.RAISE})
"""Which end a function, also from within a loop."""

_OF_LOOP = (ast.For, ast.While, ast.AsyncFor)
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)


def leaving(nodes: Iterable[ast.AST]) -> Flows:
    """How a block may be left before its end. One that raises is not read."""
    found: set[Flow] = set()
    for node in nodes:
        if isinstance(node, ast.Return):
            found.add(Flow.RETURN)
        elif isinstance(node, ast.Break):
            found.add(Flow.BREAK)
        elif isinstance(node, ast.Continue):
            found.add(Flow.CONTINUE)
        elif isinstance(node, _OF_LOOP):
            found |= leaving(node.body) & ENDING
            found |= leaving(node.orelse)
        elif isinstance(node, _BLOCKS) and not isinstance(node, _INNER):
            found |= leaving(ast.iter_child_nodes(node))
    return frozenset(found)


def jumps_of(flows: Flows) -> list[list[ast.stmt]]:
    """A block for each of `flows` that only ends so."""
    jumps: dict[Flow, ast.stmt] = {
        Flow.BREAK: ast.Break(),
        Flow.CONTINUE: ast.Continue(),
        Flow.RETURN: ast.Return(value=None),
    }
    return [[jump] for flow, jump in jumps.items() if flow in flows]


def merged_flows(*ways: Flows) -> Flows:
    """The ways in which one of several blocks may end. A migration that raises is not
    applied, so that is left out beside others."""
    every = frozenset[Flow]().union(*ways)
    return every - {Flow.RAISE} or every
