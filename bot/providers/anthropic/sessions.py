"""What Claude Code counts of its sessions, put to the accounts that the day's use is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, Generic, NamedTuple, TypeVar

import msgspec

from bot.domain.usage import ProviderDay, SessionCount, combine_sessions

TOOL: Final = "claude"
Answers = TypeVar("Answers")


class Decided(NamedTuple):
    """Of the changes to files that were proposed, how many were accepted; ``None`` if not told."""

    offered: int | None = None
    accepted: int | None = None

    @classmethod
    def of(cls, answers: Iterable[tuple[int, int]]) -> Decided:
        """From what each tool was answered: accepted, and rejected."""
        told = [*answers]
        if not told:
            return cls()
        accepted = sum(yes for yes, _ in told)
        return cls(offered=accepted + sum(no for _, no in told), accepted=accepted)


class EditTools(msgspec.Struct, Generic[Answers], gc=False):
    """What people answered when one of these tools proposed to change a file."""

    edit_tool: Answers | None = None
    multi_edit_tool: Answers | None = None
    write_tool: Answers | None = None
    notebook_edit_tool: Answers | None = None

    @property
    def answered(self) -> list[Answers]:
        tools = (self.edit_tool, self.multi_edit_tool, self.write_tool, self.notebook_edit_tool)
        return [told for told in tools if told is not None]


class Counted(msgspec.Struct, kw_only=True, gc=False):
    """One row of an answer, told apart by ``key``; the account may not be known."""

    key: object
    account: str | None
    address: str
    sessions: int | None
    commits: int | None
    pull_requests: int | None
    decided: Decided


class Sessions:
    """A day's rows, each counted once however often it comes."""

    def __init__(self) -> None:
        self._rows: dict[object, Counted] = {}

    def add(self, rows: Iterable[Counted]) -> None:
        self._rows |= {row.key: row for row in rows}

    def told_with(self, day: ProviderDay) -> ProviderDay:
        """*day* with what was counted, where an address names the account that it has there."""
        if not self._rows:
            return day
        known = sorted(day.emails.items())
        account_of = {address: account for account, address in known if account != address}
        emails: dict[str, str] = {}
        counts: list[SessionCount] = []
        for row in self._rows.values():
            account = row.account or account_of.get(row.address, row.address)
            emails[account] = row.address
            counts.append(
                SessionCount(
                    account=account,
                    tool=TOOL,
                    sessions=row.sessions,
                    commits=row.commits,
                    pull_requests=row.pull_requests,
                    offered=row.decided.offered,
                    accepted=row.decided.accepted,
                )
            )
        return replace(day, sessions=combine_sessions(counts), emails={**emails, **day.emails})
