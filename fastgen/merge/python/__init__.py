"""Three versions of a Python file, merged by statement."""

import re
import warnings

from fastgen.merge.python.import_homes import with_users_imports
from fastgen.merge.python.statements import module_group
from fastgen.merge.python.wording import PYTHON
from fastgen.merge.structure.blocks import Group, Merged
from fastgen.merge.structure.fitting import merged_where_it_fits
from fastgen.merge.structure.threeway import merged_texts

_USUAL_WIDTH = 88
_WIDTHS = (100, 120)
_INDENT = re.compile(r"^(\t|  |    )\S", re.MULTILINE)


def merged_python(base: str, next_: str, user: str) -> Merged:
    """Merge by statement, imported name, element and argument.

    Raises Unreadable if one of the texts is not Python.
    """
    indent = _INDENT.search(user)
    unit = indent[1] if indent else "    "
    width = _width(user)
    user_group = module_group(user)

    def parsed(text: str) -> Group:
        return with_users_imports(module_group(text), user_group)

    def merge(base: str, next_: str, user: str) -> Merged:
        return merged_texts(
            base, next_, user, parsed, width=width, unit=unit, wording=PYTHON
        )

    return merged_where_it_fits((base, next_, user), merge, module_group, _problem)


def _width(text: str) -> int:
    """The line length that the code follows."""
    code = [line for line in text.splitlines() if re.search(r"[(\[{]", line)]
    wide = [len(ln) for ln in code if _USUAL_WIDTH < len(ln) <= _WIDTHS[-1]]
    if len(wide) < 2:  # one such line is an accident
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
