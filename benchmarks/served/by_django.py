"""Minimal, by hand: Django with its ORM, in one file."""

# ruff: noqa: E402 (Django has to be set up before its models are imported)

import hmac
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import django
import jwt
from django.conf import settings

SECRET = os.environ["AUTH_SECRET_KEYS"].encode()
KEY = hmac.digest(SECRET, b"shop:access", "sha256")
url = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY=SECRET.decode(),
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    MIDDLEWARE=[],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path[1:],
            "USER": url.username,
            "PASSWORD": url.password,
            "HOST": url.hostname,
            "PORT": url.port,
            "CONN_MAX_AGE": None,  # else it connects anew for each request
        }
    },
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path


class Row(models.Model):
    id = models.UUIDField(primary_key=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True


class User(Row):
    email = models.CharField(max_length=320)
    password_hash = models.CharField(max_length=255, null=True)
    role = models.CharField(max_length=20)
    is_active = models.BooleanField()
    email_verified_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "shop"
        db_table = "users"
        managed = False


class Login(Row):
    user = models.ForeignKey(User, models.CASCADE)
    user_agent = models.CharField(max_length=200)
    last_used_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "shop"
        db_table = "logins"
        managed = False


class Product(Row):
    owner = models.ForeignKey(User, models.CASCADE)
    name = models.CharField(max_length=120)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    sku = models.CharField(max_length=40)
    stock = models.IntegerField()

    class Meta:
        app_label = "shop"
        db_table = "products"
        managed = False


View = Callable[..., HttpResponse]


def for_users(view: View) -> View:
    def guarded(request: HttpRequest, **arguments: UUID) -> HttpResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(
                token, KEY, algorithms=["HS256"], audience="shop:access"
            )
        except jwt.InvalidTokenError:
            return HttpResponse(status=401)
        logins = Login.objects.select_related("user").filter(
            id=UUID(claims["sid"]),
            revoked_at=None,
            user_id=UUID(claims["sub"]),
            user__is_active=True,
        )
        login = next(iter(logins), None)
        if login is None:
            return HttpResponse(status=401)
        return view(request, login.user, **arguments)

    return guarded


def read(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "name": product.name,
        "price": product.price,
        "sku": product.sku,
        "stock": product.stock,
        "created_at": product.created_at,
        "updated_at": product.updated_at,
    }


@for_users
def list_products(request: HttpRequest, user: User) -> HttpResponse:
    limit = int(request.GET.get("limit", 50))
    rows = list(Product.objects.filter(owner=user).order_by("-id")[: limit + 1])
    data = rows[:limit]
    after = data[-1].id if len(rows) > limit else None
    return JsonResponse({"data": [read(product) for product in data], "next": after})


@for_users
def read_product(_: HttpRequest, user: User, product_id: UUID) -> HttpResponse:
    product = next(iter(Product.objects.filter(owner=user, id=product_id)), None)
    if product is None:
        raise Http404
    return JsonResponse(read(product))


urlpatterns = [
    path("api/v1/products", list_products),
    path("api/v1/products/<uuid:product_id>", read_product),
]
application = WSGIHandler()
