"""Access to Google's APIs in the name of a service account, whose token changes every hour."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.errors import SettingsError, SourceUnauthorizedError, SourceUnavailableError
from bot.http import Http

Token = Callable[[], Awaitable[str]]

_MISSING = "Google's sources need google-auth: install requirements-extras.txt"


class GoogleCredentials(BaseModel):
    """What the configuration of a source at Google begins with."""

    model_config = ConfigDict(frozen=True)

    credentials_file: Path | None = Field(
        default=None, description="a service account's key file (JSON)"
    )
    access_token: SecretStr | None = Field(
        default=None, description="instead of it a token that is renewed elsewhere"
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.credentials_file is None) == (self.access_token is None):
            raise ValueError("give either credentials_file or access_token")
        return self

    def token(self, *scopes: str) -> Token:
        """Asks for a token that is valid for a while; raises ``SettingsError`` for a bad file."""
        if self.credentials_file is not None:
            return ServiceAccount(self.credentials_file, scopes).token
        assert self.access_token is not None
        given = self.access_token.get_secret_value()

        async def fixed() -> str:
            return given

        return fixed


class ServiceAccount:
    """A service account's tokens, each kept until shortly before it expires."""

    def __init__(self, key_file: Path, scopes: Sequence[str]) -> None:
        self._credentials = _credentials(key_file, scopes)
        self._refreshing = asyncio.Lock()

    async def token(self) -> str:
        async with self._refreshing:
            if not self._credentials.valid:
                await asyncio.to_thread(_refresh, self._credentials)
        return str(self._credentials.token)


class GoogleApi:
    """A connection that carries the token; there is a new one whenever the token changed."""

    def __init__(self, token: Token, connect: Callable[[str], Http]) -> None:
        self._token = token
        self._connect = connect
        self._connections: dict[str, Http] = {}

    async def http(self) -> Http:
        token = await self._token()
        if token not in self._connections:
            self._connections[token] = self._connect(token)
        # Somebody may still be waiting for an answer on the last one, on none before it.
        while len(self._connections) > 2:
            await self._connections.pop(next(iter(self._connections))).close()
        return self._connections[token]

    async def close(self) -> None:
        for http in self._connections.values():
            await http.close()


# Most installations read nothing of Google, so its library is an extra, imported where it is used.
def _credentials(key_file: Path, scopes: Sequence[str]) -> Any:
    try:
        from google.oauth2 import service_account  # noqa: PLC0415
    except ImportError:
        raise SettingsError(_MISSING) from None
    try:
        return service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
            str(key_file), scopes=list(scopes)
        )
    except OSError as error:
        raise SettingsError(f"{key_file} cannot be read: {error.strerror}") from None
    except Exception:  # noqa: BLE001 - whatever is wrong with a key, its text stays out of errors
        raise SettingsError(f"{key_file} is not the key of a Google service account") from None


def _refresh(credentials: Any) -> None:
    try:
        import requests  # noqa: PLC0415
        from google.auth.exceptions import RefreshError, TransportError  # noqa: PLC0415
        from google.auth.transport.requests import Request  # noqa: PLC0415
    except ImportError:
        raise SettingsError(_MISSING) from None
    with requests.Session() as session:
        session.trust_env = False
        session.max_redirects = 0
        try:
            credentials.refresh(Request(session))
        except TransportError:
            raise SourceUnavailableError("Google's token endpoint was not reached") from None
        except RefreshError as error:
            if error.retryable:
                raise SourceUnavailableError("Google's token endpoint failed") from None
            raise SourceUnauthorizedError("Google refused the service account's key") from None
