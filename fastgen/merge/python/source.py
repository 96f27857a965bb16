"""Python text with its syntax tree and its tokens, by character offset."""

import ast
import re
import tokenize
import warnings
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from fastgen.merge.structure.blocks import Unreadable

_BLANK = {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True)
class Source:
    """A Python text, its syntax tree, and the offsets of its lines and tokens."""

    text: str
    """The whole text."""
    module: ast.Module
    """The syntax tree of `text`."""
    lines: list[str]
    """The lines with their line ends, followed by an empty line."""
    starts: list[int]
    """The offset at which each line starts."""
    openers: list[int]
    """The offsets of the opening brackets."""
    closers: dict[int, int]
    """The offset of each closing bracket, by the offset of its opening bracket."""
    commas: dict[int, list[int]]
    """The offsets of the commas in brackets, by the offset of the opening bracket."""
    ends: list[int]
    """The ends of all tokens except comments."""
    logical: list[int]
    """The end of the last token of each logical line."""

    def offset(self, line: int, column: int) -> int:
        """The offset of a position as `ast` counts it: a 1-based line, and a column in
        UTF-8 bytes."""
        text = self.lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode())
        return self.starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self.offset(node.lineno, node.col_offset),
            self.offset(node.end_lineno, node.end_col_offset),
        )

    def statement_start(self, node: ast.stmt) -> int:
        """The start of the statement, including its decorators."""
        decorators = getattr(node, "decorator_list", ())
        return self.decorator_start(decorators[0]) if decorators else self.span(node)[0]

    def decorator_start(self, node: ast.expr) -> int:
        return self.text.rindex("@", 0, self.span(node)[0])

    def line(self, offset: int) -> int:
        """The 1-based line of `offset`."""
        return bisect_right(self.starts, offset)

    def line_start(self, offset: int) -> int:
        return self.starts[self.line(offset) - 1]

    def line_end(self, offset: int) -> int:
        """The offset after the line end of the line with `offset`."""
        line = self.line(offset)
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def margin(self, offset: int) -> str:
        """The indentation of the line with `offset`."""
        line = self.lines[self.line(offset) - 1]
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    def opener(self, offset: int) -> int:
        """The first opening bracket at or after `offset`."""
        return self.openers[bisect_left(self.openers, offset)]

    def token_end(self, offset: int) -> int:
        """The end of the last token that ends at or before `offset`."""
        return self.ends[bisect_right(self.ends, offset) - 1]

    def logical_end(self, offset: int) -> int:
        """The end of the last token in the logical line with `offset`."""
        return self.logical[bisect_right(self.logical, offset)]


def parsed_source(text: str) -> Source:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = ast.parse(text)
        except SyntaxError as error:
            raise Unreadable(error.lineno or 1, error.msg) from None
        except (ValueError, RecursionError) as error:
            raise Unreadable(1, str(error)) from None
    if "\r" in text:
        row = text[: text.index("\r")].count("\n") + 1
        raise Unreadable(row, "a carriage return that ends no line")
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    starts = [0]
    for each in lines:
        starts.append(starts[-1] + len(each))
    if len(starts) > 1 and not text.endswith("\n"):
        starts.pop()
    source = Source(text, module, [*lines, ""], starts, [], {}, {}, [], [])
    _scan(source, lines)
    return source


def _scan(source: Source, lines: list[str]) -> None:
    stack: list[int] = []
    rows = iter(lines)
    for token in tokenize.generate_tokens(lambda: next(rows, "")):
        if token.type in _BLANK or token.type == tokenize.ENDMARKER:
            continue
        if token.type == tokenize.NEWLINE:
            if source.ends:
                source.logical.append(source.ends[-1])
            continue
        row, column = token.start
        start = source.starts[row - 1] + column
        end_row, end_column = token.end
        source.ends.append(source.starts[end_row - 1] + end_column)
        if token.type != tokenize.OP:
            continue
        if token.string in _OPENING:
            stack.append(start)
            source.openers.append(start)
            source.commas[start] = []
        elif token.string in _CLOSING:
            source.closers[stack.pop()] = start
        elif token.string == "," and stack:
            source.commas[stack[-1]].append(start)
