"""Planned work as a job: its task, its key, and arguments that are ids only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.night import (
    CollectDay,
    CollectOutcomes,
    Deliver,
    PlanDigests,
    ReleaseTeam,
    SettleOutcomes,
    SyncDirectory,
    Welcome,
    Work,
)


@dataclass(frozen=True, slots=True)
class Job:
    """Two jobs with one ``key`` are the same work."""

    task: str
    key: str
    arguments: dict[str, object]


def to_job(work: Work) -> Job:  # noqa: PLR0911 - one line a kind
    match work:
        case SyncDirectory():
            return Job("sync_directory", "directory", {})
        case CollectDay(provider, day):
            arguments: dict[str, object] = {"provider": provider, "day": str(day)}
            return Job("collect_day", f"collect:{provider}:{day}", arguments)
        case CollectOutcomes(source):
            return Job("collect_outcomes", f"outcomes:{source}", {"source": source})
        case SettleOutcomes():
            return Job("settle_outcomes", "settle", {})
        case Welcome():
            return Job("plan_welcomes", "welcome", {})
        case PlanDigests(week, people):
            arguments = {"monday": str(week.monday), "people": list(people)}
            return Job("plan_digests", f"digests:{week}:{people[0]}", arguments)
        case ReleaseTeam(team, week):
            arguments = {"team": team, "monday": str(week.monday)}
            return Job("release_team", f"release:{team}:{week}", arguments)
        case Deliver(lane):
            return Job("deliver", f"deliver:{lane}", {})
