"""Pages for every table."""

import logging
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI
from sqlalchemy import Table, inspect
from sqlalchemy.orm import Mapper
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates
from starlette_admin import CustomView, route
from starlette_admin.base import BaseAdmin

from myapi.admin.columns import address_of
from myapi.admin.middleware import HeadersMiddleware, RefusalMiddleware
from myapi.admin.provider import AdministratorProvider
from myapi.admin.settings import AdminSettings
from myapi.admin.transaction import TransactionMiddleware
from myapi.admin.users import UserView
from myapi.admin.views import ReadOnlyView, TableView
from myapi.auth.models import User
from myapi.auth.settings import AuthSettings
from myapi.auth.tokens import derived_keys
from myapi.db.models import Base

VIEWS: dict[type, type[TableView]] = {User: UserView}


class Home(CustomView):
    route_name = "index"
    add_to_menu = False

    @route("")
    async def index(self, request: Request) -> Response:
        templates = cast("Jinja2Templates", self.templates)
        return templates.TemplateResponse(request, "home.html")


def view_of(mapper: Mapper[Any]) -> TableView:
    """What belongs to logins is written by them alone."""
    model = mapper.class_
    of_auth = model.__module__.startswith("myapi.auth.")
    return VIEWS.get(model, ReadOnlyView if of_auth else TableView)(mapper)


async def redirect_to_home(request: Request) -> Response:
    """From the path without a slash; to a path, whatever the header Host says."""
    return RedirectResponse(f"{request.url.path}/")


def mount_admin(app: FastAPI) -> BaseAdmin | None:
    place: AdminSettings = app.state.settings.admin
    if not place.enabled:
        return None
    # It logs each step, and the values of forms with them.
    logging.getLogger("starlette_admin").setLevel(logging.CRITICAL)
    settings: AuthSettings = app.state.settings.auth
    admin = BaseAdmin(
        title=app.title,
        base_url=place.path,
        templates_dir=str(Path(__file__).with_name("templates")),
        index_view=Home(),
        auth_provider=AdministratorProvider(settings),
        secret_key=derived_keys(settings, "admin-forms")[0].hex(),
        middlewares=[
            Middleware(HeadersMiddleware),
            Middleware(RefusalMiddleware),
            Middleware(TransactionMiddleware),
        ],
    )
    for mapper in sorted(inspect(User).registry.mappers, key=address_of):
        table = mapper.local_table
        known = isinstance(table, Table) and table.metadata is Base.metadata
        if known and not mapper.single:
            admin.add_view(view_of(mapper))
    app.add_route(place.path, redirect_to_home, include_in_schema=False)
    admin.mount_to(app)
    return admin
