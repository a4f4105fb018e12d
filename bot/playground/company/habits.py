"""How each person and each service usually spends: the two-level calibration of the generator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from random import Random
from statistics import NormalDist
from typing import Final

from bot.playground.company.people import Employee, Job, Provider, ProviderAccount

BETWEEN_PEOPLE_SIGMA = 1.15
WITHIN_PERSON_SIGMA = 0.6
ENGINEER_MEDIAN, OTHER_MEDIAN = 5.6, 0.6
ENGINEER_WEEKDAYS, OTHER_WEEKDAYS, WEEKENDS = 0.78, 0.35, 0.04
WITH_HABIT: Final[dict[Job, float]] = {
    "engineering": 0.92,
    "analytics": 0.62,
    "product": 0.60,
    "support": 0.50,
    "sales": 0.45,
    "operations": 0.40,
}
MODEL_ORDERS: dict[Provider, tuple[tuple[str, ...], ...]] = {
    "anthropic": (
        ("claude-opus-5", "claude-haiku-4-5", "claude-sonnet-5"),
        ("claude-sonnet-5", "claude-haiku-4-5", "claude-opus-5"),
        ("claude-sonnet-5", "claude-opus-5", "claude-haiku-4-5"),
    ),
    "openai": (
        ("gpt-6-astra", "gpt-5-mini", "gpt-5"),
        ("gpt-5", "gpt-5-mini", "gpt-6-astra"),
    ),
}
SERVICE_SHARE = (0.18, 0.22)
SERVICES: tuple[tuple[Provider, str, str], ...] = (
    ("anthropic", "ci-review", "claude-sonnet-5"),
    ("anthropic", "support-triage", "claude-haiku-4-5"),
    ("anthropic", "nightly-migrations", "claude-opus-5"),
    ("anthropic", "docs-search", "claude-haiku-4-5"),
    ("openai", "ticket-summaries", "gpt-5-mini"),
    ("openai", "evaluation-runs", "gpt-5"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderHabit:
    """What a person uses at one provider: models by liking, products, how often it is chosen."""

    account: ProviderAccount
    weight: float
    models: tuple[str, ...]
    product: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One person's usual active day; people without a habit never spend."""

    slack_id: str
    usual_dollars: float
    weekday_chance: float
    providers: tuple[ProviderHabit, ...]

    @property
    def expected_dollars(self) -> float:
        """The mean of a calendar day."""
        active = (5 * self.weekday_chance + 2 * WEEKENDS) / 7
        return active * self.usual_dollars * exp(WITHIN_PERSON_SIGMA**2 / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceKey:
    """A key that software uses: spend that belongs to no person."""

    provider: Provider
    id: str
    service_account: str | None
    name: str
    model: str
    expected_dollars: float


def habits_of(employees: Sequence[Employee], rng: Random) -> tuple[Habit, ...]:
    """Give habits to those who took to AI, engineers' spend in even steps of their lognormal."""
    users = [e for e in employees if e.accounts and rng.random() < WITH_HABIT[e.job]]
    engineers = [person for person in users if person.job == "engineering"]
    others = [person for person in users if person.job != "engineering"]
    usual = [
        *zip(engineers, _typical_spend(len(engineers), ENGINEER_MEDIAN, rng), strict=True),
        *zip(others, _typical_spend(len(others), OTHER_MEDIAN, rng), strict=True),
    ]
    return tuple(_habit(person, dollars, rng) for person, dollars in usual)


def _typical_spend(people: int, median: float, rng: Random) -> list[float]:
    """Draw one value from each of *people* equal parts, so that few people are typical too."""
    spend = NormalDist(log(median), BETWEEN_PEOPLE_SIGMA)
    values = [exp(spend.inv_cdf((i + rng.uniform(0.3, 0.7)) / people)) for i in range(people)]
    rng.shuffle(values)
    return values


def _habit(person: Employee, usual_dollars: float, rng: Random) -> Habit:
    is_engineer = person.job == "engineering"
    return Habit(
        slack_id=person.slack_id,
        usual_dollars=usual_dollars,
        weekday_chance=ENGINEER_WEEKDAYS if is_engineer else OTHER_WEEKDAYS,
        providers=tuple(
            ProviderHabit(
                account=account,
                weight=rng.uniform(0.3, 1.0),
                models=rng.choice(MODEL_ORDERS[account.provider]),
                product=_product(account, is_engineer=is_engineer),
            )
            for account in person.accounts
        ),
    )


def _product(account: ProviderAccount, *, is_engineer: bool) -> str:
    if account.provider == "openai":
        return "completions"
    if account.api_key is not None:
        return "messages_api"
    return "claude_code" if is_engineer else "chat"


def services_for(habits: Sequence[Habit], rng: Random) -> tuple[ServiceKey, ...]:
    """Give the services 15-25 % of all spend, unevenly (Pareto)."""
    share = rng.uniform(*SERVICE_SHARE)
    total = sum(habit.expected_dollars for habit in habits) * share / (1 - share)
    weights = [rng.paretovariate(1.2) for _ in SERVICES]
    return tuple(
        ServiceKey(
            provider=provider,
            id=f"apikey_01UPS{n:07d}" if provider == "anthropic" else f"key_ups{n:07d}",
            service_account=f"svac_01UP{n:08d}" if provider == "anthropic" and n % 2 else None,
            name=name,
            model=model,
            expected_dollars=total * weight / sum(weights),
        )
        for n, ((provider, name, model), weight) in enumerate(zip(SERVICES, weights, strict=True))
    )
