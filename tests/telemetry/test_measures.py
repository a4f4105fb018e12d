"""What metrics count for: deltas of tokens and of money, under the traps of each tool's logs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.received import CountedEvent, Signal
from bot.domain.usage import CostBasis, TokenUsage, UsageRecord
from bot.telemetry import TooManyError, counting, json_body
from tests.telemetry.sending import (
    ANA,
    CLAUDE,
    CUMULATIVE,
    CURSOR,
    ENCODINGS,
    NOW,
    counted,
    encoded,
    histogram,
    metrics,
    only,
    point,
    spread,
    sums,
)

every_encoding = pytest.mark.parametrize("encoding", ENCODINGS)

MODEL = {**ANA, "model": "claude-opus-5"}


def claude_tokens(**changes):
    kinds = {"input": 12, "output": 340, "cacheRead": 6000, "cacheCreation": 200}
    points = (point({**MODEL, "type": kind}, of) for kind, of in kinds.items())
    return sums("claude_code.token.usage", *points, **changes)


def claude_cost(*amounts):
    return sums("claude_code.cost.usage", *(point(MODEL, amount) for amount in amounts))


def claude_metrics(*given):
    return metrics(*given, resource=CLAUDE, scope="com.anthropic.claude_code")


def codex_tokens():
    kinds = {
        "total": 1050,
        "input": 1000,
        "cached_input": 700,
        "cache_write_input": 100,
        "output": 50,
        "reasoning_output": 20,
    }
    told = {"user.email": "ben@example.com", "model": "gpt-6-astra"}
    points = (spread({**told, "token_type": kind}, of) for kind, of in kinds.items())
    return histogram("codex.turn.token_usage", *points)


def gen_ai_tokens(**told):
    kinds = {"input": 1000, "output": 90}
    given = {"gen_ai.request.model": "gpt-6-astra", "gen_ai.provider.name": "openai", **told}
    points = (spread({**given, "gen_ai.token.type": kind}, of) for kind, of in kinds.items())
    return histogram("gen_ai.client.token.usage", *points)


@every_encoding
class TestClaudeCode:
    def test_tells_tokens_and_money_in_two_metrics_that_make_one(self, encoding):
        event = only(claude_metrics(claude_tokens(), claude_cost(0.0125)), encoding)

        assert event == CountedEvent(
            event_id=event.event_id,
            usage=UsageRecord(
                provider="otlp:claude_code",
                account="ana@example.com",
                day=date(2026, 11, 19),
                product="claude-code",
                model="claude-opus-5",
                tokens=TokenUsage(input_uncached=12, cache_read=6000, cache_write=200, output=340),
                cost=Decimal("0.0125"),
                cost_basis=CostBasis.PROVIDER_ESTIMATE,
            ),
            period_end=NOW,
            email="ana@example.com",
            signal=Signal.METRICS,
        )

    def test_tokens_alone_have_no_list_price_as_their_money_comes_by_itself(self, encoding):
        usage = only(claude_metrics(claude_tokens()), encoding).usage

        assert (usage.cost, usage.cost_basis) == (None, None)

    def test_money_adds_up_as_it_is_written(self, encoding):
        usage = only(claude_metrics(claude_cost(0.1, 0.2)), encoding).usage

        assert (usage.cost, usage.tokens) == (Decimal("0.3"), None)

    def test_money_that_is_none_spoils_nothing(self, encoding):
        usage = only(claude_metrics(claude_cost(0.1, 1e300)), encoding).usage

        assert usage.cost == Decimal("0.1")

    def test_series_that_differ_in_what_is_not_read_are_added(self, encoding):
        points = (
            point({**MODEL, "type": "input", "query_source": source}, 5)
            for source in ("main", "subagent")
        )

        event = only(claude_metrics(sums("claude_code.token.usage", *points)), encoding)
        assert event.usage.tokens.input_uncached == 10

    def test_other_metrics_and_kinds_count_for_nothing(self, encoding):
        request = claude_metrics(
            sums("claude_code.lines_of_code.count", point(MODEL, 1), temporality=CUMULATIVE),
            sums("claude_code.token.usage", point({**MODEL, "type": "guess"}, 1)),
            {"name": "claude_code.token.usage", "gauge": {"dataPoints": [point(MODEL, 1)]}},
            sums("claude_code.cost.usage", {"attributes": [], "timeUnixNano": "1"}),
        )

        assert counted(request, encoding) == counting.Counted()


@every_encoding
class TestOthers:
    def test_codex_input_counts_the_cache_and_the_total_adds_nothing(self, encoding):
        request = metrics(codex_tokens(), resource={"service.name": "codex_exec"})

        usage = only(request, encoding).usage
        assert usage.tokens == TokenUsage(
            input_uncached=200, cache_read=700, cache_write=100, output=50, reasoning=20
        )
        assert usage.cost == Decimal("0.00645")

    def test_gemini_cli_thoughts_come_beside_the_output(self, encoding):
        kinds = {"input": 500, "cache": 200, "output": 40, "thought": 60, "tool": 5}
        told = {"user.email": "cy@example.com", "model": "gemini-2.5-pro"}
        points = (point({**told, "type": kind}, of) for kind, of in kinds.items())
        request = metrics(
            sums("gemini_cli.token.usage", *points),
            gen_ai_tokens(),
            resource={"service.name": "gemini-cli"},
        )

        assert only(request, encoding).usage.tokens == TokenUsage(
            input_uncached=305, cache_read=200, cache_write=0, output=100, reasoning=60
        )

    def test_cursor_tells_tokens_and_its_best_guess_at_the_money(self, encoding):
        kinds = {"input": 100, "output": 200, "cache_read": 50, "cache_creation": 10}
        told = {"cursor.model.name": "composer-2.5"}
        points = (point({**told, "cursor.token.type": kind}, of) for kind, of in kinds.items())
        request = metrics(
            sums("cursor.token.usage", *points),
            sums("cursor.cost.usage", point(told, 0.5)),
            resource=CURSOR,
        )

        usage = only(request, encoding).usage
        assert usage.tokens == TokenUsage(
            input_uncached=100, cache_read=50, cache_write=10, output=200
        )
        assert (usage.cost, usage.cost_basis) == (Decimal("0.5"), CostBasis.PROVIDER_ESTIMATE)

    def test_copilot_tells_it_in_gen_ai(self, encoding):
        request = metrics(gen_ai_tokens(), resource={"service.name": "copilot-chat"})

        usage = only(request, encoding).usage
        assert usage.provider == "otlp:copilot"
        assert usage.tokens == TokenUsage(
            input_uncached=1000, cache_read=0, cache_write=0, output=90
        )

    def test_gen_ai_metrics_have_no_price_as_they_do_not_tell_what_was_cached(self, encoding):
        usage = only(metrics(gen_ai_tokens(), resource={}), encoding).usage

        assert (usage.provider, usage.cost) == ("otlp:gen_ai", None)

    def test_what_an_agent_adds_up_of_its_calls_counts_for_nothing(self, encoding):
        told = gen_ai_tokens(**{"gen_ai.operation.name": "invoke_agent"})

        assert counted(metrics(told, resource={}), encoding).events == []


@every_encoding
class TestTemporality:
    def test_cumulative_sums_are_refused_with_what_to_do(self, encoding):
        request = claude_metrics(claude_tokens(temporality=CUMULATIVE), claude_cost(0.5))

        said = counted(request, encoding)
        assert [event.usage.tokens for event in said.events] == [None]
        assert said.refused == {counting.CUMULATIVE: 4}
        assert "TEMPORALITY_PREFERENCE=delta" in counting.CUMULATIVE

    def test_no_temporality_is_no_delta(self, encoding):
        request = claude_metrics(claude_tokens(temporality=0))

        assert counted(request, encoding).refused == {counting.CUMULATIVE: 4}

    def test_another_time_is_refused(self, encoding):
        late = sums("claude_code.cost.usage", point(MODEL, 0.5, at=NOW - timedelta(days=41)))

        assert counted(claude_metrics(late), encoding).refused == {counting.ANOTHER_TIME: 1}


@every_encoding
class TestTheSamePoints:
    def test_are_known_again(self, encoding):
        request = claude_metrics(claude_tokens(), claude_cost(0.0125))

        assert only(request, encoding).event_id == only(request, encoding).event_id

    def test_are_others_if_they_differ_in_anything_that_was_sent(self, encoding):
        others = [
            claude_metrics(claude_cost(0.5)),
            claude_metrics(
                sums("claude_code.cost.usage", point(MODEL, 0.5, at=NOW.replace(hour=9)))
            ),
            claude_metrics(sums("claude_code.cost.usage", point({**MODEL, "effort": "low"}, 0.5))),
            metrics(claude_cost(0.5), resource={**CLAUDE, "host.name": "another"}),
        ]

        assert len({only(request, encoding).event_id for request in others}) == 4

    def test_of_two_machines_do_not_hide_each_other(self, encoding):
        one = claude_metrics(claude_cost(0.5))
        other = metrics(claude_cost(0.5), resource={**CLAUDE, "host.name": "another"})
        both = {"resourceMetrics": one["resourceMetrics"] + other["resourceMetrics"]}

        assert len({event.event_id for event in counted(both, encoding).events}) == 2


def test_more_than_a_collector_sends_at_once_is_too_much():
    points = (point({**ANA, "model": f"m{number}"}, 1) for number in range(3))
    request = encoded(claude_metrics(sums("claude_code.cost.usage", *points)))

    with pytest.raises(TooManyError):
        counting.count_points(json_body.points(request, counting.WANTED), NOW, most=2)
