"""Whatever history somebody has, coaching says something true of it or nothing at all."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.budget import render_budget_note
from bot.blocks.digest import render_digest
from bot.blocks.nudge import render_nudge
from bot.blocks.tips import render_tips
from bot.domain.coaching.budget import budget_note, months_end
from bot.domain.coaching.choosing import all_fitting, choose
from bot.domain.coaching.cost_guard import cost_guard
from bot.domain.coaching.facts import Facts, MergedChange, ModelWeek, Seat, SessionWeek
from bot.domain.coaching.judging import judge
from bot.domain.coaching.noticing import notice
from bot.domain.coaching.rules import ShownTip, Verdict
from bot.domain.coaching.tips import RULES
from bot.domain.coaching.two_weeks import two_high_weeks
from bot.domain.commands import CommandNames
from bot.domain.digest import build_digest
from bot.domain.history import DayOfUse, FinishedWork, LoggedWork, PersonalHistory
from bot.domain.links import LinkLevel
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.periods import Period, month_of
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis, TokenUsage
from bot.language.catalogues import language_of
from tests.domain.coaching.making import RATES, UNTIL, rates_of, week

LAST = UNTIL.period.last_day
FIRST = week(16).monday
PROVIDERS = ("anthropic", "copilot", "cursor", "openai", "ingest:acme", "otlp:claude_code")
LANGUAGES = tuple(language_of(locale) for locale in ("en-US", "de-DE", "es-ES"))
PERIODS = (UNTIL.period, month_of(LAST), Period.of_days(LAST, LAST))

days = st.dates(FIRST, LAST)
weeks = st.integers(0, 15).map(week)
providers = st.sampled_from(PROVIDERS)
amounts = st.one_of(
    st.sampled_from(["0", "-0.000001", "0.000001", "0.004", "1", "25", "-75", "1e12", "-1e12"]),
    st.decimals(-1_000, 1_000, places=6).map(str),
).map(Decimal)
counts = st.one_of(st.integers(-1_000, 1_000), st.integers(0, 10**12))


def unknown_or(values):
    return st.none() | values


dollars = st.builds(
    lambda cost, constant: {"cost": cost, "constant_cost": None if cost is None else constant},
    unknown_or(amounts),
    unknown_or(amounts),
)
foreign = st.builds(
    lambda currency, cost: {"currency": currency, "foreign_cost": cost, "cost": None},
    st.sampled_from(["EUR", "credits:kiro", "<b>:x"]),
    unknown_or(amounts),
)
day_of_use = st.builds(
    lambda money, **facts: DayOfUse(**facts, **money),
    st.one_of(dollars, dollars, foreign),
    day=days,
    provider=providers,
    bases=st.frozensets(st.sampled_from(CostBasis)),
    has_unpriced=st.booleans(),
    is_use=st.booleans(),
    tier=st.sampled_from(Tier),
)
work = st.builds(
    FinishedWork,
    kind=st.sampled_from(OutcomeKind),
    completed_on=days,
    state=st.sampled_from(OutcomeState),
    has_evidence=st.booleans(),
    level=unknown_or(st.sampled_from(LinkLevel)),
    share=st.sampled_from([Decimal(1), Decimal(1) / 3, Decimal("0.0001")]),
    tier=st.sampled_from(Tier),
    source=st.sampled_from(["github", "jira", ""]),
)
through = st.tuples(providers, unknown_or(st.dates(FIRST, date(2027, 3, 1))))
histories = st.builds(
    PersonalHistory,
    owner=st.just(PersonId(1)),
    use=st.lists(day_of_use, max_size=60).map(tuple),
    work=st.lists(work, max_size=40).map(tuple),
    data_through=st.lists(through, max_size=4, unique_by=lambda told: told[0]).map(tuple),
    logged=st.lists(
        st.builds(LoggedWork, kind=st.sampled_from(LoggedKind), done_on=days), max_size=5
    ).map(tuple),
)
tokens = st.builds(
    TokenUsage, input_uncached=counts, cache_read=counts, cache_write=counts, output=counts
)
model_weeks = st.builds(
    lambda money, **facts: ModelWeek(**facts, **money),
    dollars,
    week=weeks,
    provider=providers,
    product=unknown_or(st.sampled_from(["claude_code", "api", "copilot", "cursor", "premium"])),
    model=unknown_or(st.sampled_from([*RATES, "new-model", ""])),
    cost_type=unknown_or(st.sampled_from(["tokens", "seat", "overage"])),
    tokens=unknown_or(tokens),
    requests=unknown_or(counts),
)
all_facts = st.builds(
    Facts,
    until=st.just(UNTIL),
    history=histories,
    models=st.lists(model_weeks, max_size=60).map(tuple),
    seats=st.lists(
        st.builds(
            Seat,
            provider=providers,
            cost=unknown_or(amounts),
            first_day=days,
            last_used=unknown_or(days),
        ),
        max_size=4,
        unique_by=lambda seat: seat.provider,
    ).map(tuple),
    sessions=st.lists(
        st.builds(
            SessionWeek,
            week=weeks,
            provider=providers,
            tool=st.sampled_from(["claude", "cursor"]),
            sessions=unknown_or(counts),
            commits=unknown_or(counts),
            pull_requests=unknown_or(counts),
            offered=unknown_or(counts),
            accepted=unknown_or(counts),
        ),
        max_size=40,
    ).map(tuple),
    changes=st.lists(
        st.builds(
            MergedChange,
            week=weeks,
            lines=st.integers(0, 10**9),
            hours_open=unknown_or(amounts),
            has_evidence=st.booleans(),
        ),
        max_size=60,
    ).map(tuple),
    rates_of=st.sampled_from([rates_of, lambda _model: None]),
)
shown_tips = st.lists(
    st.builds(
        ShownTip,
        week=weeks,
        rule=st.sampled_from([*RULES, "a_rule_that_is_gone"]),
        saving=unknown_or(amounts),
        measure=unknown_or(amounts),
        goal=unknown_or(amounts),
        verdict=st.none() | st.sampled_from(Verdict),
        judged_in=st.none() | weeks,
    ),
    max_size=6,
    unique_by=lambda tip: tip.week,
)
since = unknown_or(st.dates(FIRST, date(2027, 3, 1)))


def numbers_in(value: Any) -> Iterator[Decimal | float]:
    if isinstance(value, Decimal | float):
        yield value
    elif dataclasses.is_dataclass(value):
        for part in dataclasses.fields(value):
            yield from numbers_in(getattr(value, part.name))
    elif isinstance(value, Mapping):
        yield from numbers_in(list(value.values()))
    elif isinstance(value, list | tuple | frozenset):
        for part in value:
            yield from numbers_in(part)


def assert_finite(value: Any) -> None:
    assert all(map(math.isfinite, numbers_in(value)))


@given(histories, since, st.booleans())
def test_a_digest(history, since, is_closed):
    for period in PERIODS:
        digest = build_digest(
            history, period, is_closed=is_closed, minimum_outcomes=5, usual_since=since
        )
        assert_finite(digest)
        for say in LANGUAGES:
            assert render_digest(say, digest).text


@given(all_facts, shown_tips)
def test_a_tip_for_a_digest(facts, shown):
    tip = choose(facts, shown, {"batch"}, week=UNTIL, minimum_saving=5)

    assert_finite(tip)
    assert tip is None or tip.rule in RULES


@given(all_facts, shown_tips)
def test_all_tips_that_fit(facts, shown):
    tips = all_fitting(facts, (), minimum_saving=0)

    assert_finite(tips)
    for say in LANGUAGES:
        assert render_tips(say, tips, shown, {"gone", "batch"}, CommandNames()).text


@given(all_facts, shown_tips)
def test_how_a_tip_went(facts, shown):
    for tip in shown:
        assert_finite(judge(tip, facts, UNTIL))


@given(all_facts)
def test_what_each_rule_measures(facts):
    for rule in RULES.values():
        assert_finite(rule.measure(facts, facts.recent(3)))


@given(all_facts, since)
def test_a_nudge(facts, since):
    days = [LAST - timedelta(days=back) for back in range(3)]
    nudges = (
        two_high_weeks(facts, since=since),
        notice(facts.history, facts, LAST, since=since, times_usual=3),
        *(cost_guard(facts.history, day) for day in days),
    )

    for nudge in nudges:
        assert_finite(nudge)
        for say in LANGUAGES:
            assert nudge is None or render_nudge(say, nudge).text


@given(histories, st.integers(0, 10**6), st.sets(st.sampled_from([50, 80, 100])))
def test_a_budget_note(history, amount, told):
    for through in (LAST, LAST.replace(day=1), LAST.replace(day=9)):
        note = budget_note(history, month_of(through), through, amount=amount, told=told)
        ahead = months_end(history.use, through)
        assert_finite(note)
        assert_finite(ahead)
        assert ahead is None or ahead.low <= ahead.high
        for say in LANGUAGES:
            assert note is None or render_budget_note(say, note).text
