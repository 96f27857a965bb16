"""The text of fastgen's migrations, in Alembic's format."""

import hashlib
import re
from collections.abc import Sequence

from fastgen.tools.ruff import PYPROJECT, formatted
from fastgen.tree import Entry, Policy, Tree

_LIBRARIES = {
    "sa": "import sqlalchemy as sa",
    "op": "from alembic import op",
    "postgresql": "from sqlalchemy.dialects import postgresql",
}
_TEXT = '''\
"""{title}

Revision ID: {revision}
Revises:{follows}
"""

from collections.abc import Sequence
{imports}
revision: str = "{revision}"
down_revision: str | Sequence[str] | None = {literal}
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
{up}


def downgrade() -> None:
{down}
'''


def revision_id(text: str) -> str:
    """A revision id derived from `text`, which identifies the migration."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def alembic_text(
    title: str,
    revision: str,
    follows: Sequence[str],
    up: Sequence[str] = ("pass",),
    down: Sequence[str] = ("pass",),
) -> str:
    """The text of the migration `revision`, which follows the revisions `follows`. `up`
    and `down` are the lines of its functions, without indent."""
    code = "\n".join([*up, *down])
    imports = [line for name, line in _LIBRARIES.items() if _uses(name, code)]
    return _TEXT.format(
        title=title,
        revision=revision,
        follows=f" {', '.join(follows)}" if follows else "",
        imports="".join(f"\n{line}" for line in imports) + ("\n" if imports else ""),
        literal=_literal(follows),
        up=_indented(up),
        down=_indented(down),
    )


def with_migration(tree: Tree, path: str, text: str, module: str) -> Tree:
    """`tree` with a migration of `module` at `path`, formatted with the configuration
    in `tree`."""
    rules = {PYPROJECT: tree[PYPROJECT]} if PYPROJECT in tree else {}
    entry = Entry(text.encode(), module, Policy.JOURNAL)
    (done,) = formatted([{**rules, path: entry}])
    return {**tree, path: done[path]}


def _uses(name: str, code: str) -> bool:
    return re.search(rf"\b{name}\.", code) is not None


def _literal(follows: Sequence[str]) -> str:
    quoted = [f'"{revision}"' for revision in follows]
    return f"({', '.join(quoted)})" if len(quoted) > 1 else "".join(quoted) or "None"


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"    {line}" for line in lines)
