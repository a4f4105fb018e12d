"""Whatever becomes of work, and whoever tells of it: it counts once, and settles in its time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from psycopg import sql

from bot.domain.outcomes import Credit, Outcome, OutcomeKind, Role
from bot.domain.people import Identity, Proof
from bot.ports import OutcomeBatch
from db.database import Database, make_engine
from db.linking import LinkStore
from db.migrate import driver_url
from db.outcomes import OutcomeStore
from tests.db.model_of_work import Key, Piece, key_of, pieces_of
from tests.factories import NOON, enroll, make_outcome

SETTLE = timedelta(days=7)
OWNERS = {"ada": "ada", "king": "ada", "bob": "bob"}
"""Whose the accounts are; the others are nobody's."""
KINDS = {
    "git": (OutcomeKind.MERGED_CHANGE,),
    "github": (OutcomeKind.MERGED_CHANGE, OutcomeKind.MERGED_CHANGE, OutcomeKind.REVIEW_GIVEN),
    "jira": (OutcomeKind.TASK_DONE, OutcomeKind.TICKET_SOLVED),
    "linear": (OutcomeKind.TASK_DONE,),
}
PROJECTS = ("app", "web")
_TABLES = ("outcomes", "outcome_credits", "source_projects")
_STATES = "SELECT source, source_id, state FROM outcomes"
_PARTS = (
    "SELECT source, source_id, part_of_source, part_of_id FROM outcomes"
    " WHERE num_nonnulls(part_of_source, part_of_id) > 0"
)
_CREDITS = (
    "SELECT c.source, c.source_id, coalesce(lower(substr(p.slack_user_id, 2)), '? ' || c.account),"
    " c.counts, c.share FROM outcome_credits c LEFT JOIN people p ON p.id = c.person_id"
)

sources = st.sampled_from(sorted(KINDS))
commits = st.frozensets(st.sampled_from(["commit:a", "commit:b", "github:app#1"]), max_size=2)
tickets = st.frozensets(st.sampled_from(["ticket:OPS-1", "ticket:OPS-2"]), max_size=2)
accounts = st.lists(st.sampled_from([*OWNERS, "yan", "zoe"]), max_size=3, unique=True)
places = st.integers(0, 11)
spans = st.sampled_from([timedelta(hours=7), timedelta(days=1), timedelta(days=6), SETTLE])


@st.composite
def finished_works(draw) -> Outcome:
    """Without its times, which are the world's to say."""
    source = draw(sources)
    kind = draw(st.sampled_from(KINDS[source]))
    is_forge = source in {"git", "github"}
    return replace(
        make_outcome(1),
        source=source,
        source_id=draw(st.sampled_from(["1", "B", "a"])),
        kind=kind,
        project=draw(st.none() | st.sampled_from(PROJECTS)),
        names=draw(commits if is_forge else st.one_of(tickets, tickets, commits)),
        closes=draw(tickets if is_forge else st.just(frozenset())),
        closed_by=draw(st.just(frozenset()) if is_forge else commits),
        credits=tuple(Credit(account, Role.AUTHOR) for account in draw(accounts)),
    )


class Bench:
    """One database and one loop for all walks, each of which begins with nothing done."""

    def __init__(self, urls) -> None:
        self.runner = asyncio.Runner()
        self.database = self.runner.run(_opened(urls.worker))
        self.owner = psycopg.connect(driver_url(urls.superuser), autocommit=True)
        self.runner.run(enroll(self.database, "ada", "bob"))

    def begin(self) -> None:
        for table in _TABLES:  # of few rows each: emptying them otherwise takes ten times as long
            self.owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))

    def close(self) -> None:
        self.owner.close()
        self.runner.run(self.database.close())
        self.runner.close()

    def tell(self, source: str, batch: OutcomeBatch) -> None:
        self.runner.run(OutcomeStore(self.database).replace(source, batch))

    def link(self, now: datetime) -> int:
        return self.runner.run(LinkStore(self.database).link(now, SETTLE))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.owner.execute(query.encode()).fetchall()


async def _opened(url: str) -> Database:
    return Database(make_engine(url))


