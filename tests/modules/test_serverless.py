"""The application as a function: what `make function` builds answers by itself, and
the template is valid by the rules of AWS."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import cfnlint.api
import pytest
import yaml

from fastgen.catalog.sources import load_catalog
from fastgen.render.render import rendered_tree
from fastgen.spec.side import Side
from fastgen.spec.spec import Spec
from tests.projects.commands import UV, fastgen, run
from tests.projects.conftest import Make
from tests.projects.generated import Generated
from tests.projects.matrix import Row, rows

ON_AWS = [
    row
    for row in rows()
    if row.modules.get("serverless", {}).get("provider") == "aws-lambda"
]

RUNNING = "{}.{}".format(*sys.version_info)

# With nothing to import but the standard library and what was built; then the end comes
# without a word, as it does there.
CALL = """
import importlib, json, os, sys
*folders, target = sys.argv[1:]
sys.path[:0] = folders
module, name = target.rsplit(".", 1)
function = getattr(importlib.import_module(module), name)
{code}
sys.stdout.flush()
os._exit(0)
"""
ON_LAMBDA = """
print(json.dumps(function(json.load(sys.stdin), None)))
"""
ON_AZURE = """
import asyncio, azure.functions as func
(found,) = function.get_functions()
request = func.HttpRequest("GET", sys.stdin.read(), body=b"")
answer = asyncio.run(found.get_user_function()(request, None))
body = answer.get_body().decode()
print(json.dumps({"statusCode": answer.status_code, "body": body}))
"""


def template_of(spec: Spec) -> str:
    return rendered_tree(Side(spec, load_catalog()))["template.yaml"].content.decode()


@pytest.mark.parametrize(
    ("python", "on_lambda"), [("3.11", "3.12"), ("3.12", "3.12"), ("3.14", "3.14")]
)
def test_it_is_built_for_a_python_of_lambda_that_is_on_a_linux_of_today(
    python: str, on_lambda: str
) -> None:
    tree = rendered_tree(Side(replace(ON_AWS[0].spec, python=python), load_catalog()))
    runtime = function_in(tree["template.yaml"].content.decode())["Runtime"]
    assert runtime == f"python{on_lambda}"
    assert versions_in(tree["Makefile"].content.decode()) == {on_lambda}


def versions_in(makefile: str) -> set[str]:
    return {*re.findall(r"--python-version (\S+)", makefile)}


@pytest.mark.parametrize("row", ON_AWS, ids=str)
def test_the_template_is_valid_and_keeps_secrets_out(row: Row) -> None:
    text = template_of(row.spec)
    config = cfnlint.api.ManualArgs(regions=["eu-central-1"])
    assert cfnlint.api.lint(text, config=config) == []
    given = function_in(text)["Environment"]["Variables"]
    assert given.pop("ENVIRONMENT") == "production"
    for pool in ("DATABASE_POOL_SIZE", "DATABASE_READ_POOL_SIZE"):
        given.pop(pool, None)
    for name, value in given.items():
        reference = f"{{{{resolve:secretsmanager:${{Secret}}:SecretString:{name}}}}}"
        assert value == {"Fn::Sub": reference}
    assert ("AUTH_SECRET_KEYS" in given) == ("auth" in row.modules)


def function_in(template: str) -> dict[str, Any]:
    properties = yaml.safe_load(template)["Resources"]["Function"]["Properties"]
    assert isinstance(properties, dict)
    return properties


def test_a_template_with_a_mistake_is_refused() -> None:
    text = template_of(ON_AWS[0].spec).replace("MemorySize", "MemorySizes")
    (found,) = cfnlint.api.lint(text)
    assert "'MemorySizes' was unexpected" in found.message


@pytest.fixture(scope="module")
def built(
    make_once: Make,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generated:
    """A project, and in dist/function what is deployed."""
    chosen = ("--with", "serverless,database", "--set", "database.engine=postgres")
    provider = f"serverless.provider={request.param}"
    folder = tmp_path_factory.mktemp("built")
    project = make_once("my-api", *chosen, "--set", provider, folder=folder)
    project.run(UV, "lock", "--quiet")
    # For this Python, which is to call it.
    makefile = project.root / "Makefile"
    (version,) = versions_in(text := makefile.read_text())
    makefile.write_text(text.replace(f"-version {version}", f"-version {RUNNING}"))
    project.run("make", "function", f"UV={UV}")
    return project


@pytest.mark.slow
@pytest.mark.parametrize("built", ["aws-lambda"], indirect=True)
def test_what_is_built_for_aws_answers_by_itself(built: Generated) -> None:
    properties = function_in((built.root / "template.yaml").read_text())
    event = json.loads((built.root / "tests/events/function_url.json").read_text())
    event["requestContext"]["http"]["path"] = "/health/live"
    folder = built.root / properties["CodeUri"]
    answer = called(
        ON_LAMBDA, [folder], properties["Handler"], folder, json.dumps(event)
    )
    assert (answer["statusCode"], answer["body"]) == (200, '{"status":"ok"}')


@pytest.mark.slow
@pytest.mark.parametrize("built", ["aws-lambda"], indirect=True)
def test_what_is_built_is_in_nobodys_way(built: Generated) -> None:
    """A copy of the project, migrations included."""
    built.lint()
    assert built.git("status", "--porcelain", ".", ":!Makefile") == "?? uv.lock\n"
    fastgen("add", "auth", "--no-install", folder=built.root)
    fastgen("undo", "--yes", folder=built.root)


@pytest.mark.slow
@pytest.mark.parametrize("built", ["azure-functions"], indirect=True)
def test_what_is_built_for_azure_answers_by_itself(built: Generated) -> None:
    folder = built.root / "dist" / "function"
    packages = folder / ".python_packages" / "lib" / "site-packages"
    url = "https://api.azurewebsites.net/health/live"
    answer = called(ON_AZURE, [folder, packages], "function_app.app", folder, url)
    assert (answer["statusCode"], answer["body"]) == (200, '{"status":"ok"}')
    assert (folder / "host.json").is_file()


def called(
    code: str, paths: list[Path], target: str, folder: Path, text: str
) -> dict[str, Any]:
    """What the function answers, in a Python that sees `paths` alone."""
    python = [sys.executable, "-I", "-S", "-c", CALL.replace("{code}", code)]
    printed = run([*python, *paths, target], folder, text=text)
    answer = json.loads(printed.splitlines()[-1])
    assert isinstance(answer, dict)
    return answer
