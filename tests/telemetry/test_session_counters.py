"""What tools count of their sessions: each point once, for whom it is of, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.domain.received import CountedEvent, Signal
from bot.domain.usage import SessionCount, UsageRecord
from bot.telemetry import TooManyError, counting, json_body
from tests.telemetry.sending import (
    ANA,
    CLAUDE,
    CUMULATIVE,
    ENCODINGS,
    NOW,
    counted,
    encoded,
    metrics,
    only,
    point,
    sums,
)

every_encoding = pytest.mark.parametrize("encoding", ENCODINGS)

COMMITS, PULL_REQUESTS = "claude_code.commit.count", "claude_code.pull_request.count"
SESSIONS = "claude_code.session.count"
DECISIONS = "claude_code.code_edit_tool.decision"


def claude_metrics(*given):
    return metrics(*given, resource=CLAUDE, scope="com.anthropic.claude_code")


def claude_count(**counts: int | None) -> SessionCount:
    return SessionCount(account="ana@example.com", tool="claude", **counts)


@every_encoding
class TestClaudeCode:
    def test_tells_sessions_commits_and_pull_requests_in_three_metrics_that_make_one(
        self, encoding
    ):
        request = claude_metrics(
            sums(SESSIONS, point({**ANA, "start_type": "fresh"}, 1)),
            sums(COMMITS, point(ANA, 3)),
            sums(PULL_REQUESTS, point(ANA, 1)),
        )

        event = only(request, encoding)
        assert event == CountedEvent(
            event_id=event.event_id,
            usage=UsageRecord(
                provider="otlp:claude_code", account="ana@example.com", day=date(2026, 11, 19)
            ),
            period_end=NOW,
            email="ana@example.com",
            signal=Signal.METRICS,
            sessions=claude_count(sessions=1, commits=3, pull_requests=1),
        )

    def test_tells_how_many_of_its_edits_were_accepted(self, encoding):
        points = (
            point({**ANA, "tool_name": tool, "decision": decision}, count)
            for tool, decision, count in (
                ("Edit", "accept", 7),
                ("Write", "accept", 2),
                ("Edit", "reject", 3),
                ("Edit", "perhaps", 5),
            )
        )

        event = only(claude_metrics(sums(DECISIONS, *points)), encoding)
        assert event.sessions == claude_count(offered=12, accepted=9)

    @pytest.mark.parametrize(
        ("decision", "counts"),
        [
            ("accept", {"offered": 4, "accepted": 4}),
            ("reject", {"offered": 4, "accepted": 0}),
        ],
    )
    def test_leaves_out_an_answer_that_nobody_gave(self, encoding, decision, counts):
        told = sums(DECISIONS, point({**ANA, "decision": decision}, 4))

        assert only(claude_metrics(told), encoding).sessions == claude_count(**counts)

    def test_what_it_does_not_tell_is_not_known(self, encoding):
        event = only(claude_metrics(sums(COMMITS, point(ANA, 1))), encoding)

        assert event.sessions == claude_count(commits=1)

    def test_a_look_at_the_list_of_agents_is_no_session(self, encoding):
        request = claude_metrics(sums(SESSIONS, point({**ANA, "start_type": "agents_view"}, 1)))

        assert counted(request, encoding) == counting.Counted()

    def test_its_tokens_and_its_commits_are_two_events(self, encoding):
        tokens = point({**ANA, "model": "claude-opus-5", "type": "input"}, 12)
        request = claude_metrics(
            sums("claude_code.token.usage", tokens), sums(COMMITS, point(ANA, 1))
        )

        use, commits = counted(request, encoding).events
        assert (use.sessions, use.usage.tokens.input_uncached) == (None, 12)
        assert (commits.sessions, commits.usage.tokens) == (claude_count(commits=1), None)

    def test_days_are_counted_apart(self, encoding):
        yesterday = NOW - timedelta(days=1)
        points = (point(ANA, 1, at=at) for at in (NOW, yesterday))

        events = counted(claude_metrics(sums(COMMITS, *points)), encoding).events
        assert {event.usage.day for event in events} == {NOW.date(), yesterday.date()}

    def test_nobody_s_commits_are_not_counted(self, encoding):
        request = claude_metrics(sums(COMMITS, point({"session.id": "s-1"}, 1)))

        assert counted(request, encoding) == counting.Counted()

    def test_cumulative_counts_are_refused_with_what_to_do(self, encoding):
        request = claude_metrics(sums(COMMITS, point(ANA, 1), temporality=CUMULATIVE))

        assert counted(request, encoding).refused == {counting.CUMULATIVE: 1}
        assert counted(request, encoding).events == []

    @pytest.mark.parametrize("amount", [-1, 1e300, 10**13])
    def test_a_count_that_cannot_be_one_counts_for_nothing(self, encoding, amount):
        request = claude_metrics(sums(COMMITS, point(ANA, amount)))

        assert counted(request, encoding) == counting.Counted()


@every_encoding
@pytest.mark.parametrize(
    ("service", "metric", "told"),
    [
        ("codex_cli_rs", "codex.thread.started", ("codex", 2, None)),
        ("gemini-cli", "gemini_cli.session.count", ("gemini", 2, None)),
        ("copilot-chat", "copilot_chat.session.count", ("copilot", 2, None)),
        ("copilot-chat", "copilot_chat.pull_request.count", ("copilot", None, 2)),
    ],
)
def test_other_tools_tell_what_they_count(encoding, service, metric, told):
    request = metrics(
        sums(metric, point({"user.email": "ben@example.com"}, 2)),
        resource={"service.name": service},
    )

    count = only(request, encoding).sessions
    assert (count.tool, count.sessions, count.pull_requests) == told
    assert (count.account, count.commits) == ("ben@example.com", None)


@every_encoding
def test_a_thread_that_codex_sets_off_itself_is_no_session(encoding):
    told = {"user.email": "ben@example.com", "session_source": "subagent_review"}
    request = metrics(
        sums("codex.thread.started", point(told, 1)), resource={"service.name": "codex_exec"}
    )

    assert counted(request, encoding) == counting.Counted()


@every_encoding
class TestTheSamePoints:
    def test_are_known_again(self, encoding):
        request = claude_metrics(sums(COMMITS, point(ANA, 1)), sums(SESSIONS, point(ANA, 1)))

        assert only(request, encoding).event_id == only(request, encoding).event_id

    def test_are_others_if_they_are_of_another_metric_time_or_machine(self, encoding):
        commit = sums(COMMITS, point(ANA, 1))
        others = [
            claude_metrics(commit),
            claude_metrics(sums(PULL_REQUESTS, point(ANA, 1))),
            claude_metrics(sums(COMMITS, point(ANA, 1, at=NOW - timedelta(minutes=1)))),
            metrics(commit, resource={**CLAUDE, "host.name": "another"}),
        ]

        assert len({only(request, encoding).event_id for request in others}) == 4


def test_more_than_a_collector_sends_at_once_is_too_much():
    points = (point({**ANA, "user.email": f"ana{number}@example.com"}, 1) for number in range(3))
    request = encoded(claude_metrics(sums(COMMITS, *points)))

    with pytest.raises(TooManyError):
        counting.count_points(json_body.points(request, counting.WANTED), NOW, most=2)
