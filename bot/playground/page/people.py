"""Who one can be on the page, and whom to begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.language.catalogues import language_of
from bot.playground.company.people import DirectoryEntry
from bot.playground.page.stage import Stage
from bot.playground.rendering.slack_words import IN_ENGLISH, SlackWords

AVATARS = 8
TITLES = {
    "engineering": "Engineer",
    "analytics": "Analyst",
    "product": "Product",
    "support": "Support",
    "sales": "Sales",
    "operations": "Operations",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody whom one can be."""

    id: str
    name: str
    job: str
    team: str | None
    zone: ZoneInfo
    locale: str
    is_manager: bool = False
    is_admin: bool = False
    is_guest: bool = False

    @property
    def reads_english(self) -> bool:
        """The language that this page is in."""
        return self.locale.startswith("en")

    @property
    def words(self) -> SlackWords:
        """What Slack says to them."""
        return SlackWords(language_of(self.locale).locale.language)

    @property
    def words_of_app(self) -> SlackWords:
        """Upshot writes to each in their own language, and in English to whom it does not know."""
        return IN_ENGLISH if self.is_guest else self.words

    @property
    def badges(self) -> tuple[str, ...]:
        named = (
            ("manager", self.is_manager),
            ("admin", self.is_admin),
            ("guest", self.is_guest),
        )
        return tuple(badge for badge, is_one in named if is_one)

    @property
    def initials(self) -> str:
        return initials(self.name)

    @property
    def avatar(self) -> int:
        return avatar(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickStart:
    persona: Persona
    title: str
    promise: str


def initials(name: str) -> str:
    words = name.split() or ["?"]
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper()


def avatar(user_id: str) -> int:
    """Which of the colours is somebody's."""
    return crc32(user_id.encode()) % AVATARS


def personas(stage: Stage) -> dict[str, Persona]:
    """Everybody whom one can be: those who work there, and the guests."""
    managers = {team.manager for team in stage.company.teams}
    return {
        entry.slack_id: _persona(stage, entry, managers)
        for entry in stage.company.directory
        if entry.kind in {"member", "guest"}
    }


def by_team(everybody: Mapping[str, Persona]) -> dict[str, list[Persona]]:
    """Everybody under the name of their team, its manager first; the guests come last."""
    ordered = sorted(
        everybody.values(),
        key=lambda one: (one.is_guest, one.team or "", not one.is_manager, one.name),
    )
    teams: dict[str, list[Persona]] = {}
    for one in ordered:
        teams.setdefault(one.team or "Guests", []).append(one)
    return teams


def quick_starts(stage: Stage, everybody: Mapping[str, Persona]) -> list[QuickStart]:
    """Four people who see different things."""
    finished = Counter(change.credited_to for change in stage.company.merged_changes)
    people = list(everybody.values())

    def told(one: Persona) -> tuple[bool, int, int]:
        return one.reads_english, stage.slack.dm_count(one.id), finished[one.id]

    plain = [one for one in people if not one.badges and finished[one.id]]
    sizes = {team.manager: len(team.members) for team in stage.company.teams}
    managers = [one for one in people if one.is_manager and not one.is_admin]
    return [
        *_start(
            max(plain, key=told, default=None),
            "An employee",
            "Reads a private digest, logs an outcome, exports and forgets.",
        ),
        *_start(
            max(managers, key=lambda one: (one.reads_english, sizes[one.id]), default=None),
            "A manager",
            "Sees the team's released figures, and nobody's own.",
        ),
        *_start(
            everybody.get(stage.admin), "The admin", "Sets thresholds, and reads the audit log."
        ),
        *_start(
            next((one for one in people if one.is_guest), None),
            "A guest",
            "Is told that Upshot is not for guests.",
        ),
    ]


def _start(persona: Persona | None, title: str, promise: str) -> Sequence[QuickStart]:
    return () if persona is None else (QuickStart(persona=persona, title=title, promise=promise),)


def _persona(stage: Stage, entry: DirectoryEntry, managers: set[str]) -> Persona:
    employee = stage.company.people.get(entry.slack_id)
    return Persona(
        id=entry.slack_id,
        name=entry.name,
        job="Guest" if employee is None else TITLES.get(employee.job, employee.job),
        team=None if employee is None else employee.team,
        zone=ZoneInfo(entry.time_zone),
        locale=entry.locale,
        is_manager=entry.slack_id in managers,
        is_admin=entry.slack_id == stage.admin,
        is_guest=entry.kind == "guest",
    )
