"""Endpoints that a user writes first: the project's own suite accepts them, or says in
a few lines what to declare."""

from pathlib import Path

import pytest

from .commands import fastgen, run
from .conftest import Make
from .generated import Generated

SUITE = ("tests/test_contract.py", "tests/test_contract_logged_in.py")
NAMES = "tests/test_openapi.py"

HEAD = """\
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Response, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from fastapi.responses import RedirectResponse, StreamingResponse

from myapi.auth.guard import public
from myapi.db.deps import SessionDep

router = APIRouter(prefix="/own", tags=["own"])
"""

GOOD = """

@router.get("/public")
@public
async def read_public() -> dict[str, str]:
    return {"hello": "world"}


@router.get("/private")
async def read_private() -> list[int]:
    return [1]


@router.get("/session")
async def read_session(session: SessionDep) -> bool:
    return session.is_active


@router.delete("/nothing", status_code=204)
async def delete_nothing() -> None:
    pass


@router.get("/text", response_class=PlainTextResponse)
async def read_text() -> str:
    return "text"


@router.get("/page", response_class=HTMLResponse)
async def read_page() -> str:
    return "<p>text</p>"


@router.get("/stream", response_class=StreamingResponse)
async def read_stream() -> StreamingResponse:
    return StreamingResponse(iter(["a", "b"]), media_type="text/plain")


@router.get("/elsewhere", response_class=RedirectResponse, status_code=307)
async def read_elsewhere() -> str:
    return "/health/live"


@router.get("/missing/{number}")
async def read_missing(number: int) -> int:
    raise HTTPException(404, f"no {number}")


@router.post("/file")
async def save_file(file: UploadFile) -> int:
    return len(await file.read())


@router.get("/plain")
def read_plain(limit: int = 10) -> int:
    return limit
"""

UNDECLARED = {
    "text": """
@router.get("/undeclared")
@public
async def read_undeclared() -> PlainTextResponse:
    return PlainTextResponse("text")
""",
    "an empty answer": """
@router.delete("/undeclared")
@public
async def delete_undeclared() -> Response:
    return Response(status_code=204)
""",
    "an error": """
@router.get("/undeclared")
@public
async def read_undeclared() -> JSONResponse:
    return JSONResponse({"error": "no"}, status_code=400)
""",
}


@pytest.fixture
def project(make: Make) -> Generated:
    """A project whose `main.py` includes a router of the user's."""
    project = make("myapi", "--with", "auth")
    main = project.root / "src" / "myapi" / "main.py"
    text = main.read_text()
    imported = "from myapi.lifespan import lifespan\n"
    included = "    api.include_router(auth)\n"
    assert text.count(imported) == text.count(included) == 1
    text = text.replace(imported, f"from myapi import own\n{imported}")
    own = "    api.include_router(own.router)\n"
    main.write_text(text.replace(included, own + included))
    return project


def write(project: Generated, *endpoints: str) -> Path:
    file = project.root / "src" / "myapi" / "own.py"
    file.write_text(HEAD + "\n".join(endpoints))
    return file


@pytest.mark.slow
@pytest.mark.matrix
def test_usual_endpoints_pass_and_others_are_told_what_to_declare(
    project: Generated,
) -> None:
    write(project, GOOD)
    project.passed(files=[*SUITE, NAMES])

    for what, endpoint in UNDECLARED.items():
        write(project, GOOD, endpoint)
        printed = failing(project, SUITE[0], "-k", "undeclared")
        summary = printed[printed.index("short test summary") :]
        assert "/api/v1/own/undeclared answers something" in printed, what
        assert "responses=problems(400)" in printed, what
        assert summary.count("FAILED") == 1, what

    again = GOOD.replace('("/', '("/again-').partition("\n\n\n")[2]
    write(project, GOOD, again)
    project.tool("pytest", "-q", SUITE[0])  # the test of the contract still runs
    printed = failing(project, NAMES)
    assert "rename them: ['read_private', 'read_session'" in printed


BESIDE_ROWS = """

@router.get("/search")
async def search_products(
    session: ReadSessionDep, most: Annotated[int, Query(ge=1, le=10)]
) -> ProductPage:
    return await service.list_products(session, ProductQuery(limit=most))


@router.get("/stats")
async def count_products() -> dict[str, int]:
    return {"products": 0}


@router.get("/me")
async def list_my_products(session: ReadSessionDep) -> ProductPage:
    return await service.list_products(session, ProductQuery())


@router.post("/export", status_code=202)
async def export_products() -> None:
    pass
"""


@pytest.mark.parametrize(
    ("module", "access", "suite"),
    [("database", "open", SUITE[0]), ("auth", "public-read", SUITE[1])],
)
def test_endpoints_beside_the_rows_of_a_resource_keep_to_the_contract(
    make: Make, module: str, access: str, suite: str
) -> None:
    project = make("myapi", "--with", module)
    fastgen(
        "generate",
        "resource",
        "Product",
        "title:str",
        "--access",
        access,
        folder=project.root,
    )
    router = project.root / "src" / "myapi" / "products" / "router.py"
    router.write_text(router.read_text() + BESIDE_ROWS)
    project.passed(files=[suite, "tests/test_products.py"])


def failing(project: Generated, *arguments: str) -> str:
    """What a run of pytest prints that fails as it should."""
    command = [f"{project.root}/.venv/bin/pytest", "-q", *arguments]
    return run(command, project.root, project.environment, code=1)
