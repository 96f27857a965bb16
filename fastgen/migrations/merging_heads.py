"""The migration that makes one head of several: it follows them all, and changes
nothing. Alembic writes the same with `alembic merge heads`."""

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from fastgen.migrations.chain import History, free_path
from fastgen.tree import Entry, Files, Policy, Tree

_TEXT = '''\
"""Merges {names}

Revision ID: {revision}
Revises: {follows}
"""

from collections.abc import Sequence

revision: str = "{revision}"
down_revision: str | Sequence[str] | None = ({literal})
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
'''

_LONGEST = 80
"""Characters of a file's name."""


def merging(past: History, files: Files, module: str) -> Tree:
    """The migration behind all heads of `past`, as a file of `module`; nothing where
    there is one head. The same heads give the same migration, whoever writes it."""
    heads = past.heads
    if len(heads) < 2:
        return {}
    scripts = sorted((past.scripts[head] for head in heads), key=lambda s: s.path)
    stems = [PurePosixPath(script.path).stem for script in scripts]
    name = f"merge_{'_'.join(stems)}"[:_LONGEST].rstrip("_")
    place = PurePosixPath(scripts[0].path).with_name(f"{name}.py")
    text = _text(heads, stems, past.salt)
    entry = Entry(text.encode(), module, Policy.JOURNAL)
    return {free_path(str(place), files): entry}


def _text(heads: Iterable[str], names: Iterable[str], salt: str) -> str:
    body = "\n".join([*heads, salt, "merge"])
    return _TEXT.format(
        names=" and ".join(names),
        revision=hashlib.sha256(body.encode()).hexdigest()[:12],
        follows=", ".join(heads),
        literal=", ".join(f'"{head}"' for head in heads),
    )
