"""Tags and chances that only whoever holds this installation's secret can tell beforehand."""

from __future__ import annotations

import hmac
from fractions import Fraction

FEWEST_BYTES = 16


class Key:
    """A secret of this installation, kept outside the database; never shown, never logged.

    Every use names its *purpose*, so that what is tagged for one proves nothing for another.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) < FEWEST_BYTES:
            raise ValueError(f"a secret has at least {FEWEST_BYTES} bytes")
        self._secret = secret

    def tag(self, purpose: str, *parts: str | bytes) -> bytes:
        """HMAC-SHA256 (RFC 2104) of *purpose* and *parts*; 32 bytes, the same every time."""
        digest = hmac.new(self._secret, digestmod="sha256")
        for part in (purpose, *parts):
            raw = part.encode() if isinstance(part, str) else part
            # With its length before it, what one part ends with is not how the next begins.
            digest.update(len(raw).to_bytes(8) + raw)
        return digest.digest()

    def chance(self, purpose: str, *parts: str | bytes) -> Fraction:
        """A number from 0 up to, not including, 1, evenly spread and the same every time."""
        return Fraction(int.from_bytes(self.tag(purpose, *parts)[:8]), 2**64)

    def __repr__(self) -> str:
        return "Key(…)"
