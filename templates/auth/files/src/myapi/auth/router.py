from fastapi import Depends

from myapi.auth import account_router, cookie_router, login_router
from myapi.auth.deps import forbid_caching
from myapi.routing import Router

router = Router(
    prefix="/auth", tags=["auth"], dependencies=[Depends(forbid_caching)]
)
router.include_router(account_router.router)
router.include_router(login_router.router)
router.include_router(cookie_router.router)
