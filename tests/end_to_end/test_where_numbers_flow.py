"""Where numbers flow in a season: a figure of many is in the ledger, one's own goes to oneself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
import pytest_asyncio
import structlog

from bot.blocks.team import render_team_summary
from bot.domain.delivery import DeliveryKind
from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Rounded, TeamRelease
from bot.domain.ledger import Scope
from bot.domain.ledger_entries import member_set
from bot.domain.periods import IsoWeek
from bot.language import Language
from tests.end_to_end.allowances import OF_ADMINS, OF_FAILURES, OF_THE_WEB, allowed
from tests.end_to_end.figures import strange
from tests.end_to_end.lived import ENDS, Town, logged
from tests.end_to_end.log_lines import entries, figures_logged
from tests.end_to_end.planted import counts, planted
from tests.end_to_end.readings import Read
from tests.end_to_end.season import ENGLISH, Season, read_of, season_of

pytestmark = [
    pytest.mark.no_cover,  # tracing would double what these weeks take
    pytest.mark.asyncio(loop_scope="session"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def season(lived_town: Town) -> Season:
    return await season_of(lived_town)


async def test_no_figure_of_many_is_told_but_what_is_in_the_ledger(season, subtests):
    with subtests.test("there is something of every kind to read"):
        everything_was_there(season)
    with subtests.test("every summary is what the ledger says"):
        assert differing_summaries(season) == []
    with subtests.test("every figure of a team's texts is in the ledger"):
        assert not_released(season) == []
    with subtests.test("people whom two releases are made of are never the same"):
        await members_are_disjoint(season)
    with subtests.test("what all teams have is what each of them has, and nothing else"):
        await totals_are_of_what_is_told(season)
    with subtests.test("admins read settings and counts, and no figure of use"):
        assert await not_allowed_for_admins(season, season.of_admins) == []
    with subtests.test("no figure is logged but how many things Upshot did"):
        assert sorted(set(figures_logged(season.log))) == []
    with subtests.test("what anybody can ask the web process for has no figure"):
        assert not_allowed_in_the_web(season) == []
    with subtests.test("failures tell and log no figure"):
        assert await not_allowed_in_failures(season) == []
        assert sorted(set(figures_logged(season.provoked.log))) == []
    with subtests.test("exact amounts are told to whom they belong, and to nobody else"):
        everybody = [*season.of_many(), *season.exports, *season.sent]
        assert season.exact.in_all(everybody) == []
        assert planted_counts(season.of_many()) == []
    with subtests.test("and what would leak is found by the same readers"):
        await leaks_are_found(season)


def everything_was_there(season: Season) -> None:
    kinds = {season.ledger.post_of(read).kind for read in season.posted}
    told = {isinstance(w.release, TeamRelease) for of in season.ledger.weeks.values() for w in of}
    readers = {read.reader for read in season.exports}
    assert kinds == {
        DeliveryKind.TEAM_SUMMARY,
        DeliveryKind.TEAM_BUDGET,
        DeliveryKind.ANNOUNCEMENT,
    }
    assert told == {True, False}
    assert {read.reader for read in season.usage} == set(season.town.company.people)
    assert {person.slack_id for person, _ in planted(season.town.company)} < readers
    assert {"/healthz", "/readyz"} <= {read.what for read in season.served}
    # What was planted did reach Upshot, and those to whom it belongs.
    for person, plant in planted(season.town.company):
        own = [read for read in season.exports if read.reader == person.slack_id]
        assert any(plant.amount in read.payload for read in own)


def differing_summaries(season: Season) -> list[str]:
    """Posted messages that are not word for word what the ledger's rows give."""
    found = []
    for read in season.posted:
        post = season.ledger.post_of(read)
        if post.kind is DeliveryKind.TEAM_SUMMARY:
            report = season.ledger.report(read.reader, IsoWeek.of(post.first_day))
            names = season.town.upshot.services.names
            meant = read_of(read.reader, "", render_team_summary(ENGLISH, report, names))
            if unstamped(meant) != unstamped(read):
                found.append(f"{read.reader}, {post.first_day}: {read.shown}")
    return found


def unstamped(read: Read) -> tuple[str, Sequence[Any]]:
    """A message without what tells its delivery from others, which its first block bears."""
    first, *others = read.payload["blocks"]
    return read.payload["text"], [{**first, "block_id": ""}, *others]


def not_released(season: Season) -> list[str]:
    found = []
    for read in season.posted:
        found += unheard_of(read, ENGLISH, season.ledger.of_post(read))
    for read in season.usage:
        found += unheard_of(read, season.say(read.reader), season.ledger.of_usage(read.what))
    for read in season.previews:
        latest = season.ledger.weeks[read.reader][-1].week
        found += unheard_of(read, ENGLISH, season.ledger.of_summary(read.reader, latest))
    return found


def unheard_of(
    read: Read, say: Language = ENGLISH, known: Collection[Decimal] = frozenset()
) -> list[str]:
    """The figures of *read*, written or drawn, that are none of the *known* ones."""
    written = strange(read.words, say, known, ENDS)
    drawn = [str(figure) for figure in read.drawn if figure not in known]
    return [f"{read.what} to {read.reader}: {figure}" for figure in [*written, *drawn]]


async def not_allowed_for_admins(season: Season, reads: Sequence[Read]) -> list[str]:
    found = []
    for read in reads:
        known = await allowed(season.town, OF_ADMINS[read.what])
        found += unheard_of(read, season.say(read.reader), known)
    return found


