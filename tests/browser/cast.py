"""Who plays which part in the demo: people of its company who read it in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.playground.company import Company, DirectoryEntry, Employee
from bot.playground.opening import stands_at
from bot.playground.roster import admin_of

Somebody = Employee | DirectoryEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Nobody is in two parts; of those of whom there are many, each test takes others."""

    company: Company
    admin: Employee
    manager: Employee
    """Of the team with the most people, so that something is released of it."""
    guest: DirectoryEntry
    asked: Employee
    """Heard of a day that was far dearer than usual, and has not answered."""
    engineers: tuple[Employee, ...]
    """Who spend and finish something every week."""
    others: tuple[Employee, ...]
    """Of any other work, with AI all the same."""

    def team_channel(self, person: Employee) -> str:
        return next(t.channel_name for t in self.company.teams if t.name == person.team)

    def everybody_but(self, person: Somebody) -> list[Somebody]:
        return [one for one in self.company.directory if one.slack_id != person.slack_id]


def cast_of(company: Company) -> Cast:
    largest = max(company.teams, key=lambda team: len(team.members))
    admin, manager = company.people[admin_of(company)], company.people[largest.manager]
    taken = {admin.slack_id, *(team.manager for team in company.teams)}
    free = [one for one in company.employees if one.slack_id not in taken and _reads_along(one)]
    asked = _asked(company, free)
    free.remove(asked)
    return Cast(
        company=company,
        admin=admin,
        manager=manager,
        guest=next(entry for entry in company.directory if entry.kind == "guest"),
        asked=asked,
        engineers=tuple(one for one in free if one.job == "engineering"),
        others=tuple(one for one in free if one.job != "engineering"),
    )


def _asked(company: Company, people: Sequence[Employee]) -> Employee:
    """The last of *people*: earlier the demo looks too seldom to ask everybody in time."""
    asked = {told.person: told.last_day for told in company.nudged_by(stands_at(company))}
    return max((one for one in people if one.slack_id in asked), key=lambda p: asked[p.slack_id])


def _reads_along(person: Employee) -> bool:
    """In English, with figures that are known to be this person's."""
    return person.locale.startswith("en") and bool(person.accounts) and person.email_matches
