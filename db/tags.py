"""People's own word on what their use and their work were for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from bot.domain.logged import Tag
from bot.domain.people import PersonId
from bot.domain.tiers import Tier
from db.database import Database

_EVERY_PROVIDER = ""
_ADD = text(
    "INSERT INTO tags (person_id, tier, provider, first_day, last_day, tagged_at)"
    " VALUES (:person, :tier, :provider, :first, :last, :at)"
)
_OF = text(
    "SELECT id, tier, provider, first_day, last_day FROM tags WHERE person_id = :person"
    " ORDER BY tagged_at DESC, id DESC"
)
_SET_TIER = text(
    "UPDATE outcome_credits SET tier = :tier"
    " WHERE person_id = :person AND source = :source AND source_id = :source_id"
)


class TagStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, person: PersonId, tag: Tag, at: datetime) -> None:
        async with self._database.for_person(person) as connection:
            values = {
                "person": person,
                "tier": tag.tier,
                "provider": tag.provider or _EVERY_PROVIDER,
                "first": tag.first_day,
                "last": tag.last_day,
                "at": at,
            }
            await connection.execute(_ADD, values)

    async def remove(self, person: PersonId, tag: int) -> bool:
        """Whether there was such a tag of *person*'s."""
        async with self._database.for_person(person) as connection:
            gone = await connection.execute(
                text("DELETE FROM tags WHERE id = :tag AND person_id = :person"),
                {"tag": tag, "person": person},
            )
            return gone.rowcount > 0

    async def of(self, person: PersonId) -> list[Tag]:
        """The latest first, for of several that is the one that counts."""
        async with self._database.for_person(person) as connection:
            rows = await connection.execute(_OF, {"person": person})
            return [
                Tag(
                    id=number,
                    tier=Tier(tier),
                    provider=provider or None,
                    first_day=first,
                    last_day=last,
                )
                for number, tier, provider, first, last in rows
            ]

    async def set_tier(self, person: PersonId, source: str, source_id: str, tier: Tier) -> bool:
        """Whether *person* has a share in that outcome; what others chose for theirs stays."""
        values = {"person": person, "source": source, "source_id": source_id, "tier": tier}
        async with self._database.for_person(person) as connection:
            changed = await connection.execute(_SET_TIER, values)
            return changed.rowcount > 0
