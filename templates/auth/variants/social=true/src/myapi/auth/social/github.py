import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter

from myapi.auth.social.client import OAuth2Client, Profile, asking, get_json
from myapi.auth.social.flow import Flow


class Account(BaseModel):
    id: int


class Address(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    email: str
    primary: bool
    verified: bool


_addresses = TypeAdapter(list[Address])


class GitHubProvider:
    """OAuth 2 and GitHub's own API: GitHub does not speak OpenID Connect."""

    name = "github"

    def __init__(
        self,
        http: httpx.AsyncClient,
        site: str,
        api: str,
        client_id: str,
        client_secret: SecretStr,
    ) -> None:
        self.http = http
        self.issuer = site
        self.api = api
        self.client = OAuth2Client(
            http,
            client_id,
            client_secret,
            f"{site}/login/oauth/authorize",
            f"{site}/login/oauth/access_token",
            scopes=["user:email"],
        )

    async def authorization_url(self, redirect_uri: str, flow: Flow) -> str:
        return await self.client.get_authorization_url(
            redirect_uri,
            flow.state,
            code_challenge=flow.challenge,
            code_challenge_method="S256",
        )

    async def profile(self, redirect_uri: str, code: str, flow: Flow) -> Profile:
        async with asking(self.name):
            answer = await self.client.get_access_token(
                code, redirect_uri, flow.verifier
            )
            token = str(answer["access_token"])
            user = await get_json(self.http, f"{self.api}/user", token)
            emails = await get_json(self.http, f"{self.api}/user/emails", token)
            addresses = _addresses.validate_python(emails)
            (primary,) = [address for address in addresses if address.primary]
            return Profile(
                subject=str(Account.model_validate(user).id),
                email=primary.email,
                email_verified=primary.verified,
            )
