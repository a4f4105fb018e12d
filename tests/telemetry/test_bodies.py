"""How requests are written: both ways tell the same, and what is not wanted is never read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telemetry import MalformedError, count_logs, count_metrics, json_body
from bot.telemetry.counting import WANTED
from tests.telemetry.sending import (
    NOW,
    claude_call,
    claude_logs,
    counted,
    encoded,
    log,
    logs,
    metrics,
    point,
    sums,
)

UNREADABLE = {
    "empty": b"",
    "no-json": b"{",
    "a-list": b"[]",
    "text": b'"resourceLogs"',
    "another-encoding": b"\xff\xfe{}",
    "no-list": b'{"resourceLogs": {}, "resourceMetrics": {}}',
    "nothing-in-a-list": b'{"resourceLogs": [null], "resourceMetrics": [null]}',
    "deep": b'{"resourceLogs": %(lists)s, "resourceMetrics": %(lists)s}'
    % {b"lists": b"[" * 100_000 + b"]" * 100_000},
}


@pytest.mark.parametrize("count", [count_logs, count_metrics])
class TestMalformed:
    @pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
    def test_json_is_told_as_such_without_a_word_of_it(self, count, body):
        with pytest.raises(MalformedError, match=r"^not an OTLP request in JSON$"):
            count(body, NOW, is_protobuf=False)

    @pytest.mark.parametrize("body", [b"\x0a", b"\xff\xff\xff", b"{}", b"\x0a\xff\xff\xff\xff\x0f"])
    def test_protobuf_is_told_as_such(self, count, body):
        with pytest.raises(MalformedError, match=r"^not an OTLP request in protobuf$"):
            count(body, NOW, is_protobuf=True)

    def test_nothing_at_all_is_a_request_in_protobuf(self, count):
        assert count(b"", NOW, is_protobuf=True).events == []


class TestJson:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"resourceLogs": None},
            {"resourceLogs": [{}]},
            {"resourceLogs": [{"resource": None, "scopeLogs": [{"scope": None}]}]},
            {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"attributes": None}]}]}]},
            {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": None}]}]}], "more": [1]},
        ],
    )
    def test_what_is_left_out_or_null_is_nothing(self, body):
        assert count_logs(json.dumps(body).encode(), NOW, is_protobuf=False).events == []

    def test_integers_may_be_numbers_or_text(self):
        request = claude_logs(claude_call())
        as_text = encoded(request)
        record = request["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]
        record["timeUnixNano"] = int(record["timeUnixNano"])
        for attribute in record["attributes"]:
            if "intValue" in attribute["value"]:
                attribute["value"]["intValue"] = int(attribute["value"]["intValue"])

        assert count_logs(encoded(request), NOW, is_protobuf=False) == count_logs(
            as_text, NOW, is_protobuf=False
        )

    def test_a_temporality_may_be_told_by_its_name(self):
        cost = sums("claude_code.cost.usage", point({}, 0.5))
        cost["sum"]["aggregationTemporality"] = "AGGREGATION_TEMPORALITY_DELTA"

        assert len(counted(metrics(cost, resource={})).events) == 1


texts = st.text(max_size=8)
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values: st.SearchStrategy[Any] = st.recursive(
    texts | numbers | st.booleans(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
told = st.dictionaries(st.sampled_from(sorted(WANTED.attributes)) | texts, values, max_size=12)
records = st.builds(
    lambda told, name, body: log({**told, "event.name": name}, body=body),
    told,
    st.sampled_from([*sorted(WANTED.events), "another"]),
    texts | st.sampled_from(sorted(WANTED.events)),
)


class TestBothWays:
    @given(st.lists(records, max_size=3), told)
    def test_tell_the_same_of_logs(self, given_records, resource):
        request = logs(*given_records, resource=resource)

        assert counted(request, "json") == counted(request, "protobuf")

    @given(st.sampled_from(sorted(WANTED.metrics)), told, numbers, told)
    def test_tell_the_same_of_metrics(self, name, told, amount, resource):
        request = metrics(sums(name, point(told, amount)), resource=resource)

        ways = [counted(request, encoding).events for encoding in ("json", "protobuf")]
        # A point is known again by its bytes.
        assert [event.usage for event in ways[0]] == [event.usage for event in ways[1]]


def test_of_what_is_not_wanted_not_even_a_text_is_made():
    request = claude_logs(claude_call(told={"prompt": "a secret", "tool_input": {"a": "secret"}}))

    [event] = json_body.events(encoded(request), WANTED)
    assert set(event.attributes) <= WANTED.attributes
    assert "secret" not in repr(event)
