"""What a ticket went through: when it came to be done, and when it ceased to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.outcomes.jira.wire import Change, Issue, Item

STATUS, RESOLUTION = "status", "resolution"
DONE = "done"

_APOSTROPHES = str.maketrans("\N{RIGHT SINGLE QUOTATION MARK}`", "''")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    at: datetime
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    status_id: str
    status: str
    resolution: str

    def after(self, change: Change) -> State:
        state = self
        for item in change.items:
            if item.changed == STATUS:
                state = replace(state, status_id=item.new_id or "", status=item.new or "")
            elif item.changed == RESOLUTION:
                state = replace(state, resolution=item.new or "")
        return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """*categories* are those of the statuses; *not_done* has names that ``plain_name`` gave."""

    categories: Mapping[str, str]
    not_done: frozenset[str]

    def is_done(self, state: State) -> bool:
        """Of a status that was deleted only this is known: what was resolved was done."""
        if not self.not_done.isdisjoint({plain_name(state.status), plain_name(state.resolution)}):
            return False
        category = self.categories.get(state.status_id)
        return bool(state.resolution) if category is None else category == DONE

    def turns(self, issue: Issue, changes: Iterable[Change]) -> Iterator[Turn]:
        """Oldest first; done and not done in turn."""
        changes = sorted(changes, key=lambda change: change.at)
        state = _first_state(issue, changes)
        is_done = self.is_done(state)
        if is_done:
            yield Turn(at=_done_from_the_start(issue, changes), is_done=True)
        for change in changes:
            state = state.after(change)
            if self.is_done(state) is not is_done:
                is_done = not is_done
                yield Turn(at=change.at, is_done=is_done)


def plain_name(name: str) -> str:
    """As it is compared: whichever capitals and whichever apostrophe somebody gave it."""
    return " ".join(name.translate(_APOSTROPHES).casefold().split())


def _first_state(issue: Issue, changes: Sequence[Change]) -> State:
    """How it was created: as it was before it was changed at first, or is now if it never was."""
    status, resolution = _first_item(STATUS, changes), _first_item(RESOLUTION, changes)
    now = issue.fields
    resolved = now.resolution.name if now.resolution else None
    return State(
        status_id=(status.old_id if status else now.status.id) or "",
        status=(status.old if status else now.status.name) or "",
        resolution=(resolution.old if resolution else resolved) or "",
    )


def _first_item(field: str, changes: Sequence[Change]) -> Item | None:
    items = (item for change in changes for item in change.items)
    return next((item for item in items if item.changed == field), None)


def _done_from_the_start(issue: Issue, changes: Sequence[Change]) -> datetime:
    """Since when: those that were brought along from elsewhere tell of no change to it."""
    told = None if _first_item(STATUS, changes) else issue.fields.category_changed_at
    return (told or issue.fields.created).astimezone(UTC)
