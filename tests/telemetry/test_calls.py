"""What a log record counts for: one finished call, in exclusive parts, whoever tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.received import CountedEvent, Signal
from bot.domain.usage import CostBasis, TokenUsage, UsageRecord
from bot.telemetry import TooManyError, counting, json_body
from tests.telemetry.sending import (
    ENCODINGS,
    INFERENCE,
    NOW,
    claude_call,
    claude_logs,
    codex_call,
    codex_logs,
    counted,
    cursor_call,
    cursor_logs,
    encoded,
    gemini_call,
    gemini_logs,
    gen_ai_call,
    gen_ai_logs,
    log,
    only,
)

every_encoding = pytest.mark.parametrize("encoding", ENCODINGS)


def tokens_of(request, encoding="json"):
    return only(request, encoding).usage.tokens


@every_encoding
class TestClaudeCode:
    def test_tells_a_call_with_its_own_estimate(self, encoding):
        assert only(claude_logs(claude_call()), encoding) == CountedEvent(
            event_id="call req_1",
            usage=UsageRecord(
                provider="otlp:claude_code",
                account="ana@example.com",
                day=date(2026, 11, 19),
                product="claude-code",
                model="claude-opus-5",
                tokens=TokenUsage(input_uncached=12, cache_read=6000, cache_write=200, output=340),
                requests=1,
                cost=Decimal("0.0125"),
                cost_basis=CostBasis.PROVIDER_ESTIMATE,
            ),
            period_end=NOW,
            email="ana@example.com",
            signal=Signal.LOGS,
        )

    def test_input_leaves_the_cache_out(self, encoding):
        tokens = tokens_of(claude_logs(claude_call()), encoding)

        assert (tokens.input_uncached, tokens.cache_read) == (12, 6000)

    def test_micros_are_taken_before_dollars_as_they_are_exact(self, encoding):
        call = claude_call(told={"cost_usd": 0.1 + 0.2, "cost_usd_micros": 300_000})

        assert only(claude_logs(call), encoding).usage.cost == Decimal("0.3")

    def test_without_a_cost_the_list_price_holds(self, encoding):
        call = claude_call(told={"cost_usd": ""})

        usage = only(claude_logs(call), encoding).usage
        # 12 at $5, 6,000 at $0.50, 200 at $6.25 and 340 at $25 a million.
        assert usage.cost == Decimal("0.01281")
        assert usage.cost_basis is CostBasis.LIST_PRICE

    @pytest.mark.parametrize("name", ["user_prompt", "tool_result", "api_error", "compaction"])
    def test_other_events_are_no_calls(self, encoding, name):
        call = claude_call(told={"event.name": name}, body=f"claude_code.{name}")

        assert counted(claude_logs(call), encoding).events == []

    def test_is_known_by_the_body_where_the_name_is_missing(self, encoding):
        call = claude_call(told={"event.name": ""})

        assert only(claude_logs(call), encoding).usage.provider == "otlp:claude_code"


@every_encoding
class TestCodex:
    def test_input_counts_what_the_cache_read_and_wrote(self, encoding):
        assert tokens_of(codex_logs(codex_call()), encoding) == TokenUsage(
            input_uncached=200, cache_read=700, cache_write=100, output=50, reasoning=20
        )

    def test_the_count_of_tools_is_the_total_and_adds_nothing(self, encoding):
        tokens = tokens_of(codex_logs(codex_call(tool_token_count=999_999)), encoding)

        assert tokens.input_uncached + tokens.cache_read + tokens.cache_write == 1000

    def test_numbers_may_be_text(self, encoding):
        call = codex_call(input_token_count="1000", output_token_count="50.0")

        assert tokens_of(codex_logs(call), encoding) == tokens_of(codex_logs(codex_call()))

    def test_the_end_of_a_response_counts_once_however_often_it_is_told(self, encoding):
        """By the stream and by the web socket without tokens, and by one of them with tokens."""
        bare = {"event.kind": "response.completed", "conversation.id": "c-1"}
        request = codex_logs(
            log({"event.name": "codex.sse_event", **bare}),
            log({"event.name": "codex.websocket_event", **bare}),
            log({"event.name": "codex.websocket_request", "conversation.id": "c-1"}),
            codex_call(),
            codex_call(**{"event.kind": "response.created"}),
        )

        assert only(request, encoding).usage.requests == 1

    def test_a_web_socket_that_tells_tokens_tells_a_call(self, encoding):
        call = codex_call(**{"event.name": "codex.websocket_event"})

        assert tokens_of(codex_logs(call), encoding).output == 50

    def test_a_record_without_a_time_of_its_own_has_that_of_its_arrival_at_the_sender(
        self, encoding
    ):
        call = codex_call()
        yesterday = str(int((NOW - timedelta(days=1)).timestamp()) * 10**9)
        call |= {"timeUnixNano": "0", "observedTimeUnixNano": yesterday}

        assert only(codex_logs(call), encoding).usage.day == date(2026, 11, 18)

    def test_has_the_list_price_of_the_model(self, encoding):
        usage = only(codex_logs(codex_call()), encoding).usage

        # 200 at $10, 700 at $1, 100 at $12.50 and 50 at $50 a million.
        assert usage.cost == Decimal("0.00645")
        assert usage.cost_basis is CostBasis.LIST_PRICE


@every_encoding
class TestGeminiCli:
    def test_thoughts_come_beside_the_output_and_tools_beside_the_input(self, encoding):
        assert tokens_of(gemini_logs(gemini_call()), encoding) == TokenUsage(
            input_uncached=305, cache_read=200, cache_write=0, output=100, reasoning=60
        )

    def test_parts_add_up_to_the_total_that_it_tells(self, encoding):
        tokens = tokens_of(gemini_logs(gemini_call()), encoding)

        assert tokens.input_uncached + tokens.cache_read + tokens.output == 605

    def test_what_it_tells_in_gen_ai_as_well_counts_once(self, encoding):
        assert only(gemini_logs(gemini_call(), gen_ai_call()), encoding).usage.requests == 1


@every_encoding
class TestCursor:
    def test_tells_a_call_by_the_body_and_leaves_the_cache_out_of_the_input(self, encoding):
        event = only(cursor_logs(cursor_call()), encoding)

        assert event.event_id == "call v1:1"
        assert event.usage.tokens == TokenUsage(
            input_uncached=100, cache_read=50, cache_write=10, output=200
        )
        assert (event.usage.provider, event.usage.product) == ("otlp:cursor", "cli")

    def test_a_model_that_no_list_has_stays_unpriced(self, encoding):
        call = cursor_call(**{"cursor.model.name": "somebody-else-1"})

        usage = only(cursor_logs(call), encoding).usage
        assert (usage.model, usage.cost, usage.cost_basis) == ("somebody-else-1", None, None)


@every_encoding
class TestGenAi:
    def test_input_counts_the_cache_and_output_the_reasoning(self, encoding):
        usage = only(gen_ai_logs(gen_ai_call()), encoding).usage

        assert usage.tokens == TokenUsage(
            input_uncached=300, cache_read=600, cache_write=100, output=90, reasoning=30
        )
        assert (usage.provider, usage.model) == ("otlp:acme_agents", "gpt-6-astra")
        assert usage.cost_basis is CostBasis.LIST_PRICE

    def test_the_name_of_the_event_may_be_its_own_field(self, encoding):
        request = gen_ai_logs(gen_ai_call(name_as_field=True))

        assert only(request, encoding).usage.requests == 1

    def test_the_names_that_were_in_use_before_are_understood(self, encoding):
        told = {
            "event.name": INFERENCE,
            "gen_ai.system": "anthropic",
            "gen_ai.request.model": "anthropic/claude-opus-5",
            "gen_ai.usage.prompt_tokens": 1000,
            "gen_ai.usage.completion_tokens": 10,
        }

        usage = only(gen_ai_logs(log(told)), encoding).usage
        assert usage.tokens == TokenUsage(
            input_uncached=1000, cache_read=0, cache_write=0, output=10
        )
        assert usage.cost == Decimal("0.00525")

    @pytest.mark.parametrize("operation", ["invoke_agent", "invoke_workflow", "execute_tool"])
    def test_what_an_agent_adds_up_of_its_calls_is_no_call(self, encoding, operation):
        call = gen_ai_call(**{"gen_ai.operation.name": operation})

        assert counted(gen_ai_logs(call), encoding).events == []

    def test_a_call_that_tells_no_tokens_is_a_call(self, encoding):
        usage = only(gen_ai_logs(log({"event.name": INFERENCE})), encoding).usage

        assert (usage.requests, usage.tokens, usage.cost) == (1, None, None)

    def test_a_sender_that_leaves_the_cache_out_of_the_input_is_not_billed_below_zero(
        self, encoding
    ):
        call = gen_ai_call(**{"gen_ai.usage.input_tokens": 5})

        tokens = tokens_of(gen_ai_logs(call), encoding)
        assert (tokens.input_uncached, tokens.cache_read) == (5, 600)


@every_encoding
class TestNumbers:
    @pytest.mark.parametrize("wrong", [-1, "many", "", float("nan"), 10**13, True, "1e999"])
    def test_that_are_none_are_unknown(self, encoding, wrong):
        call = claude_call(told={"input_tokens": wrong})

        assert tokens_of(claude_logs(call), encoding).input_uncached == 0

    @pytest.mark.parametrize("wrong", ["NaN", "-Infinity", "1e30", "9" * 5000, "cheap", True])
    def test_an_amount_that_cannot_be_one_is_unknown(self, encoding, wrong):
        call = claude_call(told={"cost_usd": wrong, "model": "nobody-knows-this"})

        assert only(claude_logs(call), encoding).usage.cost is None

    def test_without_any_count_the_tokens_are_unknown_and_not_zero(self, encoding):
        names = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens")

        assert tokens_of(claude_logs(claude_call(told=dict.fromkeys(names, ""))), encoding) is None


@every_encoding
class TestTimes:
    @pytest.mark.parametrize(
        ("at", "day"),
        [
            (datetime(2026, 11, 19, tzinfo=UTC), date(2026, 11, 19)),
            (datetime(2026, 11, 18, 23, 59, 59, tzinfo=UTC), date(2026, 11, 18)),
            (NOW - timedelta(days=40), date(2026, 10, 10)),
            (NOW + timedelta(hours=1), date(2026, 11, 19)),
        ],
    )
    def test_the_day_is_that_of_the_call_in_utc(self, encoding, at, day):
        assert only(claude_logs(claude_call(at=at)), encoding).usage.day == day

    @pytest.mark.parametrize(
        "at",
        [
            NOW + timedelta(hours=1, seconds=1),
            NOW - timedelta(days=40, seconds=1),
            datetime(2300, 1, 1, tzinfo=UTC),
            datetime(1971, 1, 1, tzinfo=UTC),
        ],
    )
    def test_another_time_is_refused_and_the_rest_counts(self, encoding, at):
        said = counted(claude_logs(claude_call(at=at), claude_call("req_2")), encoding)

        assert len(said.events) == 1
        assert said.refused == {counting.ANOTHER_TIME: 1}

    def test_no_time_is_now(self, encoding):
        assert only(claude_logs(claude_call(at=None)), encoding).usage.day == NOW.date()


class TestTheSameCall:
    """Its id is what the store knows it by."""

    @pytest.mark.parametrize(
        "make",
        [
            lambda **told: claude_logs(claude_call(None, told=told)),
            lambda **told: codex_logs(codex_call(**told)),
            lambda **told: gemini_logs(gemini_call(**told)),
            lambda **told: gen_ai_logs(gen_ai_call(**told)),
        ],
        ids=["claude_code", "codex", "gemini_cli", "gen_ai"],
    )
    def test_is_known_again_and_another_is_not_taken_for_it(self, make):
        calls = [
            make(),
            make(**{"session.id": "another"}),
            make(**{"output_tokens": 1, "output_token_count": 1, "gen_ai.usage.output_tokens": 1}),
            make(**{"user.email": "else@example.com", "user.account_id": "user_02"}),
        ]

        assert only(make()).event_id == only(calls[0]).event_id
        assert len({only(call).event_id for call in calls}) == 4

    def test_is_the_same_in_json_and_in_protobuf(self):
        for request in (claude_logs(claude_call(None)), gemini_logs(gemini_call())):
            assert only(request, "json") == only(request, "protobuf")

    def test_is_another_at_another_time(self):
        later = codex_call()
        later["timeUnixNano"] = str(int(later["timeUnixNano"]) + 1)

        assert only(codex_logs(codex_call())).event_id != only(codex_logs(later)).event_id


def test_more_than_a_collector_sends_at_once_is_too_much():
    events = [*json_body.events(encoded(claude_logs(claude_call())), counting.WANTED)]

    assert len(counting.count_events(2 * events, NOW, most=2).events) == 2
    with pytest.raises(TooManyError):
        counting.count_events(3 * events, NOW, most=2)
