"""Rules for the files of templates/: nothing is written twice, and Python that has an
option in it stays readable."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path

import pytest

from fastgen.catalog.load import load_module
from fastgen.catalog.module import Module, Variant
from fastgen.catalog.sources import module_folders, templates_folder
from fastgen.catalog.templates import JINJA, template_paths
from fastgen.render.jinja import MARK

TEMPLATES = templates_folder()

WRITTEN_TWICE = {
    "src/myapi/auth/*queries.py": "SQLModel wraps nearly every column in col()",
    "tests/notes.py": "a model, which each ORM writes in its own way",
}
"""The paths whose templates may have most lines in common, with the reason."""

MOSTLY_FACTS = {
    "resource/loadtest/resources/things.py": "it adds the rows that a row refers to",
    "resource/loadtest/visits/things.py": "it visits each field of the type many",
    "resource/src/myapi/things/models.py": "a model is its columns",
    "resource/src/myapi/things/service.py": "it has a filter of each indexed field",
    "src/myapi/db/models.py": "it imports the models of all modules",
}
"""Templates that lay out what others say, with the reason."""


def modules_of(folder: Path) -> list[Module]:
    return [load_module(module) for module, _ in module_folders(folder)]


def templates_of(variant: Variant) -> Iterator[tuple[str, Path]]:
    """The templates of a variant by their paths; below `resource/` and `sections/` if
    they are from there."""
    parts = {
        "": variant.files,
        "resource/": variant.resource,
        "sections/": variant.sections,
    }
    for prefix, folder in parts.items():
        if folder is not None:
            for path, template in template_paths(folder).items():
                yield prefix + path, template


def copies(folder: Path) -> Mapping[str, list[str]]:
    """The paths that several templates of one module or its bridges have, if two of
    these share more than half of their lines; with the folders of all such templates.
    """
    modules = modules_of(folder)
    found: dict[str, list[str]] = {}
    for owner in modules:
        family = [m for m in modules if owner.name in (m.name, *m.bridges)]
        by_path: dict[str, list[Path]] = {}
        for each in family:
            for variant in each.variants:
                for path, template in templates_of(variant):
                    by_path.setdefault(path, []).append(template)
        for path, templates in by_path.items():
            if any(likeness(*pair) > 0.5 for pair in combinations(templates, 2)):
                found[path] = [str(t.relative_to(folder)) for t in templates]
    return found


def likeness(first: Path, second: Path) -> float:
    """The share of lines that two templates have in common."""
    return SequenceMatcher(None, lines_of(first), lines_of(second), False).ratio()


def lines_of(template: Path) -> list[str]:
    lines = template.read_bytes().decode(errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip()]


def test_no_template_is_a_copy_of_another_variants() -> None:
    found = copies(TEMPLATES)
    unexpected = {
        path: templates
        for path, templates in found.items()
        if not any(fnmatchcase(path, glob) for glob in WRITTEN_TWICE)
    }
    assert not unexpected, "make one file of these, with marked blocks"
    for glob in WRITTEN_TWICE:
        assert any(fnmatchcase(path, glob) for path in found), f"{glob}: not needed"


@pytest.mark.parametrize(
    ("place", "copied"), [("one", True), ("one+two", True), ("other", False)]
)
def test_a_copy_is_found_in_the_variants_of_a_module_and_its_bridges(
    place, copied, tmp_path
):
    text = "".join(f"line {n}\n" for n in range(10))
    for name in ("one", "two", "one+two", "other"):
        (tmp_path / name / "files").mkdir(parents=True)
        option = '[options.big]\nsummary = ""\ntype = "bool"' if "+" not in name else ""
        (tmp_path / name / "module.toml").write_text(f'summary = ""\n{option}\n')
    (tmp_path / "one" / "files" / "a.md").write_text(text)
    condition = "one.big=true" if "+" in place else "big=true"
    variant = tmp_path / place / "variants" / condition
    variant.mkdir(parents=True)
    (variant / "a.md.jinja").write_text(text.replace("line 1\n", "{{ 1 }}\n"))
    assert ("a.md" in copies(tmp_path)) is copied


def own_templates() -> list[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    for each in modules_of(TEMPLATES):
        for variant in each.variants:
            found += templates_of(variant)
        for generator in each.generators.values():
            if generator.files is not None:
                found += template_paths(generator.files).items()
    return found


def test_only_jinja_templates_have_marked_lines() -> None:
    plain = [template for _, template in own_templates() if template.suffix != JINJA]
    assert plain
    for template in plain:
        assert not [line for line in lines_of(template) if line.startswith(MARK)]


def with_jinja(lines: list[str]) -> list[str]:
    return [
        line for line in lines if line.startswith(MARK) or "{{" in line or "{%" in line
    ]


def test_a_fifth_of_the_lines_of_python_templates_has_jinja_at_most() -> None:
    """Of all together; of one file a quarter, or five lines."""
    counts = {
        path: (
            len(with_jinja(lines_of(template))),
            len(template.read_text().splitlines()),
        )
        for path, template in own_templates()
        if template.name.endswith(".py.jinja")
    }
    jinja, lines = (sum(column) for column in zip(*counts.values(), strict=True))
    assert jinja <= lines / 5
    long = {p for p, (some, every) in counts.items() if some > max(every / 4, 5)}
    assert long == {*MOSTLY_FACTS}
