"""One environment with all that generated projects depend on; each sees it from a small
one of its own, in which nothing but the project is installed."""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from fastgen.catalog.sources import load_catalog
from fastgen.render.render import project_facts
from fastgen.spec.side import Side

from .commands import CACHE, UV, run
from .matrix import rows


def all_requirements() -> tuple[str, ...]:
    """The dependencies of all projects of the matrix, and of resources."""
    catalog = load_catalog()
    facts = [project_facts(Side(row.spec, catalog)) for row in rows()]
    variants = [v for m in catalog.modules.values() for v in m.variants]
    facts += [variant.resource_facts for variant in variants]
    found = {text for f in facts for text in (*f.dependencies, *f.dev_dependencies)}
    found |= {g.requirement for f in facts for g in f.group_dependencies}
    return tuple(sorted(found))


@dataclass(frozen=True)
class Environment:
    folder: Path

    @property
    def packages(self) -> Path:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.folder / "lib" / version / "site-packages"

    def lend_to(self, project: Path) -> None:
        """Make `.venv` in `project`, as `make install` does, within half a second."""
        own = project / ".venv"
        run([UV, "venv", "--quiet", "--python", sys.executable, own], project)
        (packages,) = own.glob("lib/python*/site-packages")
        (packages / "shared.pth").write_text(f"{self.packages}\n")
        for program in (self.folder / "bin").iterdir():
            _lend_program(program, own / "bin" / program.name)
        python = own / "bin" / "python"
        install = ("pip", "install", "--quiet", "--no-deps", "--python", python)
        run([UV, *install, "--editable", "."], project)
        (own / ".installed").touch()


def _lend_program(program: Path, link: Path) -> None:
    """A script has to run with the project's Python, which alone sees the project."""
    if link.exists() or program.is_symlink():
        return  # Python itself
    if program.read_bytes().startswith(b"#!"):
        link.write_text(f'#!/bin/sh\nexec "${{0%/*}}/python" "{program}" "$@"\n')
        link.chmod(0o755)
    else:
        link.symlink_to(program)


def shared_environment() -> Environment:
    """The environment for today's modules; made once, and kept while they stay."""
    requirements = all_requirements()
    key = hashlib.sha256(repr((sys.version, requirements)).encode()).hexdigest()[:16]
    folder = CACHE / f"environment-{key}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE / f"environment-{key}.lock"):
        if not (folder / "complete").is_file():
            make = ("venv", "--clear", "--quiet", "--python", sys.executable)
            run([UV, *make, folder], CACHE)
            python = folder / "bin" / "python"
            install = ("pip", "install", "--quiet", "--compile-bytecode", "--python")
            run([UV, *install, python, *requirements], CACHE)
            (folder / "complete").touch()
    return Environment(folder)
