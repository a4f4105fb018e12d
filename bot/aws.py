"""The one module that knows Amazon's client library: sessions, limits, and our own errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Lock
from typing import Any

from bot import errors

ATTEMPTS = 6
CONNECT_SECONDS = 10
READ_SECONDS = 60
AT_ONCE = 8

STATUS_OF = {
    "AccessDeniedException": 403,
    "ExpiredToken": 401,
    "ExpiredTokenException": 401,
    "InvalidAccessKeyId": 401,
    "InvalidClientTokenId": 401,
    "InvalidToken": 401,
    "RequestLimitExceeded": 429,
    "ResourceNotFoundException": 404,
    "SignatureDoesNotMatch": 401,
    "SlowDown": 429,
    "Throttling": 429,
    "ThrottlingException": 429,
    "TooManyRequestsException": 429,
    "UnrecognizedClientException": 401,
}
"""Most are answered with 400 or 403, whatever is meant."""

MEANING: dict[int, type[errors.SourceError]] = {
    401: errors.SourceUnauthorizedError,
    403: errors.SourceForbiddenError,
    404: errors.SourceNotFoundError,
    412: errors.SourceUnavailableError,
    429: errors.SourceRateLimitedError,
}
SAID_BY = {301: "the bucket is in another region", 412: "replaced while it was read"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How Amazon is reached; what is not given is looked for where its own tools look."""

    region: str | None = None
    endpoint_url: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    attempts: int = ATTEMPTS

    def __repr__(self) -> str:
        return f"Access(region={self.region!r})"


class Aws:
    """Clients by service. They are made when first needed, since that takes a while."""

    def __init__(self, access: Access) -> None:
        if find_spec("boto3") is None:
            raise errors.SettingsError(
                "Reading from AWS needs boto3: install requirements-extras.txt"
            )
        self._access = access
        self._clients: dict[str, Any] = {}
        self._lock = Lock()

    def client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                self._clients[service] = _client(service, self._access)
            return self._clients[service]

    def close(self) -> None:
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()


def _client(service: str, access: Access) -> Any:
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    for name in ("boto3", "botocore", "urllib3"):
        # At DEBUG they tell headers and bodies, session tokens among them.
        logging.getLogger(name).setLevel(logging.WARNING)
    session = boto3.session.Session(
        profile_name=access.profile,
        region_name=access.region,
        aws_access_key_id=access.access_key,
        aws_secret_access_key=access.secret_key,
    )
    limits = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": access.attempts, "mode": "standard"},
        s3={"addressing_style": "path" if access.endpoint_url else "auto"},
    )
    return session.client(service, endpoint_url=access.endpoint_url, config=limits)


class IdentityStore:
    """The e-mail addresses that IAM Identity Center has for its users; each is asked for once."""

    def __init__(self, aws: Aws, store: str) -> None:
        self._aws = aws
        self._store = store
        self._known: dict[str, str | None] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def emails(self, users: Iterable[str]) -> dict[str, str]:
        wanted = set(users)
        unknown = wanted - self._known.keys()
        answers = await asyncio.gather(*(self._email(user) for user in unknown))
        self._known.update(zip(unknown, answers, strict=True))
        return {user: email for user in wanted if (email := self._known[user])}

    async def close(self) -> None:
        await asyncio.to_thread(self._aws.close)

    async def _email(self, user: str) -> str | None:
        async with self._places:
            try:
                return await asyncio.to_thread(self._describe, user)
            except errors.SourceNotFoundError:
                return None

    def _describe(self, user: str) -> str | None:
        with our_errors("Identity Center"):
            client = self._aws.client("identitystore")
            found = client.describe_user(IdentityStoreId=self._store, UserId=user)
        addresses = sorted(found.get("Emails", []), key=lambda each: not each.get("Primary"))
        named = [each.get("Value") for each in addresses] + [found.get("UserName")]
        return next((value.lower() for value in named if value and "@" in value), None)


@contextmanager
def our_errors(asking: str) -> Iterator[None]:
    """Say in our own words what Amazon's library raises while *asking*, such as ``S3``."""
    from botocore import exceptions  # noqa: PLC0415

    unusable = (
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
        exceptions.CredentialRetrievalError,
        exceptions.TokenRetrievalError,
        exceptions.SSOError,
        exceptions.ProfileNotFound,
    )
    out_of_reach = (
        exceptions.ConnectionError,
        exceptions.HTTPClientError,
        exceptions.IncompleteReadError,
    )
    try:
        yield
    except exceptions.ClientError as error:
        raise _of_answer(error.response, asking) from None
    except unusable as error:
        message = f"{asking}: no usable AWS credentials ({type(error).__name__})"
        raise errors.SourceUnauthorizedError(message) from None
    except out_of_reach as error:
        raise errors.SourceUnavailableError(f"{asking}: {type(error).__name__}") from None
    except exceptions.BotoCoreError as error:
        raise errors.SourceRefusedError(f"{asking}: {type(error).__name__}") from None


def _of_answer(answer: dict[str, Any], asking: str) -> errors.SourceError:
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    meant = STATUS_OF.get(answer.get("Error", {}).get("Code", ""), status)
    told = f"{asking}: {SAID_BY.get(meant, f'HTTP {status}')}"
    otherwise = errors.SourceUnavailableError if status >= 500 else errors.SourceRefusedError
    return MEANING.get(meant, otherwise)(told)
