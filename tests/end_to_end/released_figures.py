"""The figures that texts about a team may tell: the ledger's, and what the domain makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.blocks.delivery import stamp_of
from bot.domain.delivery import DeliveryKind
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Figure, Release, Rounded, Share, TeamRelease
from bot.domain.disclosure.parameters import p_of
from bot.domain.ledger import Scope
from bot.domain.ledger_entries import released_week
from bot.domain.periods import IsoWeek
from bot.domain.team_budget import TeamBudgetNote, team_budget_note
from bot.domain.team_figures import PERCENTS, WEEKS, shown
from bot.domain.team_report import TeamReport, report_of
from bot.domain.teams import ReleasedWeek
from bot.domain.thresholds import THRESHOLDS
from bot.services.summaries import SHOWN_WEEKS
from tests.end_to_end.figures import figures_of
from tests.end_to_end.lived import SET, Town
from tests.end_to_end.readings import Read

_ENTRIES = "SELECT week, scope, team_id, body FROM ledger ORDER BY id"
_POSTS = "SELECT id::text, kind, period_start, dedup_key FROM deliveries WHERE person_id IS NULL"
_TEAMS = "SELECT id, name FROM teams"


@dataclass(frozen=True, kw_only=True)
class Post:
    kind: DeliveryKind
    first_day: date
    topic: str


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Its rows, by the teams' names; nothing in here has ever seen a person's row."""

    weeks: Mapping[str, tuple[ReleasedWeek, ...]]
    posts: Mapping[str, Post]

    def post_of(self, read: Read) -> Post:
        stamp = stamp_of(read.payload["blocks"])
        assert stamp is not None, read.shown
        return self.posts[stamp]

    def of_post(self, read: Read) -> set[Decimal]:
        """What a message in a team's channel may tell."""
        post = self.post_of(read)
        match post.kind:
            case DeliveryKind.TEAM_SUMMARY:
                return self.of_summary(read.reader, IsoWeek.of(post.first_day))
            case DeliveryKind.TEAM_BUDGET:
                note = self.budget_note(read.reader, post)
                return {note.spent, Decimal(note.amount), Decimal(note.weeks)}
            case DeliveryKind.ANNOUNCEMENT:
                return set(_of_announcement(post))
            case _:
                raise AssertionError(f"{post.kind} is nothing for a channel")

    def of_summary(self, team: str, week: IsoWeek) -> set[Decimal]:
        return set(_of_report(self.report(team, week)))

    def of_usage(self, team: str) -> set[Decimal]:
        """What ``/teamusage`` may tell of *team*."""
        known = set[Decimal]()
        for week in self.weeks[team][-SHOWN_WEEKS:]:
            known.update(_of_release(week.release))
        return known

    def report(self, team: str, week: IsoWeek) -> TeamReport:
        weeks = [known for known in self.weeks[team] if known.week <= week]
        return report_of(weeks[-SHOWN_WEEKS:], adoption_target=setting("adoption_target"))

    def budget_note(self, team: str, post: Post) -> TeamBudgetNote:
        """The note that was due, gone through from week to week as the channel heard of it."""
        told = set[int]()
        for place in range(1, len(self.weeks[team]) + 1):
            weeks = self.weeks[team][:place]
            note = team_budget_note(weeks, post.first_day, amount=setting("team_budget"), told=told)
            if note is not None and str(note.step) == post.topic.rpartition(":")[2]:
                return note
            told |= set(note.reached) if note else set()
        raise AssertionError(f"{team} was told of a step that it never reached: {post}")


async def read_ledger(town: Town) -> Ledger:
    names = dict(await town.rows(_TEAMS))
    entries = {(week, scope, team): body for week, scope, team, body in await town.rows(_ENTRIES)}
    p = p_of(town.upshot.database.key)
    weeks: dict[str, list[ReleasedWeek]] = {name: [] for name in names.values()}
    for (week, scope, team), body in entries.items():
        if scope == Scope.TEAM:
            pooled = entries[week, Scope.OTHER, 0]
            weeks[names[team]].append(released_week(body, pooled, p))
    posts = {
        id_: Post(kind=DeliveryKind(kind), first_day=day, topic=key.split(":", 3)[-1])
        for id_, kind, day, key in await town.rows(_POSTS)
    }
    return Ledger(weeks={name: tuple(of) for name, of in weeks.items()}, posts=posts)


def setting(name: str) -> int:
    """As it was set before the first summary."""
    return int(dict(SET)[name])


def _of_report(report: TeamReport) -> Iterator[Decimal]:
    week = report.week
    yield from _of_release(week.release)
    yield from _of_figures(_figures(week.other))
    yield from _of_shares([week.coverage])
    yield Decimal(report.adoption_target) / 100
    yield from _of_figures(shown(each, Cell.SPEND) for each in report.recent)
    yield from _of_figures(trend.usual for trend in report.trends)
    yield from figures_of([report.ratios, report.reverts])
    if report.ratios or report.reverts:
        yield Decimal(WEEKS)


def _of_release(release: Release) -> Iterator[Decimal]:
    if isinstance(release, TeamRelease):
        yield from _of_figures(_figures(release))
        yield from _of_shares([release.adoption, *release.tiers.values()])


def _figures(release: Release) -> Sequence[Figure]:
    return list(release.figures.values()) if isinstance(release, TeamRelease) else []


def _of_figures(figures: Iterable[Figure | None]) -> Iterator[Decimal]:
    for figure in figures:
        match figure:
            case Rounded(value=value, step=step):
                yield from (value, step)
            case None:
                pass
            case banded:
                yield from (banded.low, banded.high)


def _of_shares(shares: Iterable[Share | None]) -> Iterator[Decimal]:
    for share in shares:
        if share is not None:
            yield from (Decimal(percent) / 100 for percent in PERCENTS[share])


def _of_announcement(post: Post) -> Iterator[Decimal]:
    """Settings, and how many people come and go."""
    if post.topic.startswith("team "):
        yield from (Decimal(word) for word in post.topic.split() if word[0] in "+-")
        return
    for name, value in SET:
        if THRESHOLDS[name].guards_privacy:
            yield from (Decimal(value) / 100, Decimal(THRESHOLDS[name].default) / 100)
