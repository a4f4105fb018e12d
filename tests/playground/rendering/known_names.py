"""A workspace of one person, one channel and one group."""

from __future__ import annotations


class KnownNames:
    def user(self, user_id: str) -> str | None:
        return {"U1": "Ada <b>"}.get(user_id)

    def channel(self, channel_id: str) -> str | None:
        return {"C1": "sales"}.get(channel_id)

    def group(self, group_id: str) -> str | None:
        return {"S1": "leads"}.get(group_id)


NAMES = KnownNames()
