"""Errors as RFC 9457 problem details (`application/problem+json`)."""

from collections.abc import Mapping
from http import HTTPStatus
from http.client import responses as phrases
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

VALIDATION_FAILED = "urn:problem-type:validation-failed"


class Violation(BaseModel):
    """One rule that the request breaks, and where."""

    loc: tuple[str | int, ...]
    msg: str
    type: str


class Problem(BaseModel):
    """An error. Programs compare `type`; `title` and `detail` are for people."""

    type: str = Field(
        "about:blank",
        description="What went wrong; `about:blank`: no more than the status says.",
    )
    title: str
    status: int
    detail: str | None = None
    errors: list[Violation] | None = None


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


class AppError(Exception):
    """An expected failure, which the API reports to its caller.

    Give a subclass its own `type` if clients need to recognize it.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    type: ClassVar[str] = "about:blank"
    title: ClassVar[str] = "Bad Request"
    headers: Mapping[str, str] = {}

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail


class NotFoundError(AppError):
    status = HTTPStatus.NOT_FOUND
    type = "urn:problem-type:not-found"
    title = "Not found"


class ConflictError(AppError):
    status = HTTPStatus.CONFLICT
    type = "urn:problem-type:conflict"
    title = "Conflict"


def problem(
    problem: Problem, headers: Mapping[str, str] | None = None
) -> ProblemResponse:
    return ProblemResponse(
        problem.model_dump(exclude_none=True), problem.status, headers
    )


def problem_of(error: AppError) -> ProblemResponse:
    document = Problem(
        type=error.type, title=error.title, status=error.status, detail=error.detail
    )
    return problem(document, error.headers)


async def on_app_error(_: Request, error: AppError) -> ProblemResponse:
    return problem_of(error)


async def on_http_exception(_: Request, error: HTTPException) -> ProblemResponse:
    title = phrases.get(error.status_code, "Error")
    detail = None if error.detail == title else str(error.detail)
    return problem(
        Problem(title=title, status=error.status_code, detail=detail),
        dict(error.headers or {}),
    )


async def on_validation_error(
    _: Request, error: RequestValidationError
) -> ProblemResponse:
    # Without `input` and `ctx`: what was sent may be a password.
    errors = [
        Violation(loc=e["loc"], msg=e["msg"], type=e["type"]) for e in error.errors()
    ]
    document = Problem(
        type=VALIDATION_FAILED, title="Validation failed", status=422, errors=errors
    )
    return problem(document)


def add_error_handlers(app: FastAPI) -> None:
    app.exception_handler(AppError)(on_app_error)
    app.exception_handler(HTTPException)(on_http_exception)
    app.exception_handler(RequestValidationError)(on_validation_error)


PROBLEM: dict[str, Any] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
}
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"description": "Problem", "content": PROBLEM}
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Errors that an endpoint answers with: `responses=problems(404, 409)`."""
    return {
        status: {"description": phrases[status], "content": PROBLEM}
        for status in statuses
    }


def problem_schemas() -> dict[str, Any]:
    """What PROBLEM refers to, for the OpenAPI document."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schema["properties"]["type"]["examples"] = problem_types()
    schema["required"].append("type")  # which has a default, and is always sent
    return {**schema.pop("$defs"), "Problem": schema}


def problem_types() -> list[str]:
    """The types of all errors that the application knows."""
    found, classes = {VALIDATION_FAILED}, [AppError]
    while classes:
        error = classes.pop()
        found.add(error.type)
        classes += error.__subclasses__()
    return sorted(found)
