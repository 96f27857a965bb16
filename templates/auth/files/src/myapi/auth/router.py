from fastapi import APIRouter

from myapi.auth import account_router, cookie_router, login_router

router = APIRouter(prefix="/auth", tags=["auth"])
router.include_router(account_router.router)
router.include_router(login_router.router)
router.include_router(cookie_router.router)