class LifeCycles(RuleBasedStateMachine):
    """Work is done and undone; the sources tell of it later, in part or whole, or never."""

    bench: Bench

    def __init__(self) -> None:
        super().__init__()
        self.bench.begin()
        self.now = NOON
        self.done: dict[Key, Outcome] = {}
        self.told: dict[Key, Outcome] = {}
        self.forbidden: dict[Key, datetime | None] = {}

    @initialize(works=st.lists(st.tuples(finished_works(), spans), min_size=4, max_size=9))
    def begins(self, works):
        for work, ago in works:
            self._does(replace(work, completed_at=self.now - ago))
        self.all_is_told_and_linked()

    @rule(work=finished_works(), ago=st.sampled_from([timedelta(), timedelta(days=8)]))
    def is_done(self, work, ago):
        self._does(replace(work, completed_at=self.now - ago))

    @rule(work=finished_works())
    def is_begun(self, work):
        self._does(replace(work, completed_at=None))

    @rule(place=places, is_told=st.booleans())
    def is_reverted(self, place, is_told):
        self._changes(place, is_told=is_told, reverted_at=self.now)

    @rule(place=places, is_told=st.booleans())
    def comes_back(self, place, is_told):
        self._changes(place, is_told=is_told, reverted_at=None, restored_at=self.now)

    @rule(place=places, is_told=st.booleans())
    def is_reopened(self, place, is_told):
        self._changes(place, is_told=is_told, reopened_at=self.now)

    @rule(place=places, is_told=st.booleans())
    def is_done_again(self, place, is_told):
        self._changes(place, is_told=is_told, completed_at=self.now, reopened_at=None)

    @rule(place=places)
    def vanishes(self, place):
        if work := self._at(place):
            del self.done[key_of(work)]

    @rule(span=spans)
    def time_passes(self, span):
        self.now += span

    @rule(source=sources, readable=st.none() | st.frozensets(st.sampled_from(PROJECTS)))
    def a_source_tells_all(self, source, readable):
        works = [work for work in self.done.values() if work.source == source]
        self._is_told(source, works, complete=True, readable=readable)

    @rule(source=sources, place=places)
    def a_source_tells_of_some(self, source, place):
        works = [work for work in self.done.values() if work.source == source]
        self._is_told(source, works[place % 4 :])

    @rule(place=places)
    def a_source_tells_by_id_that_some_is_not_done_any_more(self, place):
        if work := self._at(place):
            told = self.told.get(key_of(work))
            if told is not None and told.reopened_at is None:
                self.told[key_of(work)] = replace(told, reopened_at=self.now)
            self._tells(work.source, unfinished=frozenset({work.source_id}))

    @rule(place=places)
    def a_source_tells_by_id_that_some_is_not_there_any_more(self, place):
        if work := self._at(place):
            self.told.pop(key_of(work), None)
            self._tells(work.source, withdrawn=frozenset({work.source_id}))

    @rule()
    def all_is_told_and_linked(self):
        for source in sorted({source for source, _ in self.done | self.told}):
            self.a_source_tells_all(source, None)
        self.is_linked()

    @rule()
    def is_linked(self):
        before = self._kept_states()
        changed = self.bench.link(self.now)

        pieces = pieces_of(self.told.values())
        self._check_states(pieces, self._kept_states())
        self._check_parts(pieces)
        self._check_credits(pieces)
        assert changed == sum(state != before[key] for key, state in self._kept_states().items())

    def teardown(self):
        self.all_is_told_and_linked()
        assert self.bench.link(self.now) == 0

    def _does(self, work: Outcome) -> None:
        self.done.setdefault(key_of(work), work)

    def _at(self, place: int) -> Outcome | None:
        works = list(self.done.values())
        return works[place % len(works)] if works else None

    def _changes(self, place: int, *, is_told: bool, **facts: datetime | None) -> None:
        work = self._at(place)
        if work is not None and work.completed_at is not None:
            self.done[key_of(work)] = replace(work, **facts)
            if is_told:
                self._is_told(work.source, [self.done[key_of(work)]])

    def _is_told(self, source: str, works, *, complete=False, readable=None) -> None:
        self._tells(source, *works, complete=complete, readable=readable)
        kept = {} if complete else self.told
        others = {key: work for key, work in self.told.items() if key[0] != source or key in kept}
        self.told = others | {key_of(work): work for work in works}
        if readable is not None:
            self._may_read(source, readable)

    def _tells(self, source: str, *works: Outcome, complete=False, **changes: Any) -> None:
        batch = OutcomeBatch(
            outcomes=works,
            data_through=self.now,
            complete=complete,
            report={},
            identities={
                account: Identity(email=f"{owner}@example.com", proof=Proof.ADMIN_EMAIL)
                for account, owner in OWNERS.items()
            },
            **changes,
        )
        self.bench.tell(source, batch)

    def _may_read(self, source: str, readable: frozenset[str]) -> None:
        known = {project for key, project in self._projects() if key[0] == source}
        known |= {project for at, project in self.forbidden if at == source} | readable
        for project in known:
            since = self.forbidden.get((source, project)) or self.now
            self.forbidden[source, project] = None if project in readable else since

    def _projects(self):
        return [(key, work.project) for key, work in self.told.items() if work.project]

    def _kept_states(self) -> dict[Key, str]:
        return {(source, source_id): state for source, source_id, state in self.bench.rows(_STATES)}

    def _check_states(self, pieces: list[Piece], kept: dict[Key, str]) -> None:
        for piece in pieces:
            state = piece.state(self.now, SETTLE, self._forbidden_at(piece))
            assert {kept.pop(key_of(work)) for work in piece.works} == {state}
            if state == "settled":
                assert piece.main.stands_since is not None
                assert self.now - piece.main.stands_since >= SETTLE
        assert kept == {}

    def _forbidden_at(self, piece: Piece) -> datetime | None:
        return self.forbidden.get((piece.main.source, piece.main.project or ""))

    def _check_parts(self, pieces: list[Piece]) -> None:
        expected = {key_of(part): key_of(piece.main) for piece in pieces for part in piece.parts}
        assert {tuple(row[:2]): tuple(row[2:]) for row in self.bench.rows(_PARTS)} == expected

    def _check_credits(self, pieces: list[Piece]) -> None:
        """Each piece counts in one place, and its shares add up to one."""
        found: dict[Key, dict[str, Fraction]] = defaultdict(dict)
        for source, source_id, holder, counts, share in self.bench.rows(_CREDITS):
            if counts:
                found[source, source_id][holder] = Fraction(share).limit_denominator(100)
        expected = {key_of(piece.told_by(OWNERS)): piece.shares(OWNERS) for piece in pieces}
        assert found == {key: shares for key, shares in expected.items() if shares}
        assert all(sum(shares.values()) == 1 for shares in found.values())


@pytest.mark.no_cover  # tracing would double what hundreds of steps take
def test_work_counts_once_and_settles_in_its_time(urls):
    bench = Bench(urls)
    try:
        run_state_machine_as_test(
            type("LifeCycles", (LifeCycles,), {"bench": bench}),
            settings=settings(stateful_step_count=10, suppress_health_check=list(HealthCheck)),
        )
    finally:
        bench.close()
