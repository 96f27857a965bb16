from fastapi import Depends

from myapi.auth import account_router, cookie_router, login_router
from myapi.auth.deps import forbid_caching, refuse_api_keys
from myapi.routing import Router

router = Router(
    prefix="/auth", tags=["auth"], dependencies=[Depends(forbid_caching)]
)
router.include_router(account_router.router)
router.include_router(login_router.router, dependencies=[Depends(refuse_api_keys)])
router.include_router(cookie_router.router)
