from collections.abc import Mapping
from http import HTTPStatus

from myapi.errors import AppError, NotFoundError


class UnauthorizedError(AppError):
    status = HTTPStatus.UNAUTHORIZED
    type = "urn:problem-type:unauthorized"
    title = "Unauthorized"
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}


class ForbiddenError(AppError):
    status = HTTPStatus.FORBIDDEN
    type = "urn:problem-type:forbidden"
    title = "Forbidden"


class UnconfirmedEmailError(ForbiddenError):
    type = "urn:problem-type:email-not-confirmed"
    title = "Email address not confirmed"

    def __init__(self) -> None:
        super().__init__(
            "Confirm your email address first. "
            "POST /auth/email/verification sends the link again."
        )


class InvalidLinkError(NotFoundError):
    type = "urn:problem-type:invalid-link"
    title = "Invalid link"

    def __init__(self) -> None:
        super().__init__("The link was used already, has expired, or never was one.")


class TooManyAttemptsError(AppError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    type = "urn:problem-type:too-many-attempts"
    title = "Too many attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts. Try again in {seconds} seconds.")
        self.headers = {"Retry-After": str(seconds)}


class PasswordQueueFullError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    type = "urn:problem-type:too-many-logins"
    title = "Too many logins at once"
    headers: Mapping[str, str] = {"Retry-After": "2"}


class AttemptsUnavailableError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    type = "urn:problem-type:attempts-unavailable"
    title = "Service unavailable"
    headers: Mapping[str, str] = {"Retry-After": "5"}
