"""The made-up company as a whole: the same seed gives the same people, spend and work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from random import Random

from bot.playground.company.charges import UnattributedCharge, charges_of_day
from bot.playground.company.delivery import (
    LONGEST_LATENESS,
    USUAL_LAG,
    delivery_of,
    facts_as_of,
    midnight,
)
from bot.playground.company.habits import Habit, ServiceKey, habits_of, services_for
from bot.playground.company.pages import Page, pages_of
from bot.playground.company.people import (
    DirectoryEntry,
    Employee,
    Provider,
    directory_of,
    hire,
)
from bot.playground.company.prices import dollars
from bot.playground.company.prone import prone, steadied
from bot.playground.company.runaways import Runaway, ran_away, runaways_of
from bot.playground.company.tasks import Task, tasks_of
from bot.playground.company.teams import FEWEST_PEOPLE, Team, staffed_teams, teams_of
from bot.playground.company.tickets import Ticket, tickets_of
from bot.playground.company.tools import (
    Tool,
    ToolFact,
    ToolUser,
    is_told,
    seats_on,
    tool_facts,
    users_of,
)
from bot.playground.company.turns import Life, life_of, lived
from bot.playground.company.usage import UsageFact, facts_of_day
from bot.playground.company.work import MergedChange, draft_changes, merged_changes_of

DEFAULT_SEED = 2026
DAYS_KEPT = 40
GROWTH_A_MONTH = 1.06


@dataclass(frozen=True, kw_only=True)
class Company:
    """People, teams and truth; days are generated when asked for and a few are kept.

    From ``start`` on there is use and work, from ``installed_on`` on the bot; the weeks up to
    ``closed_until`` are over today, and those up to ``end`` are ahead. All four are Mondays.
    """

    seed: int
    start: date
    installed_on: date
    closed_until: date
    end: date
    employees: tuple[Employee, ...]
    teams: tuple[Team, ...]
    directory: tuple[DirectoryEntry, ...]
    habits: tuple[Habit, ...] = field(repr=False)
    services: tuple[ServiceKey, ...] = field(repr=False)
    longest_revision_days: int

    @property
    def days(self) -> Iterator[date]:
        """All days there are, those ahead too, oldest first."""
        return (self.start + timedelta(days=n) for n in range((self.end - self.start).days))

    @property
    def settled_at(self) -> datetime:
        """The time from which nothing arrives or changes any more."""
        last = midnight(self.end) + USUAL_LAG + LONGEST_LATENESS
        return last + timedelta(days=self.longest_revision_days)

    @cached_property
    def people(self) -> dict[str, Employee]:
        """The employees by Slack id."""
        return {person.slack_id: person for person in self.employees}

    @property
    def merged_changes(self) -> tuple[MergedChange, ...]:
        """All merged pull requests, oldest first: the truth about the repository."""
        return self._work[0]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks in the teams' projects, as they were opened."""
        return self._work[1]

    @cached_property
    def tickets(self) -> tuple[Ticket, ...]:
        """All that customers asked for, as it was opened."""
        return tickets_of(self.employees, self.start, self.end, self.seed)

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """All that was written for others, as it was published."""
        return pages_of(self.employees, self.start, self.end, self.seed)

    @cached_property
    def _work(self) -> tuple[tuple[MergedChange, ...], tuple[Task, ...]]:
        usual = {habit.slack_id: habit.usual_dollars for habit in self.habits}
        drafts = draft_changes(self.employees, usual, self.start, self.end, self.seed)
        tasks, named = tasks_of(self.employees, drafts, self.start, self.end, self.seed)
        return merged_changes_of(drafts, named, self.end, self.seed), tasks

    def facts(self, provider: Provider, day: date, as_of: datetime) -> tuple[UsageFact, ...]:
        """Give what *provider* knows about *day* at *as_of*."""
        delivery = delivery_of(provider, day, self.seed, self.longest_revision_days)
        return facts_as_of(self._day(day)[provider], delivery, as_of)

    def unattributed(
        self, provider: Provider, day: date, as_of: datetime
    ) -> tuple[UnattributedCharge, ...]:
        """Give what is billed for *day* at *as_of* without a person or key."""
        delivery = delivery_of(provider, day, self.seed, self.longest_revision_days)
        if as_of < delivery.complete_at or not self.start <= day < self.end:
            return ()
        return charges_of_day(provider, day, len(self.employees), self.seed)

    def invoice(self, provider: Provider, day: date, as_of: datetime) -> Decimal:
        """Give the billed total of *day* in dollars, as it stands at *as_of*."""
        facts = sum(fact.nanodollars for fact in self.facts(provider, day, as_of))
        charges = sum(charge.nanodollars for charge in self.unattributed(provider, day, as_of))
        return dollars(facts + charges)

    def refreshed_at(self, provider: Provider, as_of: datetime) -> datetime:
        """Give the start of the oldest day that is still incomplete at *as_of*."""
        day = as_of.date() - LONGEST_LATENESS - timedelta(days=2)
        while self._complete_at(provider, day) <= as_of:
            day += timedelta(days=1)
        return midnight(day)

    def _complete_at(self, provider: Provider, day: date) -> datetime:
        return delivery_of(provider, day, self.seed, self.longest_revision_days).complete_at

    @cached_property
    def tool_users(self) -> dict[Tool, tuple[ToolUser, ...]]:
        """Who has which other tool."""
        return users_of(self.employees, self.seed)

    def tool_facts(self, tool: Tool, day: date, as_of: datetime) -> tuple[ToolFact, ...]:
        """Give what *tool* tells about *day* at *as_of*."""
        if not self.start <= day < self.end:
            return ()
        users = self.tool_users[tool]
        facts = tool_facts(users, day, as_of, self.seed, self.longest_revision_days)
        return tuple(fact for fact in facts if not self.lives[fact.user.person].is_idle(day))

    def tool_tells(self, tool: Tool, day: date, as_of: datetime) -> bool:
        """Whether *tool* tells all of *day* by *as_of*."""
        return is_told(tool, day, as_of, self.seed, self.longest_revision_days)

    def tool_invoice(self, tool: Tool, day: date, as_of: datetime) -> Decimal:
        """Give what is charged for *day* in dollars, the day's share of the seats included."""
        if not self.start <= day < self.end:
            return Decimal(0)
        facts = self.tool_facts(tool, day, as_of)
        return sum((fact.charged for fact in facts), seats_on(self.tool_users[tool], day))

    @cached_property
    def lives(self) -> dict[str, Life]:
        """What is planted in each employee, and which tips each has heeded."""
        return {who: life_of(who, self.start, self.seed) for who in self.people}

    @cached_property
    def runaways(self) -> tuple[Runaway, ...]:
        """Whose agents run on by themselves, and when."""
        who = prone(self.employees, self.habits, self.seed)
        return runaways_of(who, self.start, self.closed_until)

    def nudged_by(self, now: datetime) -> tuple[Runaway, ...]:
        """Those whose people were asked about them in the two weeks before *now*."""
        then = now - timedelta(weeks=2)
        return tuple(r for r in self.runaways if r.is_told_by(now) and not r.is_told_by(then))

    def heed(self, person: str, rule: str, today: date) -> bool:
        """Whether *person* takes up a tip that came *today*: from tomorrow on, if at all."""
        return self.lives[person].heed(rule, today + timedelta(days=1))

    @cached_property
    def _day(self) -> Callable[[date], dict[Provider, tuple[UsageFact, ...]]]:
        return lru_cache(maxsize=DAYS_KEPT)(self._generated)

    def _generated(self, day: date) -> dict[Provider, tuple[UsageFact, ...]]:
        if not self.start <= day < self.end:
            return {"anthropic": (), "openai": ()}
        middle = self.installed_on + (self.closed_until - self.installed_on) / 2
        trend = GROWTH_A_MONTH ** ((day - middle).days / 30)
        rng = Random(f"{self.seed}/usage/{day}")
        facts = [
            lived(fact, self.lives[fact.person]) if fact.person else fact
            for fact in facts_of_day(self.habits, self.services, day, trend, rng)
        ]
        facts = ran_away(facts, self.runaways, self.habits, day)
        return {
            "anthropic": tuple(fact for fact in facts if fact.provider == "anthropic"),
            "openai": tuple(fact for fact in facts if fact.provider == "openai"),
        }


