"""The company's other AI tools: who has a seat at which, and what was used there each day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Final, Literal, get_args

from bot.playground.company.delivery import Delivery, delivery_of, midnight
from bot.playground.company.people import Employee
from bot.playground.company.prices import dollars

Tool = Literal["copilot", "cursor", "kiro", "litellm", "in_house"]
TOOLS: tuple[Tool, ...] = get_args(Tool)
AT_ONCE: frozenset[Tool] = frozenset({"litellm"})
"""Those that count by themselves, and so know a day when it is over."""
ACTIVE_WEEKDAYS, ACTIVE_WEEKENDS = 0.7, 0.03
DAY_SIGMA = 0.6
NANOCENT = 10**6
"""Billionths of a dollar in the smallest part of a cent that a tool charges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the company agreed with a tool's vendor; ``included`` is the share a seat covers."""

    of_engineers: float
    of_others: float
    seat_dollars_a_month: int | None
    usual_dollars: float
    included: float
    models: tuple[str, ...]


OFFERS: Final[dict[Tool, Offer]] = {
    "copilot": Offer(
        of_engineers=0.35,
        of_others=0.04,
        seat_dollars_a_month=19,
        usual_dollars=0.5,
        included=0.6,
        models=("Claude Sonnet 5", "GPT-6 Astra"),
    ),
    "cursor": Offer(
        of_engineers=0.18,
        of_others=0.02,
        seat_dollars_a_month=40,
        usual_dollars=1.2,
        included=0.5,
        models=("claude-sonnet-5", "gpt-6-astra", "auto"),
    ),
    "kiro": Offer(
        of_engineers=0.08,
        of_others=0.0,
        seat_dollars_a_month=20,
        usual_dollars=0.4,
        included=0.8,
        models=("auto",),
    ),
    "litellm": Offer(
        of_engineers=0.15,
        of_others=0.06,
        seat_dollars_a_month=None,
        usual_dollars=0.7,
        included=0.0,
        models=("claude-haiku-4-5", "gpt-5-mini"),
    ),
    "in_house": Offer(
        of_engineers=0.12,
        of_others=0.2,
        seat_dollars_a_month=None,
        usual_dollars=0.3,
        included=0.0,
        models=("claude-sonnet-5",),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUser:
    """A person at a tool: a number, as most of them call people, and the address it knows."""

    tool: Tool
    person: str
    number: int
    handle: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFact:
    """What one person truly used of one model on one day; token parts exclude each other."""

    user: ToolUser
    day: date
    model: str
    input_uncached: int
    cache_read: int
    cache_write: int
    output: int
    requests: int
    worth_nanodollars: int
    charged_nanodollars: int

    @property
    def worth(self) -> Decimal:
        """What it would cost without a seat, in dollars."""
        return dollars(self.worth_nanodollars)

    @property
    def charged(self) -> Decimal:
        """What is billed for it beyond the seat, in dollars."""
        return dollars(self.charged_nanodollars)


def users_of(employees: Sequence[Employee], seed: int) -> dict[Tool, tuple[ToolUser, ...]]:
    """Give each tool to some; whoever has no account anywhere else has none here."""
    numbered = list(enumerate(employees, start=1))
    return {
        tool: tuple(_user(tool, *each) for each in _chosen(tool, numbered, seed)) for tool in TOOLS
    }


def _chosen(
    tool: Tool, numbered: Sequence[tuple[int, Employee]], seed: int
) -> list[tuple[int, Employee]]:
    """By lot; however few people there are, somebody is among them whom Slack knows as well."""
    offer, rng = OFFERS[tool], Random(f"{seed}/tools/{tool}")
    chosen = []
    for number, person in numbered:
        share = offer.of_engineers if person.job == "engineering" else offer.of_others
        if rng.random() < share and person.accounts:
            chosen.append((number, person))
    if not any(person.email_matches for _, person in chosen):
        chosen += [each for each in numbered if each[1].accounts and each[1].email_matches][:1]
    return chosen


def _user(tool: Tool, number: int, person: Employee) -> ToolUser:
    return ToolUser(
        tool=tool,
        person=person.slack_id,
        number=number,
        handle=person.handle.replace(".", "-"),
        email=person.accounts[0].email,
    )


def tool_facts(
    users: Sequence[ToolUser], day: date, as_of: datetime, seed: int, longest_revision: int
) -> tuple[ToolFact, ...]:
    """Give what the tool of *users* tells at *as_of* of *day*: nothing, a part, all, corrected."""
    if not users:
        return ()
    facts = tuple(_facts_of_day(users, day, Random(f"{seed}/tools/{users[0].tool}/{day}")))
    if users[0].tool in AT_ONCE:
        return facts if as_of >= midnight(day + timedelta(days=1)) else ()
    return _as_of(facts, _delivery(users[0].tool, day, seed, longest_revision), as_of)


def is_told(tool: Tool, day: date, as_of: datetime, seed: int, longest_revision: int) -> bool:
    """Whether the tool tells all of *day* by then."""
    return as_of >= _delivery(tool, day, seed, longest_revision).complete_at


def _delivery(tool: Tool, day: date, seed: int, longest_revision: int) -> Delivery:
    return delivery_of(tool, day, seed, longest_revision, days_late=1)


def seats_on(users: Sequence[ToolUser], day: date) -> Decimal:
    """What the seats of *users* cost on *day*: a month's price is spread over its days."""
    price = OFFERS[users[0].tool].seat_dollars_a_month if users else None
    if price is None:
        return Decimal(0)
    first = day.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Decimal(price) * len(users) / (after - first).days


def _facts_of_day(users: Sequence[ToolUser], day: date, rng: Random) -> Iterator[ToolFact]:
    offer = OFFERS[users[0].tool]
    active = ACTIVE_WEEKDAYS if day.weekday() < 5 else ACTIVE_WEEKENDS
    for user in users:
        if rng.random() < active:
            model = rng.choice(offer.models)
            worth = offer.usual_dollars * rng.lognormvariate(0, DAY_SIGMA)
            is_included = rng.random() < offer.included
            yield _fact(user, day, model, round(worth * 1000) * NANOCENT, rng, free=is_included)


def _fact(
    user: ToolUser, day: date, model: str, worth: int, rng: Random, *, free: bool
) -> ToolFact:
    tokens = worth // rng.randint(600, 1_500)
    return ToolFact(
        user=user,
        day=day,
        model=model,
        input_uncached=tokens // 20,
        cache_read=tokens - tokens // 20 - tokens // 30 - tokens // 50,
        cache_write=tokens // 30,
        output=tokens // 50,
        requests=1 + tokens // 60_000,
        worth_nanodollars=worth,
        charged_nanodollars=0 if free else worth,
    )


def _as_of(
    facts: tuple[ToolFact, ...], delivery: Delivery, as_of: datetime
) -> tuple[ToolFact, ...]:
    if as_of < delivery.first_seen_at:
        return ()
    if as_of < delivery.complete_at:
        return tuple(fact for number, fact in enumerate(facts) if number % 3)
    if delivery.revised_at is not None and as_of >= delivery.revised_at:
        return tuple(_corrected(fact, delivery.revision) for fact in facts)
    return facts


def _corrected(fact: ToolFact, factor: Fraction) -> ToolFact:
    def scaled(nanodollars: int) -> int:
        return round(nanodollars * factor / NANOCENT) * NANOCENT

    return replace(
        fact,
        output=max(1, round(fact.output * factor)),
        worth_nanodollars=scaled(fact.worth_nanodollars),
        charged_nanodollars=scaled(fact.charged_nanodollars),
    )
