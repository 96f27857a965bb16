"""The title of a migration, and the name of its file."""

from collections.abc import Mapping, Sequence

from fastgen.resources.tables import Table, shape


def titled(
    made: Mapping[str, Table],
    gone: Mapping[str, Table],
    changed: Sequence[tuple[Table, Table]],
) -> tuple[str, str]:
    """The title of the migration and the name of its file."""
    parts: list[str] = []
    names: list[str] = []
    if made:
        parts.append(f"makes {', '.join(made)}")
        names += _named(made)
    for before, after in changed:
        added = [n for n in after.columns if n not in before.columns]
        removed = [n for n in before.columns if n not in after.columns]
        other = [
            n
            for n in after.columns
            if n in before.columns
            and shape(before.columns[n]) != shape(after.columns[n])
        ]
        for verb, columns in (("adds", added), ("drops", removed), ("changes", other)):
            if columns:
                parts.append(
                    f"{verb} {', '.join(f'{after.name}.{c}' for c in columns)}"
                )
                short = {"adds": "add", "drops": "drop", "changes": "change"}[verb]
                names.append(f"{after.name}_{short}_{'_'.join(columns)}")
    if gone:
        parts.append(f"drops {', '.join(gone)}")
        names += [f"{name}_drop" for name in _named(gone)]
    title = "; ".join(parts)
    return title[:1].upper() + title[1:] + ".", "_".join(names)[:60].rstrip("_")


def _named(tables: Mapping[str, Table]) -> list[str]:
    """The tables in the file name: association tables only if there are no others."""
    return [name for name in tables if not tables[name].pairs] or [*tables]
