"""A provider on loopback, as far as a login goes: OpenID Connect, and GitHub's API."""

import base64
import hashlib
import secrets
import time
from typing import Annotated, Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Form, Header, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

CLIENT_ID = "our-client-id"
CLIENT_SECRET = "our-client-secret"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class IdentityProvider:
    """Says the truth about `claims`, until a test has it lie or break."""

    key = new_key()

    def __init__(self, url: str) -> None:
        self.url = url
        self.reset()

    def reset(self) -> None:
        self.requests: dict[str, dict[str, str]] = {}
        self.profile: dict[str, Any] = {
            "sub": "grace-1906",
            "email": "grace@example.com",
            "email_verified": True,
        }
        self.claims: dict[str, Any] = {}  # put into the ID token instead of the truth
        self.signing_key: Any = self.key
        self.algorithm = "RS256"
        self.denied = False
        self.email_only_in_userinfo = False
        self.token_answer: Response | None = None
        self.delay = 0.0

    def authorize(self, query: dict[str, str]) -> str:
        back = {"state": query["state"]}
        if self.denied:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_hex(8)
            self.requests[back["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def exchange(self, code: str, redirect_uri: str, verifier: str) -> dict[str, str]:
        """The request that the code was given for; a code works once."""
        asked = self.requests.pop(code, None)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["redirect_uri"] != redirect_uri
            or asked["code_challenge_method"] != "S256"
            or asked["code_challenge"] != challenge
        ):
            raise HTTPException(400, "invalid_grant")
        return asked

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        profile = dict(self.profile)
        if self.email_only_in_userinfo:
            profile = {"sub": profile["sub"]}
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            **profile,
            **self.claims,
        }
        known = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(known, self.signing_key, self.algorithm, {"kid": "1"})


def create_provider_app(provider: IdentityProvider) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def configuration() -> dict[str, Any]:
        return {
            "issuer": provider.url,
            "authorization_endpoint": f"{provider.url}/authorize",
            "token_endpoint": f"{provider.url}/token",
            "jwks_uri": f"{provider.url}/jwks",
            "userinfo_endpoint": f"{provider.url}/userinfo",
        }

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(
            provider.key.public_key(), as_dict=True
        )
        return {"keys": [{**key, "kid": "1", "use": "sig", "alg": "RS256"}]}

    @app.get("/authorize")
    @app.get("/login/oauth/authorize")
    async def authorize(request: Request) -> RedirectResponse:
        return RedirectResponse(provider.authorize(dict(request.query_params)))

    @app.post("/token")
    def token(
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        authorization: Annotated[str, Header()],
    ) -> Response:
        time.sleep(provider.delay)
        if provider.token_answer is not None:
            return provider.token_answer
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {known}":
            raise HTTPException(401, "invalid_client")
        asked = provider.exchange(code, redirect_uri, code_verifier)
        answer = {
            "access_token": "opaque",
            "id_token": provider.id_token(asked["nonce"]),
        }
        return JSONResponse({**answer, "token_type": "Bearer", "expires_in": 60})

    @app.get("/userinfo")
    async def userinfo(authorization: Annotated[str, Header()]) -> dict[str, Any]:
        assert authorization == "Bearer opaque"
        return provider.profile

    @app.post("/login/oauth/access_token")
    async def github_token(
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        client_secret: Annotated[str, Form()],
    ) -> dict[str, str]:
        assert client_secret == CLIENT_SECRET
        try:
            provider.exchange(code, redirect_uri, code_verifier)
        except HTTPException:  # GitHub answers 200 to this
            return {"error": "bad_verification_code"}
        return {"access_token": "opaque", "token_type": "bearer"}

    @app.get("/api/user")
    async def github_user() -> dict[str, Any]:
        return {"id": 1906, "login": "grace", "email": None}

    @app.get("/api/user/emails")
    async def github_emails() -> list[dict[str, Any]]:
        verified = provider.profile["email_verified"]
        return [
            {"email": "old@example.com", "primary": False, "verified": True},
            {"email": provider.profile["email"], "primary": True, "verified": verified},
        ]

    return app
