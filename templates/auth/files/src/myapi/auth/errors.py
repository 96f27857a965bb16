from collections.abc import Mapping
from http import HTTPStatus

from myapi.errors import AppError, NotFoundError


class UnauthorizedError(AppError):
    status = HTTPStatus.UNAUTHORIZED
    title = "Unauthorized"
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


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


class TooManyAttemptsError(AppError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts. Try again in {seconds} seconds.")
        self.headers = {"Retry-After": str(seconds)}


class PasswordQueueFullError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Too many logins at once"
    headers: Mapping[str, str] = {"Retry-After": "2"}


class AttemptsUnavailableError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Service unavailable"
    headers: Mapping[str, str] = {"Retry-After": "5"}
