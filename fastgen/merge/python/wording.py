"""Python text normalized for comparison, without quotes, line breaks and comments."""

import ast
import re
import warnings
from functools import lru_cache

from fastgen.merge.scopes.imports import UNPARSABLE
from fastgen.merge.structure.equality import Wording

_TOKENS = re.compile(
    r'(?P<string>"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\''
    r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')|(?P<comment>\#[^\n]*)',
    re.DOTALL,
)
_SPACE = re.compile(r"\s+")
_AROUND_SIGN = re.compile(r"\s*([^\w\s])\s*")
_LAST_COMMA = re.compile(r",(?=[)\]}]|$)")


def _remarks(text: str) -> list[str]:
    found = _TOKENS.finditer(text) if "#" in text else ()
    return [token["comment"].strip() for token in found if token["comment"]]


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    bare = _TOKENS.sub(lambda token: token["string"] or "", text).strip()
    if not bare:
        return ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.dump(_with_sorted_keywords(ast.parse(bare)))
        except UNPARSABLE:
            pass  # part of a statement
    one_line = _SPACE.sub(" ", _TOKENS.sub(_one_quoting, bare))
    return _LAST_COMMA.sub("", _AROUND_SIGN.sub(r"\1", one_line)).strip()


def _with_sorted_keywords(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords.sort(key=lambda keyword: keyword.arg or "")
    return tree


def _one_quoting(token: re.Match[str]) -> str:
    try:
        return repr(ast.literal_eval(token["string"]))
    except UNPARSABLE:
        return token[0]


PYTHON = Wording(_plain, _remarks)
