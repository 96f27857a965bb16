from http import HTTPStatus
from typing import ClassVar

from starlette.exceptions import HTTPException

from myapi.errors import AppError, NotFoundError


class UnauthorizedError(AppError):
    status = HTTPStatus.UNAUTHORIZED
    title = "Unauthorized"
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}


class ForbiddenError(AppError):
    status = HTTPStatus.FORBIDDEN
    title = "Forbidden"


class UnconfirmedEmailError(ForbiddenError):
    title = "Email address not confirmed"

    def __init__(self) -> None:
        super().__init__(
            "Confirm your email address first. "
            "POST /auth/email/verification sends the link again."
        )


class InvalidLinkError(NotFoundError):
    def __init__(self) -> None:
        super().__init__("The link was used already, has expired, or never was one.")


class TooManyAttemptsError(HTTPException):
    def __init__(self, seconds: int) -> None:
        super().__init__(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"Too many attempts. Try again in {seconds} seconds.",
            {"Retry-After": str(seconds)},
        )


class PasswordQueueFullError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Too many logins at once"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "2"}


class AttemptsUnavailableError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Service unavailable"
    headers: ClassVar[dict[str, str]] = {"Retry-After": "5"}
