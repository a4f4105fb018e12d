"""How Slack signs what it sends, and the ways in which somebody else would get it wrong."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta


def signature(secret: str, timestamp: str, body: bytes) -> str:
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """What is wrong with a request; by default nothing."""

    age: timedelta = timedelta()
    """Signed this long ago; negative for the future."""
    timestamp: str | None = None
    """Stands in the header, and is signed, in place of the time."""
    signature: str | None = None
    secret: str | None = None
    """Signed with this secret instead of the app's."""
    unsigned: bool = False


HONEST = Tampering()


def sign(
    body: bytes, *, secret: str, now: datetime, content_type: str, tampering: Tampering = HONEST
) -> SignedRequest:
    headers = {"Content-Type": content_type}
    if not tampering.unsigned:
        timestamp = tampering.timestamp or str(int((now - tampering.age).timestamp()))
        headers["X-Slack-Request-Timestamp"] = timestamp
        headers["X-Slack-Signature"] = tampering.signature or signature(
            tampering.secret or secret, timestamp, body
        )
    return SignedRequest(headers=headers, body=body)
