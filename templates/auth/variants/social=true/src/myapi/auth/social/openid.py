"""OpenID Connect: discovery, exchange of the code, and an ID token that is verified."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
from anyio.to_thread import run_sync
from pydantic import BaseModel, ConfigDict, SecretStr

from myapi.auth.social.client import OAuth2Client, Profile, asking, get_json
from myapi.auth.social.flow import Flow

# Only with a public key: never `none`, and no HMAC that the public key would verify.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
CLOCK_SKEW = 60.0  # seconds
DISCOVERY = "/.well-known/openid-configuration"
DISCOVERY_TTL = 3600.0  # seconds


class Configuration(BaseModel):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Claims(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    sub: str
    email: str | None = None
    email_verified: bool = False


@dataclass(frozen=True)
class Discovery:
    """What the provider says about itself, and its keys."""

    configuration: Configuration
    client: OAuth2Client
    keys: jwt.PyJWKClient
    expires: float


class OpenIDProvider:
    def __init__(
        self,
        http: httpx.AsyncClient,
        name: str,
        issuer: str,
        client_id: str,
        client_secret: SecretStr,
    ) -> None:
        self.http = http
        self.name = name
        self.issuer = issuer.rstrip("/")
        self.client_id = client_id
        self.client_secret = client_secret
        self._discovery: Discovery | None = None

    async def authorization_url(self, redirect_uri: str, flow: Flow) -> str:
        async with asking(self.name):
            discovery = await self._discover()
            endpoint = urlsplit(discovery.configuration.authorization_endpoint)
            return await discovery.client.get_authorization_url(
                redirect_uri,
                flow.state,
                code_challenge=flow.challenge,
                code_challenge_method="S256",
                extras_params={**dict(parse_qsl(endpoint.query)), "nonce": flow.nonce},
            )

    async def profile(self, redirect_uri: str, code: str, flow: Flow) -> Profile:
        async with asking(self.name):
            discovery = await self._discover()
            answer = await discovery.client.get_access_token(
                code, redirect_uri, flow.verifier
            )
            claims = await self._verified(discovery, answer["id_token"], flow)
            userinfo = discovery.configuration.userinfo_endpoint
            if claims.email is None and userinfo:
                said = await get_json(self.http, userinfo, str(answer["access_token"]))
                claims = same_subject(claims, Claims.model_validate(said))
            return Profile(
                subject=claims.sub,
                email=claims.email,
                email_verified=claims.email_verified,
            )

    async def _verified(self, discovery: Discovery, encoded: str, flow: Flow) -> Claims:
        key = await run_sync(
            discovery.keys.get_signing_key_from_jwt, encoded, abandon_on_cancel=True
        )
        claims: dict[str, Any] = jwt.decode(
            encoded,
            key,
            algorithms=ALGORITHMS,
            audience=self.client_id,
            issuer=discovery.configuration.issuer,
            leeway=CLOCK_SKEW,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
        if claims.get("azp", self.client_id) != self.client_id:
            raise jwt.InvalidTokenError("The ID token was issued to another client")
        if claims["nonce"] != flow.nonce:
            raise jwt.InvalidTokenError("The ID token belongs to another login")
        return Claims.model_validate(claims)

    async def _discover(self) -> Discovery:
        found = self._discovery
        if found is None or found.expires < time.monotonic():
            found = self._discovery = await self._ask()
        return found

    async def _ask(self) -> Discovery:
        url = f"{self.issuer}{DISCOVERY}"
        configuration = Configuration.model_validate(await get_json(self.http, url))
        if configuration.issuer.rstrip("/") != self.issuer:
            raise ValueError(f"{url} is of another issuer: {configuration.issuer}")
        methods = configuration.token_endpoint_auth_methods_supported
        basic = "client_secret_basic" in methods
        client = OAuth2Client(
            self.http,
            self.client_id,
            self.client_secret,
            urlsplit(configuration.authorization_endpoint)._replace(query="").geturl(),
            configuration.token_endpoint,
            scopes=["openid", "email"],
            auth_method="client_secret_basic" if basic else "client_secret_post",
        )
        keys = jwt.PyJWKClient(configuration.jwks_uri, timeout=5)
        return Discovery(configuration, client, keys, time.monotonic() + DISCOVERY_TTL)


def same_subject(claims: Claims, userinfo: Claims) -> Claims:
    # The ID token is signed, this answer is not: it may say more, of the same person.
    if userinfo.sub != claims.sub:
        raise ValueError("The user info is of another subject than the ID token")
    return userinfo