def make_company(
    *,
    people: int = 200,
    weeks: int = 13,
    weeks_before: int = 0,
    weeks_ahead: int = 0,
    seed: int = DEFAULT_SEED,
    ends: date,
    longest_revision_days: int = 9,
) -> Company:
    """Make the company; its last closed ISO week ends before the Monday on or before *ends*.

    *weeks_before* are those before the bot came, and *weeks_ahead* those that are still to come:
    neither changes who is there, nor do the latter change what came before them.
    """
    if people < FEWEST_PEOPLE or weeks < 1:
        raise ValueError(f"A company needs at least {FEWEST_PEOPLE} people and 1 week.")
    if weeks_before < 0 or weeks_ahead < 0:
        raise ValueError("Weeks before and weeks ahead are counted from 0 on.")
    closed_until = ends - timedelta(days=ends.weekday())
    installed_on = closed_until - timedelta(weeks=weeks)
    rng = Random(f"{seed}/people")
    employees = hire(staffed_teams(people, rng), rng)
    habits = steadied(employees, habits_of(employees, rng), seed)
    return Company(
        seed=seed,
        start=installed_on - timedelta(weeks=weeks_before),
        installed_on=installed_on,
        closed_until=closed_until,
        end=closed_until + timedelta(weeks=weeks_ahead),
        employees=employees,
        teams=teams_of(employees),
        directory=directory_of(employees, rng),
        habits=habits,
        services=services_for(habits, rng),
        longest_revision_days=longest_revision_days,
    )
