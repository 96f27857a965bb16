"""Projects from Copier templates: `fastgen new NAME --template SOURCE`.

Copier asks questions and renders into a temporary folder, by its own rules of trust.
The result is then applied like every plan, with preview and recovery.
"""

import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fastgen.errors import NeedsPerson, WrongUsage
from fastgen.tree import Entry, Tree

MODULE = "template"


class MalformedAnswer(WrongUsage):
    """{text!r} answers nothing; with --template write --set QUESTION=ANSWER."""


class TemplateFailed(NeedsPerson):
    """The template {source} made no project: {reason}. Check its address, and answer
    its questions with --set QUESTION=ANSWER."""


class TemplateRunsCode(NeedsPerson):
    """The template {source} wants to run code of its own, and is not trusted; if you
    trust it, name it under `trust` in Copier's settings, then run the command again."""


class LinkInProject(NeedsPerson):
    """The template {source} makes a symbolic link, {path}, which fastgen does not
    write; use Copier itself."""


def answers_of(settings: Iterable[str]) -> Mapping[str, str]:
    """Each `QUESTION=ANSWER` as Copier data. Raises MalformedAnswer."""
    answers = {}
    for text in settings:
        question, equals, answer = text.partition("=")
        if not (question.strip() and equals):
            raise MalformedAnswer(text=text)
        answers[question.strip()] = answer
    return answers


def copied_tree(
    source: str, name: str, answers: Mapping[str, str], *, ask: bool
) -> Tree:
    """The files that Copier renders from `source`, a folder or a git address, at its
    newest tag.

    Without `ask`, unanswered questions have their defaults. Tasks of the template run
    only if Copier's settings trust it. Raises TemplateFailed, TemplateRunsCode and
    LinkInProject.
    """
    from copier import run_copy
    from copier.errors import CopierError, UnsafeTemplateError

    with tempfile.TemporaryDirectory(prefix="fastgen-") as scratch:
        root = Path(scratch, name)
        try:
            with warnings.catch_warnings(action="ignore"):
                run_copy(source, root, dict(answers), defaults=not ask, quiet=not ask)
        except UnsafeTemplateError:
            raise TemplateRunsCode(source=source) from None
        except (CopierError, OSError, ValueError) as error:
            reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
            raise TemplateFailed(source=source, reason=reason) from error
        return dict(_entries(root, source))


def _entries(root: Path, source: str) -> Iterator[tuple[str, Entry]]:
    for place in sorted(root.rglob("*")):
        path = place.relative_to(root).as_posix()
        if place.is_symlink():
            raise LinkInProject(source=source, path=path)
        if place.is_file():
            yield path, _entry(place)


def _entry(place: Path) -> Entry:
    mode = 0o755 if place.stat().st_mode & 0o100 else 0o644
    return Entry(place.read_bytes(), MODULE, mode=mode)
