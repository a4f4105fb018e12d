"""Who works at the made-up company, and who else its Slack lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

from bot.playground.company.names import distinct_names, place

Provider = Literal["anthropic", "openai"]
Job = Literal["engineering", "analytics", "product", "support", "sales", "operations"]
DirectoryKind = Literal["member", "guest", "bot", "deactivated", "external"]

PROVIDERS: tuple[Provider, ...] = ("anthropic", "openai")
JOB_SHARES: dict[Job, float] = {
    "engineering": 0.60,
    "analytics": 0.08,
    "product": 0.07,
    "support": 0.10,
    "sales": 0.08,
    "operations": 0.07,
}
EMAIL_MISMATCH_SHARE = 0.06
NOREPLY_SHARE = 0.15
EXTRA_ENTRIES: dict[DirectoryKind, float] = {
    "guest": 0.04,
    "bot": 0.02,
    "deactivated": 0.05,
    "external": 0.02,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAccount:
    """A person's account at a provider; its e-mail is what the provider knows, not Slack."""

    provider: Provider
    id: str
    email: str
    api_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """A person of the company. Without accounts: somebody who was never given AI."""

    slack_id: str
    name: str
    handle: str
    email: str
    job: Job
    team: str
    time_zone: str
    locale: str
    accounts: tuple[ProviderAccount, ...]
    commit_emails: tuple[str, ...]

    @property
    def email_matches(self) -> bool:
        """Whether the providers know this person by the address Slack has."""
        return all(account.email == self.email for account in self.accounts)

    def account_at(self, provider: Provider) -> ProviderAccount | None:
        """Give the person's account at *provider*."""
        return next((a for a in self.accounts if a.provider == provider), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """A line of Slack's users.list."""

    slack_id: str
    name: str
    handle: str
    email: str | None
    title: str
    time_zone: str
    locale: str
    kind: DirectoryKind


def slack_id(prefix: str, number: int) -> str:
    """Give an id that looks like Slack's: a letter and ten capitals and digits."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    mixed, text = (number + 1) * 2_654_435_761 % 36**7, ""
    for _ in range(7):
        mixed, digit = divmod(mixed, 36)
        text = digits[digit] + text
    return f"{prefix}0UP{text}"


def jobs_for(people: int) -> list[Job]:
    """Share *people* over the jobs; engineers take what rounding leaves."""
    counts = {job: round(share * people) for job, share in JOB_SHARES.items()}
    counts["engineering"] += people - sum(counts.values())
    return [job for job, number in counts.items() for _ in range(number)]


def hire(jobs_and_teams: list[tuple[Job, str]], rng: Random) -> tuple[Employee, ...]:
    """Make one person for each job and team."""
    names = distinct_names(rng)
    return tuple(
        _employee(number, job, team, next(names), rng)
        for number, (job, team) in enumerate(jobs_and_teams)
    )


def _employee(
    number: int, job: Job, team: str, name_and_handle: tuple[str, str], rng: Random
) -> Employee:
    name, handle = name_and_handle
    email = f"{handle}@example.com"
    known_as = f"ai.{handle}@example.com" if rng.random() < EMAIL_MISMATCH_SHARE else email
    noreply = f"{40_000_000 + number}+{handle.replace('.', '-')}@users.noreply.github.com"
    time_zone, locale = place(rng)
    return Employee(
        slack_id=slack_id("U", number),
        name=name,
        handle=handle,
        email=email,
        job=job,
        team=team,
        time_zone=time_zone,
        locale=locale,
        accounts=tuple(_accounts(number, job, known_as, rng)),
        commit_emails=(email, noreply) if rng.random() < NOREPLY_SHARE else (email,),
    )


def _accounts(number: int, job: Job, email: str, rng: Random) -> Iterator[ProviderAccount]:
    if rng.random() < 0.05:
        return
    chosen = PROVIDERS if rng.random() < 0.45 else (rng.choices(PROVIDERS, (7, 3))[0],)
    for provider in chosen:
        keyed = provider == "openai" or (job in {"engineering", "analytics"} and rng.random() < 0.2)
        yield ProviderAccount(
            provider=provider,
            id=f"user_01UP{number:08d}" if provider == "anthropic" else f"user-up{number:08d}",
            email=email,
            api_key=_key_id(provider, number) if keyed else None,
        )


def _key_id(provider: Provider, number: int) -> str:
    return f"apikey_01UP{number:08d}" if provider == "anthropic" else f"key_up{number:08d}"


def directory_of(employees: tuple[Employee, ...], rng: Random) -> tuple[DirectoryEntry, ...]:
    """List the employees and, after them, those a Slack workspace also has."""
    members = (
        DirectoryEntry(
            slack_id=person.slack_id,
            name=person.name,
            handle=person.handle,
            email=person.email,
            title=person.job,
            time_zone=person.time_zone,
            locale=person.locale,
            kind="member",
        )
        for person in employees
    )
    return (*members, *_others(len(employees), rng))


def _others(people: int, rng: Random) -> Iterator[DirectoryEntry]:
    names, number = distinct_names(rng), people
    for kind, share in EXTRA_ENTRIES.items():
        for _ in range(max(1, round(share * people))):
            name, handle = next(names)
            time_zone, locale = place(rng)
            is_bot = kind == "bot"
            yield DirectoryEntry(
                slack_id=slack_id("U", number),
                name=f"{name.split()[0]} Bot" if is_bot else name,
                handle=f"{kind}.{handle}",
                email=None if is_bot else f"{kind}.{handle}@example.com",
                title="" if is_bot else kind,
                time_zone=time_zone,
                locale=locale,
                kind=kind,
            )
            number += 1
