"""A generated application with 60 routes, in routers like those of its resources."""

from fastapi import APIRouter
from routes import NAMES, answer
from shop.main import create_app

app = create_app()
api = APIRouter(prefix="/api/v1")
for name in NAMES:
    router = APIRouter(prefix=f"/{name}")
    for number in range(5):
        router.get(f"/{number}", name=f"{name}{number}")(answer)
    api.include_router(router)
app.include_router(api)
