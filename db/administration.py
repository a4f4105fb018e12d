"""What admins set, who they are, and what was changed by whom."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.health import ThresholdValue
from bot.domain.thresholds import THRESHOLDS, with_defaults
from db.database import Database

_IN_EFFECT = text(
    "SELECT DISTINCT ON (name) name, value FROM thresholds WHERE effective_on <= :today"
    " ORDER BY name, effective_on DESC, id DESC"
)
_WAITING = text(
    "SELECT DISTINCT ON (name) name, value, effective_on FROM thresholds"
    " WHERE effective_on > :today ORDER BY name, id DESC"
)


class AdministrationStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def thresholds(self, today: date) -> dict[str, int]:
        """Every threshold's value in effect *today*."""
        async with self._database.unscoped() as connection:
            rows = await connection.execute(_IN_EFFECT, {"today": today})
            return with_defaults({name: value for name, value in rows if name in THRESHOLDS})

    async def threshold_values(self, today: date) -> list[ThresholdValue]:
        """The same with the changes that wait for their day."""
        values = await self.thresholds(today)
        async with self._database.unscoped() as connection:
            rows = await connection.execute(_WAITING, {"today": today})
            waiting = {name: (value, day) for name, value, day in rows}
        return [
            ThresholdValue(
                name=name,
                value=value,
                next_value=waiting[name][0] if name in waiting else None,
                effective_on=waiting[name][1] if name in waiting else None,
            )
            for name, value in values.items()
        ]

    async def set_threshold(
        self, name: str, value: int, effective_on: date, actor: str, at: datetime
    ) -> None:
        async with self._database.unscoped() as connection:
            await connection.execute(
                text(
                    "INSERT INTO thresholds (name, value, effective_on)"
                    " VALUES (:name, :value, :effective_on)"
                ),
                {"name": name, "value": value, "effective_on": effective_on},
            )
            detail = {"name": name, "value": value, "effective_on": effective_on.isoformat()}
            await _audit(connection, at, actor, "threshold_set", detail)

    async def admins(self) -> list[str]:
        async with self._database.unscoped() as connection:
            rows = await connection.scalars(
                text("SELECT slack_user_id FROM admins ORDER BY slack_user_id")
            )
            return list(rows)

    async def add_admin(self, slack_user_id: str, actor: str, at: datetime) -> None:
        async with self._database.unscoped() as connection:
            await connection.execute(
                text("INSERT INTO admins (slack_user_id) VALUES (:user) ON CONFLICT DO NOTHING"),
                {"user": slack_user_id},
            )
            await _audit(connection, at, actor, "admin_added", {"admin": slack_user_id})

    async def remove_admin(self, slack_user_id: str, actor: str, at: datetime) -> None:
        async with self._database.unscoped() as connection:
            await connection.execute(
                text("DELETE FROM admins WHERE slack_user_id = :user"), {"user": slack_user_id}
            )
            await _audit(connection, at, actor, "admin_removed", {"admin": slack_user_id})


async def _audit(
    connection: AsyncConnection, at: datetime, actor: str, action: str, detail: dict[str, Any]
) -> None:
    await connection.execute(
        text(
            "INSERT INTO audit_log (at, actor, action, detail)"
            " VALUES (:at, :actor, :action, CAST(:detail AS jsonb))"
        ),
        {"at": at, "actor": actor, "action": action, "detail": json.dumps(detail)},
    )
