"""`.env`: created once with a value for each secret; later changes only add to it."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import replace

from fastgen.catalog.facts import Variable
from fastgen.change.request import Request
from fastgen.plan import Action, Change, Finding, Plan, Severity
from fastgen.project.dotenv import dotenv_values
from fastgen.project.reading import read_file
from fastgen.render.render import project_facts
from fastgen.spec.side import Side
from fastgen.tree import ENVIRONMENT, File

MODE = 0o600

_HEADER = (
    "# Settings of this machine. Ignored by git; .env.example is the list of all.\n"
)


def with_environment(plan: Plan, request: Request) -> Plan:
    """`plan` with the change to `.env`, which is never part of a render."""
    known = _required(request.old)
    wanted = _required(request.new)
    user = read_file(request.root, ENVIRONMENT)
    change = environment_change(wanted, known, user)
    findings = [*plan.findings, *environment_findings(wanted, known, user)]
    if change and (request.root / ENVIRONMENT).is_symlink():
        names = ", ".join(v.name for v in wanted if v not in known)
        message = f"is a symbolic link, which fastgen leaves alone: add {names} to it"
        findings.append(Finding(Severity.WARNING, ENVIRONMENT, message))
        change = None
    changes: list[Change] = [*plan.changes, *([change] if change else [])]
    return replace(
        plan,
        changes=tuple(sorted(changes, key=lambda c: c.path)),
        findings=tuple(findings),
    )


def _required(side: Side) -> list[Variable]:
    return [v for v in project_facts(side).variables if not v.optional]


def environment_change(
    variables: Iterable[Variable], known: Iterable[Variable], user: File | None
) -> Change | None:
    """The change to `.env` when `variables` replace `known`, or None.

    Existing keys are never changed or removed.
    """
    variables, old = tuple(variables), {variable.name for variable in known}
    fresh = [v for v in variables if v.name not in old]
    if not fresh:
        return None
    text = user.content.decode(errors="surrogateescape") if user else _HEADER
    present = dotenv_values(text)
    wanted = [v for v in (fresh if user else variables) if v.name not in present]
    if not wanted:
        return None
    ending = "" if not text or text.endswith("\n") else "\n"
    text += ending + "".join(_lines(variable) for variable in wanted)
    after = File(text.encode(errors="surrogateescape"), user.mode if user else MODE)
    action = Action.UPDATE if user else Action.CREATE
    return Change(ENVIRONMENT, action, "core", user, after)


def environment_findings(
    variables: Iterable[Variable], known: Iterable[Variable], user: File | None
) -> Iterator[Finding]:
    """Findings about keys in `.env` that nothing reads any more or whose default has
    changed. fastgen does not change existing keys."""
    text = user.content.decode(errors="surrogateescape") if user else ""
    present = dotenv_values(text)
    wanted = {variable.name: variable for variable in variables}
    old = {v.name: v for v in known if v.name in present}
    if left := [name for name in old if name not in wanted]:
        message = f"still sets {', '.join(left)}, which nothing reads any more"
        yield Finding(Severity.NOTICE, ENVIRONMENT, message)
    for name, variable in old.items():
        value = wanted.get(name, variable).value
        if present[name] == variable.value != value:
            message = f"still has {name}={variable.value}; the default is {value} now"
            yield Finding(Severity.WARNING, ENVIRONMENT, message)


def _lines(variable: Variable) -> str:
    value = secrets.token_urlsafe(32) if variable.secret else variable.value
    comment = f"# {variable.comment}\n" if variable.comment else ""
    return f"{comment}{variable.name}={value}\n"
