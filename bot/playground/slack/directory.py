"""The people and user groups of a workspace, and how Slack tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackUser:
    id: str
    name: str
    real_name: str = ""
    email: str | None = None
    time_zone: str | None = "Europe/London"
    locale: str | None = "en-US"
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_stranger: bool = False
    team_id: str | None = None
    """Another workspace's, for people of a shared channel; ``None`` is this workspace."""

    def as_json(
        self, *, team_id: str, now: datetime, with_email: bool, with_locale: bool
    ) -> dict[str, Any]:
        user: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id or team_id,
            "name": self.name,
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1700000000,
            "profile": self._profile(with_email=with_email),
        }
        if self.deleted:
            return user
        user |= {
            "real_name": self.real_name or self.name,
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted or self.is_ultra_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            **self._time_zone(now),
        }
        if self.is_stranger:
            user["is_stranger"] = True
        elif with_locale and self.locale is not None:
            user["locale"] = self.locale
        return user

    def _profile(self, *, with_email: bool) -> dict[str, Any]:
        profile: dict[str, Any] = {
            "real_name": self.real_name or self.name,
            "display_name": self.name,
        }
        if with_email and self.email is not None:
            profile["email"] = self.email
        return profile

    def _time_zone(self, now: datetime) -> dict[str, Any]:
        if self.time_zone is None:
            return {}
        zone = ZoneInfo(self.time_zone)
        offset = now.astimezone(zone).utcoffset() or timedelta()
        return {
            "tz": self.time_zone,
            "tz_label": now.astimezone(zone).tzname(),
            "tz_offset": int(offset.total_seconds()),
        }


# Slack does not call its own bot a bot.
SLACKBOT = SlackUser(id="USLACKBOT", name="slackbot", real_name="Slackbot", is_bot=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserGroup:
    id: str
    handle: str
    name: str
    users: tuple[str, ...] = ()
    deleted: bool = False

    def as_json(self, *, team_id: str, with_users: bool) -> dict[str, Any]:
        group: dict[str, Any] = {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "date_delete": 1700000000 if self.deleted else 0,
            "auto_type": None,
            "user_count": len(self.users),
        }
        if with_users:
            group["users"] = list(self.users)
        return group
