"""Planned work as a job: its task, its key, and arguments that are ids only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.night import (
    CollectDay,
    CollectOutcomes,
    Deliver,
    PlanDigests,
    ReleaseWeek,
    Retain,
    SettleAssertions,
    SettleOutcomes,
    SyncDirectory,
    TellTeam,
    Watch,
    WatchToday,
    Welcome,
    Work,
)


@dataclass(frozen=True, slots=True)
class Job:
    """Two jobs with one ``key`` are the same work."""

    task: str
    key: str
    arguments: dict[str, object]


def to_job(work: Work) -> Job:  # noqa: C901, PLR0911, PLR0912 - one line a kind
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
        case PlanDigests(cadence, period, people):
            first_day = str(period.first_day)
            arguments = {"cadence": cadence.value, "first_day": first_day, "people": list(people)}
            return Job("plan_digests", f"digests:{cadence}:{first_day}:{people[0]}", arguments)
        case Watch(through, people):
            arguments = {"through": str(through), "people": list(people)}
            return Job("watch", f"watch:{through}:{people[0]}", arguments)
        case WatchToday(hour):
            return Job("watch_today", f"watch_today:{hour}", {"hour": hour})
        case ReleaseWeek(week):
            return Job("release_week", f"release:{week}", {"monday": str(week.monday)})
        case TellTeam(team, week):
            arguments = {"team": team, "monday": str(week.monday)}
            return Job("tell_team", f"tell:{team}:{week}", arguments)
        case SettleAssertions(hour):
            return Job("settle_assertions", f"assertions:{hour}", {"hour": hour})
        case Retain():
            return Job("retain", "retain", {})
        case Deliver(lane):
            return Job("deliver", f"deliver:{lane}", {})
