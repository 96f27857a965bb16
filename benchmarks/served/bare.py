"""FastAPI without anything else: what generated applications are compared with."""

from fastapi import APIRouter, FastAPI
from routes import NAMES, answer

app = FastAPI()
app.get("/health/live")(answer)

# 60 routes on the application itself, the way a single file has them.
flat = FastAPI()
for name in NAMES:
    for number in range(5):
        flat.get(f"/api/v1/{name}/{number}", name=f"{name}{number}")(answer)

# The same in 12 routers, the way FastAPI's own documents divide a larger application.
routers = FastAPI()
for name in NAMES:
    router = APIRouter(prefix=f"/{name}")
    for number in range(5):
        router.get(f"/{number}", name=f"{name}{number}")(answer)
    routers.include_router(router, prefix="/api/v1")
