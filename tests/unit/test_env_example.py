"""`.env.example` lists every setting of a project, and nothing else."""

import ast
import re

import pytest

from fastgen.catalog.sources import load_catalog
from fastgen.spec.edits import with_options
from tests.kit import side_with, tree_of

OPTIONS = ["auth.api_keys=true", "auth.totp=true", "auth.social=true"]
# Read by programs other than the application.
OF_OTHERS = {"POSTGRES_PASSWORD"}


def fields(source: str, name: str) -> dict[str, ast.AnnAssign]:
    (found,) = (
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    return {
        node.target.id: node
        for node in found.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def alias_of(field: ast.AnnAssign) -> str | None:
    """`MAIL_FROM` fills the field `sender`, whose alias is `from`."""
    for keyword in getattr(field.value, "keywords", []):
        if keyword.arg == "alias":
            return str(keyword.value.value)
    return None


def settings_of(files: dict[str, str]) -> set[str]:
    """The variables that the settings of a project are read from."""
    main = files["src/myapi/settings.py"]
    imports = {
        name: f"src/{module.replace('.', '/')}.py"
        for module, name in re.findall(r"^from (myapi\S+) import (\w+)$", main, re.M)
    }
    names = set()
    for group, field in fields(main, "Settings").items():
        kind = ast.unparse(field.annotation)
        if not kind.endswith("Settings"):
            names.add(group)
            continue
        source = files[imports[kind]] if kind in imports else main
        for name, inner in fields(source, kind).items():
            names.add(f"{group}_{alias_of(inner) or name}")
    return {name.upper() for name in names}


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_every_setting_is_in_env_example(engine):
    # All modules that have settings, with all that they can have.
    modules = side_with("admin", "auth", "database", "mail")
    options = [f"database.engine={engine}", *OPTIONS]
    tree = tree_of(with_options(modules, options).spec)
    files = {path: entry.content.decode() for path, entry in tree.items()}
    listed = re.findall(r"^(?:# )?([A-Z]+[A-Z_]*)=", files[".env.example"], re.M)
    settings = settings_of(files)
    assert {name for name in settings if name not in listed} == set()
    assert set(listed) - settings - OF_OTHERS == set()


def test_no_other_module_has_settings():
    """Else it belongs into the test above."""
    found = {
        module.name
        for module in load_catalog().modules.values()
        if any(variant.facts.settings for variant in module.variants)
    }
    assert found <= {"admin", "auth", "database", "mail"}
