"""`.env`: made once, with a value for each secret; then only added to."""

import re
from collections.abc import Iterable

from fastgen.catalog.facts import Variable
from fastgen.plan import Action, Change
from fastgen.tree import ENVIRONMENT, File

MODE = 0o600

_HEADER = (
    "# Settings of this machine. Ignored by git; .env.example is the list of all.\n"
)


def environment_change(
    variables: Iterable[Variable], known: Iterable[Variable], user: File | None
) -> Change | None:
    """What `.env` gets when `variables` take the place of `known`; None for nothing.

    A key that the file has is never touched, and none is ever taken out.
    """
    variables, old = tuple(variables), {variable.name for variable in known}
    fresh = [v for v in variables if v.name not in old]
    if not fresh:
        return None
    text = user.content.decode(errors="surrogateescape") if user else _HEADER
    present = set(re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", text, re.MULTILINE))
    wanted = [v for v in (fresh if user else variables) if v.name not in present]
    if not wanted:
        return None
    ending = "" if not text or text.endswith("\n") else "\n"
    text += ending + "".join(_lines(variable) for variable in wanted)
    after = File(text.encode(errors="surrogateescape"), user.mode if user else MODE)
    action = Action.UPDATE if user else Action.CREATE
    return Change(ENVIRONMENT, action, "core", user, after)


def _lines(variable: Variable) -> str:
    import secrets

    value = secrets.token_urlsafe(32) if variable.secret else variable.value
    comment = f"# {variable.comment}\n" if variable.comment else ""
    return f"{comment}{variable.name}={value}\n"
