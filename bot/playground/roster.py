"""The company as its Slack knows it: people, channels and groups, and who has which part."""

from __future__ import annotations

import csv
from pathlib import Path

from bot.playground.company import Company
from bot.playground.company.people import DirectoryEntry, Employee, Job, slack_id
from bot.playground.slack.channels import SlackChannel
from bot.playground.slack.directory import SlackUser, UserGroup

ADMINS_COME_FROM: tuple[Job, ...] = ("operations", "product")
NOT_IN_CHANNELS = frozenset({"bot", "deactivated", "external"})


def admin_of(company: Company) -> str:
    """Somebody who manages no team, of those who run the office if there is such."""
    managers = {team.manager for team in company.teams}
    others = [person for person in company.employees if person.slack_id not in managers]
    at_hand = sorted(others, key=lambda person: person.job not in ADMINS_COME_FROM)
    return at_hand[0].slack_id


def users_of(company: Company) -> list[SlackUser]:
    return [_user(entry) for entry in company.directory]


def channels_of(company: Company) -> list[SlackChannel]:
    """One of each team, and one of everybody in which the bot is not."""
    everybody = tuple(e.slack_id for e in company.directory if e.kind not in NOT_IN_CHANNELS)
    general = SlackChannel(
        id=slack_id("C", len(company.teams)), name="general", members=everybody, has_bot=False
    )
    of_teams = (
        SlackChannel(id=team.channel_id, name=team.channel_name, members=team.members)
        for team in company.teams
    )
    return [general, *of_teams]


def groups_of(company: Company) -> list[UserGroup]:
    return [
        UserGroup(id=team.id, handle=team.name, name=team.name.capitalize(), users=team.members)
        for team in company.teams
    ]


def write_teams(company: Company, path: Path) -> None:
    """As the bot's file of teams has them."""
    people = company.people
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("team", "channel", "time_zone", "email", "role"))
        for team in company.teams:
            manager = people[team.manager]
            for member in (people[slack_id] for slack_id in team.members):
                rows.writerow(_row(team.name, team.channel_id, manager, member, "member"))
            rows.writerow(_row(team.name, team.channel_id, manager, manager, "manager"))


def _row(
    team: str, channel: str, manager: Employee, person: Employee, role: str
) -> tuple[str, ...]:
    return (team, channel, manager.time_zone, person.email, role)


def _user(entry: DirectoryEntry) -> SlackUser:
    return SlackUser(
        id=entry.slack_id,
        name=entry.handle,
        real_name=entry.name,
        email=entry.email,
        time_zone=entry.time_zone,
        locale=entry.locale,
        is_bot=entry.kind == "bot",
        deleted=entry.kind == "deactivated",
        is_restricted=entry.kind == "guest",
        is_stranger=entry.kind == "external",
        team_id="T0ELSEWHERE" if entry.kind == "external" else None,
    )
