"""Teams of four to twelve people, with a channel and a manager each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from bot.playground.company.people import Employee, Job, jobs_for, slack_id

SMALLEST, LARGEST = 4, 12
FIRST_SIZES = (4, 9, 10)
FEWEST_PEOPLE = sum(FIRST_SIZES)
TEAM_WORDS: dict[Job, str] = {
    "engineering": (
        "atlas beacon billing checkout compass data-platform dispatch edge falcon fraud gateway "
        "harbor identity inbox infra insights journeys ledger mobile notify onboarding payments "
        "pricing quarry release search security shipping storefront streams tooling web"
    ),
    "analytics": "analytics forecasting experiments",
    "product": "product design research",
    "support": "support care help-desk",
    "sales": "sales partners customer-success",
    "operations": "operations finance people legal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A home team; its manager is one of its members."""

    id: str
    name: str
    channel_id: str
    channel_name: str
    manager: str
    members: tuple[str, ...]


def team_sizes(people: int, rng: Random) -> list[int]:
    """Draw sizes (negative binomial, median 7) that add up, the first of them a small team."""
    sizes = list(FIRST_SIZES)
    while sum(sizes) < people:
        sizes.append(min(LARGEST, SMALLEST + _negative_binomial(mean=3.2, size=4, rng=rng)))
    while sum(sizes) > people:
        shrinkable = [i for i in range(1, len(sizes)) if sizes[i] > SMALLEST]
        sizes[max(shrinkable)] -= 1
    return sizes


def _negative_binomial(*, mean: float, size: float, rng: Random) -> int:
    return poisson(rng.gammavariate(size, mean / size), rng)


def poisson(mean: float, rng: Random) -> int:
    """Draw a Poisson count by adding up exponential waits (means here are small)."""
    count, waited = 0, rng.expovariate(1.0)
    while waited < mean:
        count, waited = count + 1, waited + rng.expovariate(1.0)
    return count


def staffed_teams(people: int, rng: Random) -> list[tuple[Job, str]]:
    """Give each person's job and team: colleagues mostly share a job."""
    jobs = sorted(jobs_for(people), key=lambda job: (job != "engineering", job))
    for _ in range(people // 10):
        one, other = rng.randrange(people), rng.randrange(people)
        jobs[one], jobs[other] = jobs[other], jobs[one]
    sizes = team_sizes(people, rng)
    rest = iter(jobs)
    groups = [list(islice(rest, size)) for size in sizes]
    names = _team_names([Counter(group).most_common(1)[0][0] for group in groups])
    return [(job, name) for name, group in zip(names, groups, strict=True) for job in group]


def _team_names(main_jobs: Sequence[Job]) -> Iterator[str]:
    used: Counter[Job] = Counter()
    for job in main_jobs:
        words = TEAM_WORDS[job].split()
        lap, index = divmod(used[job], len(words))
        used[job] += 1
        yield words[index] if lap == 0 else f"{words[index]}-{lap + 1}"


def teams_of(employees: Sequence[Employee]) -> tuple[Team, ...]:
    """Gather the employees into their teams, each with a channel and a manager."""
    members: dict[str, list[str]] = {}
    for person in employees:
        members.setdefault(person.team, []).append(person.slack_id)
    return tuple(
        Team(
            id=slack_id("S", number),
            name=name,
            channel_id=slack_id("C", number),
            channel_name=f"team-{name}",
            manager=ids[0],
            members=tuple(ids),
        )
        for number, (name, ids) in enumerate(members.items())
    )
