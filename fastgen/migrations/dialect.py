"""The database dialect of a project's migrations."""

from fastgen.render.render import project_facts
from fastgen.spec.side import Side


def dialect_of(side: Side) -> str:
    """SQLAlchemy's name for the database of `side`, such as `postgresql`; empty if the
    project has no database or several."""
    found = {
        variable.value.partition(":")[0].partition("+")[0]
        for variable in project_facts(side).variables
        if variable.migrated
    }
    name = found.pop() if len(found) == 1 else ""
    return "postgresql" if name == "postgres" else name
