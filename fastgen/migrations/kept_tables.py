"""Tables that stay in the database after their module is removed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from fastgen.catalog.catalog import Catalog
from fastgen.catalog.module import Module
from fastgen.catalog.templates import template_paths
from fastgen.errors import NeedsPerson
from fastgen.migrations.chain import History
from fastgen.migrations.dropping import dropping
from fastgen.migrations.script import Script, script_of, templates_in
from fastgen.phrases import verb, with_noun
from fastgen.plan import Finding, Severity
from fastgen.render.generated import items_with_generators, names_of_item
from fastgen.render.package import with_package
from fastgen.render.words import named_facts
from fastgen.resources.in_spec import kept_tables, kept_text
from fastgen.spec.side import Side, chosen_variants
from fastgen.spec.spec import Spec
from fastgen.tree import SPEC_PATH, Files, Tree


class NotOurs(NeedsPerson):
    """A migration of {module}'s that could be taken back is not there any more
    ({names}). Leave --drop-tables out, drop its tables with a migration of your own,
    and then take them out of [kept] in fastgen.toml."""


def with_kept(old: Side, new: Side, dropped: Iterable[str]) -> Side:
    """`new` with the tables that only `old` has recorded as kept, except those of the
    modules `dropped`.

    A table that such a module created at another commit is also kept, because its
    migration is unknown here.
    """
    before, after = tables_of(old), tables_of(new)
    dropped = {*dropped}
    gone = {
        table: owner
        for table, owner in {**old.spec.kept, **before}.items()
        if table not in after
        and not (_is_of(owner, dropped) and _is_made_by(owner, table, old.catalog))
    }
    return new.with_spec(replace(new.spec, kept=dict(sorted(gone.items()))))


def _is_made_by(owner: str, table: str, catalog: Catalog) -> bool:
    """Whether the module `owner` creates `table` with any of its options.

    True for a resource, which creates its own table. False for a generated item,
    because its migrations belong to the user.
    """
    if owner not in catalog.modules:
        return not _is_generated(owner)
    variants = catalog.modules[owner].variants
    return table in {made.table for v in variants for made in v.facts.tables}


def tables_of(side: Side) -> dict[str, str]:
    """The owner of each table of `side`, by table: a module, a resource, or a generated
    item such as `widget Report`."""
    resources = {r.plural: kept_text(r) for r in side.spec.resources.values()}
    return (
        resources
        | {
            table.table: module.name
            for module, variants in chosen_variants(side)
            for variant in variants
            for table in variant.facts.tables
        }
        | {
            table.table: f"{item.kind} {item.name}"
            for item, generator, _ in items_with_generators(side.spec, side.modules)
            for table in named_facts(generator.facts, names_of_item(item)).tables
        }
    )


def templates_of(
    catalog: Catalog, modules: Collection[str], package: str
) -> dict[Script, str]:
    """The migrations of `modules` with any options, each with its module."""
    return {
        replace(script, path=with_package(script.path, package)): module.name
        for module in catalog.modules.values()
        if _is_of(module.name, modules)
        for script in _migrations(module)
    }


def dropping_tree(
    old: Spec,
    owners: Mapping[Script, str],
    sides: tuple[Tree, Tree],
    past: History,
    user: Files,
) -> Tree:
    """The migrations that drop tables.

    `owners` are the migrations that created the tables, each with its module.
    Migrations that next still has are skipped. Raises NotOurs and the errors of
    `dropping`.
    """
    known, stay = ({s.revision for s in templates_in(side)} for side in sides)
    names = {s.revision: owner for s, owner in owners.items() if s.revision not in stay}
    tree = dropping(names, past, user)
    for module in sorted({*names.values()} & {*old.modules, *old.kept.values()}):
        its_own = [name for name, owner in names.items() if owner == module]
        gone = sorted(name for name in its_own if name in known and not past.live(name))
        if not any(past.live(name) or past.turn(name) > 1 for name in its_own):
            gone = gone or sorted(its_own)
        if gone:
            raise NotOurs(module=module, names=", ".join(gone))
    return tree


def kept_findings(
    old: Side, new: Side, past: History, known: Collection[str] = ()
) -> Iterator[Finding]:
    """A notice about the tables that a command leaves in the database.

    `past` has the migrations that can be reverted. `known` are the names of migrations
    that fastgen wrote.
    """
    before, after = old.spec, new.spec
    tables = sorted({*kept_tables(after.kept)} - {*kept_tables(before.kept)})
    if not tables:
        return
    owners = [after.kept[table] for table in tables if table in after.kept]
    sources = before.sources
    updated = {n for n, s in sources.items() if after.sources.get(n, s) != s}
    droppable = any(
        not _is_of(owner, updated) and _is_droppable(owner, old, past, known)
        for owner in owners
    )
    removed = sorted(sources.keys() - after.sources.keys())
    if not droppable:
        how = "to drop them, write a migration of your own"
    elif removed:
        how = (
            f"to drop them, run `fastgen add {' '.join(sources[n] for n in removed)}`,"
            " then the same command with --drop-tables"
        )
    else:
        how = "the same command with --drop-tables writes the migration that drops them"
    message = (
        f"the {with_noun('table', tables)} {verb('stay', len(tables))} in the database,"
        f" with all rows; {how}"
    )
    yield Finding(Severity.NOTICE, SPEC_PATH, message)


def _is_droppable(
    owner: str, side: Side, past: History, known: Collection[str]
) -> bool:
    """Whether a migration can drop the tables of the owner. The migrations of a module
    must exist, because the new migration reverts them."""
    if owner not in side.catalog.modules:
        return not _is_generated(owner)
    scripts = templates_of(side.catalog, [owner], side.spec.package)
    live = {s.revision for s in scripts if past.live(s.revision)}
    return bool(live) and all(
        s.revision in live or s.revision not in known for s in scripts
    )


def _migrations(module: Module) -> Iterator[Script]:
    for variant in module.variants:
        for path, template in (
            template_paths(variant.files).items() if variant.files else ()
        ):
            script = script_of(path, template.read_bytes())
            if script:
                yield script


def _is_generated(owner: str) -> bool:
    """Whether `owner` is neither a module nor a resource."""
    return " " in owner and not owner[0].isupper()


def _is_of(module: str, names: Collection[str]) -> bool:
    """Whether `module` is in `names` or is a bridge of a module in `names`. For a
    resource, `module` starts with the resource's name."""
    return not {*module.partition(" ")[0].split("+")}.isdisjoint(names)
