"""The answer to admins who ask what was done: by whom, when, and nobody's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from bot.blocks import wording
from bot.blocks.escaping import code, escape, mention
from bot.blocks.kit import TEXT_LIMIT, bold, context, header, message, section
from bot.blocks.threshold_wording import shown
from bot.domain.agreement import LONGEST_TITLE
from bot.domain.audit import SOMEBODY, Action, AuditEntry
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.domain.thresholds import THRESHOLDS
from bot.language import Language, mark

_LINES_A_SECTION = 10
_ROOM = TEXT_LIMIT - 500
"""For the entries; the rest is for what stands round them."""
_SAID: Mapping[Action, str] = MappingProxyType(
    {
        Action.THRESHOLD_SET: mark("{day}: {actor} set {name} to *{value}*, from {from_day} on."),
        Action.ADMIN_ADDED: mark("{day}: {actor} made {admin} an admin."),
        Action.ADMIN_REMOVED: mark("{day}: {actor} took {admin} off the admins."),
        Action.TEAM_ADDED: mark("{day}: {actor} added the team {team}."),
        Action.TEAM_REMOVED: mark("{day}: {actor} removed the team {team}."),
        Action.TEAMS_IMPORTED: mark("{day}: {actor} imported a list of teams."),
        Action.MEMBERS_CHANGED: mark("{day}: who counts in the team {team} changed."),
        Action.ACCOUNTS_ASSERTED: mark("{day}: {actor} named the owner of an account."),
        Action.ACCOUNT_REFUSED: mark("{day}: somebody said that an account is not theirs."),
        Action.EXPORTED: mark("{day}: somebody exported their data."),
        Action.FORGOTTEN: mark("{day}: somebody was forgotten, as they wished."),
        Action.OPTED_OUT: mark("{day}: somebody opted out."),
        Action.OPTED_IN: mark("{day}: somebody opted in again."),
        Action.AGREEMENT_CHANGED: mark("{day}: what is fixed by agreement changed: {agreement}."),
    }
)
_NONE_FIXED = mark("{day}: nothing is fixed by agreement any more.")


def render_audit(say: Language, entries: Sequence[AuditEntry], names: CommandNames) -> Message:
    lines = _as_many_as_fit([_line(say, entry) for entry in entries])
    pages = [lines[i : i + _LINES_A_SECTION] for i in range(0, len(lines), _LINES_A_SECTION)]
    sections = [section(f"audit-{i}", *page) for i, page in enumerate(pages)]
    return message(
        say("What was done in Upshot, and by whom."),
        header("audit-title", say("The audit log")),
        *(sections or [section("audit-none", say("Nothing was changed yet."))]),
        context(
            "audit-foot",
            say("For more of them: {command}", command=code(f"{names.admin} audit 30")),
            say("Who exports, opts out or is forgotten is never named."),
            say(wording.NO_PERSON),
        ),
    )


def _as_many_as_fit(lines: Sequence[str]) -> list[str]:
    """The newest of *lines*, which are first."""
    fitting, room = [], _ROOM
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        fitting.append(line)
    return fitting


def _line(say: Language, entry: AuditEntry) -> str:
    is_gone = entry.action is Action.AGREEMENT_CHANGED and not entry.detail.get("title")
    return say(_NONE_FIXED if is_gone else _SAID[entry.action], **_values(say, entry))


def _values(say: Language, entry: AuditEntry) -> dict[str, str]:
    detail = entry.detail
    return {
        "day": bold(say.day_and_year(entry.at.date())),
        "actor": _who(say, entry.actor),
        "admin": _who(say, entry.people.get("admin") or SOMEBODY),
        "team": bold(escape(str(detail.get("team", "")))),
        "name": code(str(detail.get("name", ""))),
        "value": _value(say, detail),
        "from_day": _from_day(say, entry),
        "agreement": bold(escape(str(detail.get("title", "")), most=LONGEST_TITLE)),
    }


def _who(say: Language, user: str | None) -> str:
    if user is None:
        return say("Upshot itself")
    return say("somebody who was forgotten") if user == SOMEBODY else mention(user)


def _value(say: Language, detail: Mapping[str, str | int]) -> str:
    threshold, value = THRESHOLDS.get(str(detail.get("name"))), detail.get("value")
    if threshold is None or not isinstance(value, int):
        return escape(str(value))
    return shown(say, threshold, value)


def _from_day(say: Language, entry: AuditEntry) -> str:
    try:
        day = date.fromisoformat(str(entry.detail.get("effective_on")))
    except ValueError:
        day = entry.at.date()
    return say.day_and_year(day)
