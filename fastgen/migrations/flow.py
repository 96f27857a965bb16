"""Ways in which a block of statements can end."""

import ast
from collections.abc import Iterable, Iterator
from enum import Enum, auto


class Flow(Enum):
    NEXT = auto()
    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()
    RAISE = auto()


Flows = frozenset[Flow]
"""All possible ends of a block."""

NEXT: Flows = frozenset({Flow.NEXT})
AGAIN: Flows = frozenset({Flow.NEXT, Flow.CONTINUE})
"""The ends after which a loop continues."""
ENDING: Flows = frozenset({Flow.RETURN, Flow.RAISE})
"""The ends that leave the function, even inside a loop."""

_OF_LOOP = (ast.For, ast.While, ast.AsyncFor)
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)


def own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a block, without those of functions and classes in it."""
    for node in nodes:
        yield node
        if not isinstance(node, (*_INNER, ast.Lambda)):
            yield from own_nodes(ast.iter_child_nodes(node))


def leaving(nodes: Iterable[ast.AST]) -> Flows:
    """The ways to leave a block before its end, except raising."""
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
    """A block with only a jump, for each jump in `flows`."""
    jumps: dict[Flow, ast.stmt] = {
        Flow.BREAK: ast.Break(),
        Flow.CONTINUE: ast.Continue(),
        Flow.RETURN: ast.Return(value=None),
    }
    return [[jump] for flow, jump in jumps.items() if flow in flows]


def merged_flows(*ways: Flows) -> Flows:
    """The possible ends of alternative blocks. Raising is dropped if there is another
    end, because a migration that raises is not applied."""
    every = frozenset[Flow]().union(*ways)
    return every - {Flow.RAISE} or every
