"""New names for the user's version of a generated Python file, so that only the user's
edits are left to merge."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastgen.encoding import code_lines
from fastgen.merge.python.own_methods import methods_of, variables_of_own_methods
from fastgen.merge.python.toplevel import name_of, parsed
from fastgen.merge.scopes.bindings import Imported, names_at_top
from fastgen.merge.scopes.import_words import (
    ImportKey,
    import_key,
    words_of_imports,
)

_WORD = re.compile(r"[A-Za-z_]\w*")
_BRACES = re.compile(r"\{[^{}]*\}")
_BLOCKS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

Candidate = Callable[[str], str]
Candidates = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class NewNames:
    """The new names in a file, by the old ones."""

    words: Mapping[str, str]
    texts: Mapping[str, str]
    """Whole string literals and comments of the old file, by token."""
    blocks: frozenset[str]
    """The functions and classes of the old file."""
    lines: frozenset[str]
    """The lines of the old file, without indentation."""
    imports: frozenset[ImportKey] = frozenset()
    """The imports of the old file."""
    methods: frozenset[str] = frozenset()
    """The methods of the old file, such as `Product.price_text`."""

    def applied(self, text: str, inside: Collection[str] | None = None) -> str:
        """`text`, a version of the file, with the new names.

        These stay: names in functions and classes that the old file does not have,
        variables of the user's own methods, names that another import binds, and a text
        that is not Python. With `inside`,
        `text` is another file to which the user moved these definitions, and only they
        change.
        """
        try:
            module = ast.parse(text)
            own = [*_own_lines(module, self.blocks)]
            moved = None if inside is None else [*_lines_of(module, inside)]
            known = self.imports if inside is None else frozenset()
            others = words_of_imports(text, module, lambda key: key not in known)
            others |= variables_of_own_methods(text, module, self.methods)
            tokens = [*tokenize.generate_tokens(io.StringIO(text).readline)]
        except (SyntaxError, ValueError, tokenize.TokenError, RecursionError):
            return text
        found = []
        for before, token, after in zip(
            [None, *tokens], tokens, tokens[1:], strict=False
        ):
            if token.start in others:
                continue
            if moved is None and _is_in(token, own):
                continue
            if moved is not None and not _is_in(token, moved):
                continue
            new = self._new(token, before, after)
            if new is not None and new != token.string:
                found.append((token.start, token.end, new))
        return with_replaced(text, found)

    def _new(
        self,
        token: tokenize.TokenInfo,
        before: tokenize.TokenInfo | None,
        after: tokenize.TokenInfo,
    ) -> str | None:
        if token.type == tokenize.NAME:
            is_method = before and before.string == "." and after.string == "("
            if is_method and token.string in _METHODS:
                return None
            is_keyword = before and before.string in {"(", ","} and after.string == "="
            if is_keyword and token.line.strip() not in self.lines:
                return None  # it may be a parameter of the user's own function
            return self.words.get(token.string)
        if token.string in self.texts:
            return self.texts[token.string]
        if token.type == tokenize.STRING and "f" in token.string[:2].lower():
            return _BRACES.sub(lambda match: self._in_words(match[0]), token.string)
        return None

    def _in_words(self, text: str) -> str:
        return _WORD.sub(lambda match: self.words.get(match[0], match[0]), text)


_METHODS = frozenset(name for kind in (str, list, dict, bytes) for name in dir(kind))


def new_names(
    base: str,
    next_: str,
    candidate: Candidate,
    candidates: Candidates,
    also: Mapping[str, str],
) -> NewNames:
    """The names in `next_` that replace names in `base`.

    `candidate` returns the new form of a word, `candidates` the possible new forms of a
    literal. `also` holds new names that the user may use in this file.
    """
    old_words, new_words = ({*_WORD.findall(text)} for text in (base, next_))
    words = {
        word: candidate(word)
        for word in old_words - new_words
        if candidate(word) != word and candidate(word) in new_words
    }
    literals = {*_literals(next_)}
    texts = {}
    for text in {*_literals(base)} - literals:
        named = _WORD.sub(lambda match: words.get(match[0], match[0]), text)
        for other in (*candidates(text), named):
            if other in literals and other != text:
                texts[text] = other
                break
        else:
            if named != text:
                texts[text] = named
    # The user may use a name in a file that did not have it.
    words |= {old: new for old, new in also.items() if old not in new_words}
    lines = frozenset(line.strip() for line in base.splitlines())
    blocks, imports = frozenset(_blocks(base)), frozenset(_imports(base))
    methods = frozenset(methods_of(base))
    return NewNames(words, texts, blocks, lines, imports, methods)


def top_names(text: str) -> set[str]:
    """The names that a module defines or imports."""
    module = parsed(text)
    return {*names_at_top(module)} if module else set()


def with_replaced(
    text: str, places: list[tuple[tuple[int, int], tuple[int, int], str]]
) -> str:
    """`text` with replacements at `places`. Each place is a start, an end and the new
    string; positions are a 1-based line and a column in characters."""
    lines = code_lines(text)
    for (row, start), (last, end), new in sorted(places, reverse=True):
        head, tail = lines[row - 1][:start], lines[last - 1][end:]
        lines[row - 1 : last] = [head + new + tail]
    return "".join(lines)


def _literals(text: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.STRING, tokenize.COMMENT) or (
                tokenize.tok_name[token.type].startswith("FSTRING_MIDDLE")
            ):
                yield token.string
    except (SyntaxError, tokenize.TokenError):
        return


def _blocks(text: str) -> Iterator[str]:
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in module.body:
        if isinstance(node, _BLOCKS):
            yield node.name


def _imports(text: str) -> Iterator[ImportKey]:
    module = parsed(text)
    for node in ast.walk(module) if module else ():
        if isinstance(node, Imported):
            yield from (import_key(node, alias) for alias in node.names)


def _is_in(token: tokenize.TokenInfo, parts: Collection[range]) -> bool:
    return any(token.start[0] in lines for lines in parts)


def _own_lines(module: ast.Module, blocks: frozenset[str]) -> Iterator[range]:
    """The lines of each function and class that only the user's file has."""
    for node in module.body:
        if isinstance(node, _BLOCKS) and name_of(node) not in blocks:
            yield _lines(node)


def _lines_of(module: ast.Module, names: Collection[str]) -> Iterator[range]:
    """The lines of the definitions `names`."""
    return (_lines(node) for node in module.body if name_of(node) in names)


def _lines(node: ast.stmt) -> range:
    above: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in above)])
    return range(first, (node.end_lineno or node.lineno) + 1)
