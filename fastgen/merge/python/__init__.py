"""Three versions of a Python file, merged by statement."""

import re
import warnings

from fastgen.merge.python.statements import module_group
from fastgen.merge.structure.blocks import Merged, not_fitting
from fastgen.merge.structure.threeway import merged_texts

_USUAL_WIDTH = 88
_WIDTHS = (100, 120)
_INDENT = re.compile(r"^(\t|  |    )\S", re.MULTILINE)


def merged_python(base: str, next_: str, user: str) -> Merged:
    """Merge by statement, imported name, element and argument.

    Raises Unreadable when one of the texts is not Python.
    """
    indent = _INDENT.search(user)
    unit = indent[1] if indent else "    "
    merged = merged_texts(
        base, next_, user, module_group, width=_width(user), unit=unit
    )
    problem = None if merged.text == user else _problem(merged.text)
    if problem is None or problem == _problem(user):
        return merged
    return not_fitting(merged, user, 1, problem)


def _width(text: str) -> int:
    """The line length that the code keeps to."""
    code = [line for line in text.splitlines() if re.search(r"[(\[{]", line)]
    wide = [len(ln) for ln in code if _USUAL_WIDTH < len(ln) <= _WIDTHS[-1]]
    if len(wide) < 2:  # one is an accident
        return _USUAL_WIDTH
    return next(width for width in _WIDTHS if width >= max(wide))


def _problem(text: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "merged", "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            return str(error).partition(" (")[0]
    return None
