"""Modals and Home tabs, and the triggers that allow a modal to be opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.slack.errors import SlackError
from bot.playground.slack.messages import with_block_ids

_TRIGGER_LIVES_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    id: str
    user_id: str
    hash: str
    payload: Mapping[str, Any]
    is_open: bool = True

    def as_json(self, team_id: str) -> dict[str, Any]:
        return {
            "private_metadata": "",
            "callback_id": "",
            **self.payload,
            "blocks": list(with_block_ids(self.payload.get("blocks", []))),
            "id": self.id,
            "team_id": team_id,
            "hash": self.hash,
            "app_id": "A0UPSHOT1",
            "root_view_id": self.id,
            "previous_view_id": None,
            "state": {"values": {}},
        }


class Triggers:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def issue(self, user_id: str) -> str:
        trigger_id = f"{len(self._issued) + 1}.upshot"
        self._issued[trigger_id] = (user_id, self._clock())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """Whose trigger it is; each opens one view, within three seconds."""
        if trigger_id not in self._issued:
            raise SlackError("invalid_trigger_id")
        if trigger_id in self._used:
            raise SlackError("exchanged_trigger_id")
        user_id, issued = self._issued[trigger_id]
        if self._clock() - issued > _TRIGGER_LIVES_SECONDS:
            raise SlackError("expired_trigger_id")
        self._used.add(trigger_id)
        return user_id


class Views:
    def __init__(self) -> None:
        self._by_id: dict[str, View] = {}
        self._home_of: dict[str, str] = {}
        self._changes = 0

    def open(self, user_id: str, payload: Mapping[str, Any]) -> View:
        return self._keep(f"V{len(self._by_id) + 1:09d}", user_id, payload)

    def publish(self, user_id: str, payload: Mapping[str, Any], expected: str | None) -> View:
        home = self.home_of(user_id)
        if home is None:
            view = self.open(user_id, payload)
            self._home_of[user_id] = view.id
            return view
        return self.change(home, payload, expected)

    def change(self, view: View, payload: Mapping[str, Any], expected: str | None) -> View:
        if expected and expected != view.hash:
            raise SlackError("hash_conflict")
        return self._keep(view.id, view.user_id, payload)

    def close(self, view_id: str) -> None:
        view = self._by_id[view_id]
        self._by_id[view_id] = View(
            id=view.id, user_id=view.user_id, hash=view.hash, payload=view.payload, is_open=False
        )

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> View:
        for view in self._by_id.values():
            if view_id == view.id or (
                external_id and external_id == view.payload.get("external_id")
            ):
                return view
        raise SlackError("not_found")

    def home_of(self, user_id: str) -> View | None:
        view_id = self._home_of.get(user_id)
        return self._by_id[view_id] if view_id else None

    def modals_of(self, user_id: str) -> tuple[View, ...]:
        """The modals this person has open, the latest last."""
        return tuple(
            view
            for view in self._by_id.values()
            if view.user_id == user_id and view.is_open and view.payload.get("type") == "modal"
        )

    def _keep(self, view_id: str, user_id: str, payload: Mapping[str, Any]) -> View:
        self._changes += 1
        view = View(id=view_id, user_id=user_id, hash=f"{self._changes}.upshot", payload=payload)
        self._by_id[view_id] = view
        return view
