"""Planned work becomes a job: ids only, and one key for the same work."""

from __future__ import annotations

import json

import pytest

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
)
from bot.domain.preferences import Cadence
from jobs.tasks import TASKS
from jobs.work import Job, to_job
from tests.factories import MONDAY, WEEK

EVERY = {
    SyncDirectory(): Job("sync_directory", "directory", {}),
    CollectDay("openai", MONDAY): Job(
        "collect_day",
        "collect:openai:2026-03-16",
        {"provider": "openai", "day": "2026-03-16"},
    ),
    CollectOutcomes("git"): Job("collect_outcomes", "outcomes:git", {"source": "git"}),
    SettleOutcomes(): Job("settle_outcomes", "settle", {}),
    Welcome(): Job("plan_welcomes", "welcome", {}),
    PlanDigests(Cadence.WEEKLY, WEEK.period, (7, 8)): Job(
        "plan_digests",
        "digests:weekly:2026-03-16:7",
        {"cadence": "weekly", "first_day": "2026-03-16", "people": [7, 8]},
    ),
    Watch(MONDAY, (7, 8)): Job(
        "watch", "watch:2026-03-16:7", {"through": "2026-03-16", "people": [7, 8]}
    ),
    WatchToday(14): Job("watch_today", "watch_today:14", {"hour": 14}),
    ReleaseWeek(WEEK): Job("release_week", "release:2026-W12", {"monday": "2026-03-16"}),
    TellTeam(3, WEEK): Job("tell_team", "tell:3:2026-W12", {"team": 3, "monday": "2026-03-16"}),
    SettleAssertions(14): Job("settle_assertions", "assertions:14", {"hour": 14}),
    Retain(): Job("retain", "retain", {}),
    Deliver(1): Job("deliver", "deliver:1", {}),
}


@pytest.mark.parametrize(("work", "job"), EVERY.items(), ids=lambda value: type(value).__name__)
def test_is_a_job_of_its_kind(work, job):
    assert to_job(work) == job


def test_has_a_task_for_every_kind():
    assert {job.task for job in EVERY.values()} == {task.__name__ for task in TASKS}


def test_goes_through_json_as_it_is():
    assert all(json.loads(json.dumps(j.arguments)) == j.arguments for j in EVERY.values())
