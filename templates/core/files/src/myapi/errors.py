"""Errors as RFC 9457 problem details (`application/problem+json`)."""

from collections.abc import Mapping
from http import HTTPStatus
from http.client import responses as phrases
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException


class Violation(BaseModel):
    """One rule that the request breaks, and where."""

    loc: tuple[str | int, ...]
    msg: str
    type: str


class Problem(BaseModel):
    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[Violation] | None = None


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


class AppError(Exception):
    """An expected failure, which the API reports to its caller."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    title: ClassVar[str] = "Bad request"
    headers: Mapping[str, str] = {}

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail


class NotFoundError(AppError):
    status = HTTPStatus.NOT_FOUND
    title = "Not found"


class ConflictError(AppError):
    status = HTTPStatus.CONFLICT
    title = "Conflict"


def problem(
    problem: Problem, headers: Mapping[str, str] | None = None
) -> ProblemResponse:
    return ProblemResponse(
        problem.model_dump(exclude_none=True), problem.status, headers
    )


async def on_app_error(_: Request, error: AppError) -> ProblemResponse:
    return problem(
        Problem(title=error.title, status=error.status, detail=error.detail),
        error.headers,
    )


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
    return problem(Problem(title="Validation failed", status=422, errors=errors))


def add_error_handlers(app: FastAPI) -> None:
    app.exception_handler(AppError)(on_app_error)
    app.exception_handler(HTTPException)(on_http_exception)
    app.exception_handler(RequestValidationError)(on_validation_error)


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Problem",
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"}
            }
        },
    }
}


def problem_schemas() -> dict[str, Any]:
    """What PROBLEM_RESPONSES refers to, for the OpenAPI document."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}