def not_allowed_in_the_web(season: Season) -> list[str]:
    found = []
    for read in season.served:
        known = OF_THE_WEB.get(read.what, frozenset())
        found += unheard_of(read, known=known)
    return found


async def not_allowed_in_failures(season: Season) -> list[str]:
    found = []
    for read in season.provoked.told:
        beginnings = sorted(filter(read.what.startswith, OF_FAILURES), key=len)
        known = await allowed(season.town, OF_FAILURES[beginnings[-1]] if beginnings else ())
        known |= season.provoked.counted
        # What somebody typed is quoted back to the same one.
        known |= {Decimal(word) for word in read.what.split() if word.replace(".", "").isdigit()}
        # The reference is drawn anew for each failure, and may have no letter in it.
        words = re.sub(r"(?<=: )`?[0-9a-f]{8}\b", " ", read.shown)
        found += unheard_of(replace(read, payload=words), season.say(read.reader), known)
    return found


def planted_counts(reads: Iterator[Read]) -> list[str]:
    marked = counts()
    return [
        f"{read.what} to {read.reader}: {word}"
        for read in reads
        for word in read.shown.replace("(", " ").replace("*", " ").split()
        if word.rstrip(".,;:)") in marked
    ]


async def members_are_disjoint(season: Season) -> None:
    """By the table of who was where, and by what the ledger says that it was made of."""
    key, town = season.town.upshot.database.key, season.town
    for week, body in await town.rows(
        "SELECT week, json_object_agg(team_id, body::json -> 'members') FROM ledger"
        " WHERE scope = 'team' GROUP BY week ORDER BY week"
    ):
        members: dict[int, set[int]] = {int(team): set() for team in body}
        for team, person in await town.rows(
            "SELECT team_id, person_id FROM team_members WHERE role = 'member'"
            " AND valid_from <= :monday AND valid_to > :monday",
            monday=week,
        ):
            members[team].add(person)
        for one, other in combinations(members.values(), 2):
            assert not one & other
        for team, people in members.items():
            tags = [key.tag("member", str(person)) for person in people]
            assert member_set(key, tags) == body[str(team)]


async def totals_are_of_what_is_told(season: Season) -> None:
    """With all that is told of teams taken off it, nothing of anybody is left."""
    rows = await season.town.rows("SELECT week, scope, body::json -> 'figures' FROM ledger")
    for week in {week for week, _, _ in rows}:
        of_week = [(scope, figures or {}) for at, scope, figures in rows if at == week]
        for cell in Cell:
            told = [(s, Decimal(f[cell]["value"])) for s, f in of_week if cell in f]
            parts = sum(value for scope, value in told if scope != Scope.WORKSPACE)
            assert parts == sum(value for scope, value in told if scope == Scope.WORKSPACE)


async def leaks_are_found(season: Season) -> None:
    town, (person, plant) = season.town, next(planted(season.town.company))
    spend = Decimal(plant.amount)
    with logged() as log:
        structlog.get_logger().info("digest_planned", person=7, spend=str(spend))
        structlog.get_logger().info("week_released", week="2026-W44", by_us=True, total=1843.22)
        error = ValueError(f"cannot divide {spend} by nothing")
        structlog.get_logger().error("request_failed", reference="0a1b2c3d", exc_info=error)
    assert len(list(figures_logged(log.getvalue()))) == 4
    for entry in entries(log.getvalue()):
        if str(spend) in entry:
            assert season.exact.found_in(Read(reader="the log", what="logged", payload=entry))
    answer = Read(reader=town.world.admin, what="status", payload={"text": f"Spent: ${spend:,}"})
    assert await not_allowed_for_admins(season, [answer])
    assert season.exact.found_in(answer)
    assert not season.exact.found_in(replace(answer, reader=person.slack_id))
    assert unheard_of(Read(reader="anybody", what="/metrics", payload=f"spend_total {spend}"))
    assert planted_counts(iter([replace(answer, payload={"text": f"{plant.reviews} reviews"})]))
    with_exact = await summary_with_the_exact_total(season)
    assert unheard_of(
        with_exact, ENGLISH, season.ledger.of_summary(with_exact.reader, IsoWeek.of(ENDS).back(1))
    )
    assert season.exact.found_in(with_exact)


async def summary_with_the_exact_total(season: Season) -> Read:
    """What somebody would read who forgot the noise, of the latest week."""
    week, town = IsoWeek.of(ENDS).back(1), season.town
    team = next(
        name
        for name, weeks in season.ledger.weeks.items()
        if isinstance(weeks[-1].release, TeamRelease) and Cell.SPEND in weeks[-1].release.figures
    )
    [(total,)] = await town.rows(
        "SELECT round(sum(u.cost), 2) FROM usage_records u JOIN team_members m USING (person_id)"
        " JOIN teams t ON t.id = m.team_id WHERE t.name = :team AND m.role = 'member'"
        " AND u.charge_category NOT IN ('purchase', 'tax') AND u.day BETWEEN :first AND :last",
        team=team,
        first=week.monday,
        last=week.period.last_day,
    )
    report = season.ledger.report(team, week)
    assert isinstance(report.week.release, TeamRelease)
    figures = {
        **report.week.release.figures,
        Cell.SPEND: Rounded(value=total, step=Decimal("0.01")),
    }
    release = replace(report.week.release, figures=figures)
    leaking = replace(report, recent=(*report.recent[:-1], replace(report.week, release=release)))
    told = render_team_summary(ENGLISH, leaking, town.upshot.services.names)
    return read_of(team, "posted", told)
