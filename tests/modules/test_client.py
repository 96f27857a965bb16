"""The clients of a project are made from its document, and work with its server."""

import os
import shutil
from pathlib import Path

import pytest

from tests.projects.commands import UV, fastgen, run
from tests.projects.conftest import Make
from tests.projects.generated import Generated

USES = Path(__file__).with_name("clients")
OURS = ("package-lock.json", "src/use.ts")
ACCOUNT = ("ada@example.com", "correct horse battery staple")


@pytest.mark.slow
def test_clients_in_two_languages_log_in_and_keep_rows(make: Make) -> None:
    assert shutil.which("npm"), "`scripts/services.sh` installs it: it is needed here"
    settings = [f"auth.{option}=true" for option in ("totp", "api_keys", "social")]
    options = [word for setting in settings for word in ("--set", setting)]
    project = make("shop", "--with", "client,auth", *options)
    fields = ("title:str:search", "price:decimal:10:2:index", "made_at:datetime:index")
    left_out = ("stock:int:default=0", "status:enum:draft:live:index:default=draft")
    resource = ("generate", "resource", "Product", *fields, *left_out, "--bulk")
    fastgen(*resource, "--no-install", "--quiet", folder=project.root)
    project.lint()
    shutil.copy(USES / "use.ts", project.root / "clients/typescript/src")
    make_both(project)
    made = project.git("status", "--porcelain", "-uall", "clients").split()[1::2]
    assert {*made} == {f"clients/typescript/{name}" for name in OURS}

    python = f"{project.root}/.venv/bin/python"
    use = str(USES / "use.py")
    environment = {**project.environment, "PYTHONPATH": "clients/python"}
    types = ["-m", "mypy", "--strict", "--follow-imports=silent", use]
    run([python, *types], project.root, {**environment, "MYPYPATH": "clients/python"})

    project.migrate()
    make_account = [python, "-m", "shop.auth.create_admin", ACCOUNT[0]]
    run(make_account, project.root, project.environment, text=ACCOUNT[1])
    with project.serving() as address:
        run([python, use, address, *ACCOUNT], project.root, environment)
        project.run("node", "clients/typescript/dist/use.js", address, *ACCOUNT)


@pytest.mark.slow
def test_clients_are_made_of_an_api_without_accounts(make: Make) -> None:
    project = make("shop", "--with", "client")
    make_both(project)
    assert (project.root / "clients/typescript/dist/client.js").is_file()


def make_both(project: Generated) -> None:
    environment = dict(project.environment)
    environment["PATH"] = f"{Path(UV).parent}{os.pathsep}{environment['PATH']}"
    targets = ("client-python", "client-typescript")
    run(["make", *targets], project.root, environment)
