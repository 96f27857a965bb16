from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import inspect
from starlette.requests import Request
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.fields import EmailField

from myapi.admin.views import TableView
from myapi.auth.events import AccountEvents, client_of
from myapi.auth.models import Role, User
from myapi.auth.schemas import Email

EMAIL: TypeAdapter[str] = TypeAdapter(Email)


class UserView(TableView):
    """Nobody sets the password of somebody else.

    A user that is created here has none, and chooses it with "forgotten password".
    """

    fields = (
        "id",
        EmailField("email", required=True, maxlength=320),
        "role",
        "is_active",
        "email_verified_at",
        "created_at",
        "updated_at",
    )

    async def validate(self, request: Request, data: dict[str, Any]) -> None:
        await super().validate(request, data)
        try:
            data["email"] = EMAIL.validate_python(data["email"])
        except ValidationError:
            raise FormValidationError({"email": "This is no address."}) from None

    async def before_edit(
        self, request: Request, data: dict[str, Any], obj: User
    ) -> None:
        """So there is always an administrator left, who can change the others."""
        mine = obj.id == request.state.admin_user.user_id
        if mine and (obj.role is not Role.ADMIN or not obj.is_active):
            raise FormValidationError(
                dict.fromkeys(("role", "is_active"), "This is your own account.")
            )
        settings = request.state["settings"].auth
        events = AccountEvents(request.state.mailer, settings, client_of(request))
        changes = inspect(obj).attrs
        if changes.role.history.has_changes():
            by = str(request.state.admin_user.user_id)
            events.record("role_changed", obj.id, role=obj.role, by=by)
        if changes.email.history.deleted:
            events.email_changed(obj, former=changes.email.history.deleted[0])

    async def before_delete(self, request: Request, obj: User) -> None:
        if obj.id == request.state.admin_user.user_id:
            raise ActionFailed("This is your own account.")
