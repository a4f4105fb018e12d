"""Who and what Slack's ids stand for, as far as the reader may know it."""

from __future__ import annotations

from typing import Protocol


class Names(Protocol):
    """Each is None where the id is nobody's, and comes without its @ or #."""

    def user(self, user_id: str) -> str | None: ...

    def channel(self, channel_id: str) -> str | None: ...

    def group(self, group_id: str) -> str | None: ...
