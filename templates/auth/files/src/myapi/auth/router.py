from fastapi import APIRouter, Depends

from myapi.auth import account_router, cookie_router, login_router
from myapi.auth.deps import forbid_caching

router = APIRouter(
    prefix="/auth", tags=["auth"], dependencies=[Depends(forbid_caching)]
)
router.include_router(account_router.router)
router.include_router(login_router.router)
router.include_router(cookie_router.router)
