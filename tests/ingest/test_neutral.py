"""A neutral record is read exactly, and what is wrong with a line is told without quoting it."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.received import LARGEST_COUNT, ReceivedRecord
from bot.domain.usage import CostBasis, TokenUsage, UsageRecord
from bot.ingest.files import files_in, parts_of
from bot.ingest.neutral import MOST_ERRORS, LineError, UnreadableError, decode
from tests.ingest.neutral_lines import DAY, make_line, ndjson
from tests.shared_data import shared

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
SECRET = "please summarise the merger"


def read_one(**changes: Any) -> ReceivedRecord:
    decoded = decode(ndjson(make_line(**changes)), NOW)
    assert decoded.errors == ()
    [record] = decoded.records
    return record


def refused(**changes: Any) -> str:
    decoded = decode(ndjson(make_line(**changes)), NOW)
    assert decoded.records == ()
    [error] = decoded.errors
    assert error.record_id == changes.get("record_id", "r1")
    return error.message


class TestARecord:
    def test_is_kept_to_its_last_digit(self):
        assert read_one() == ReceivedRecord(
            record_id="r1",
            usage=UsageRecord(
                provider="ingest:acme-agents",
                account="okta:u-123",
                day=DAY,
                product="acme-agent",
                model="gpt-6-astra",
                tokens=TokenUsage(
                    input_uncached=4300, cache_read=6000, cache_write=200, output=900, reasoning=300
                ),
                requests=42,
                cost=Decimal("0.0612"),
                cost_basis=CostBasis.LIST_PRICE,
            ),
            period_end=datetime(2026, 11, 20, tzinfo=UTC),
            email="ana@example.com",
        )

    def test_of_which_only_the_necessary_is_told_has_the_rest_unknown(self):
        bare = {"product", "surface", "model", "provider", "requests", "sessions", "tokens", "cost"}
        usage = read_one(without=bare | {"outcomes", "attributes", "final"}).usage

        assert (usage.product, usage.model, usage.tokens, usage.requests) == 4 * (None,)
        assert (usage.cost, usage.cost_basis, usage.currency) == (None, None, "USD")

    def test_made_by_the_example_of_the_schema_fits_the_schema(self):
        schema = json.loads((shared("specs") / "neutral-usage-record.schema.json").read_bytes())

        jsonschema.Draft202012Validator(schema).validate(make_line())

    @pytest.mark.parametrize(
        ("user", "account", "email"),
        [
            ({"email": "Ana@Example.com"}, "ana@example.com", "ana@example.com"),
            ({"id": "u-1"}, "u-1", None),
            ({"id": "u-1", "id_kind": "okta"}, "okta:u-1", None),
            ({"id": "u-1", "email": "ana@example.com", "x": SECRET}, "u-1", "ana@example.com"),
        ],
    )
    def test_is_its_users_by_id_or_else_by_address(self, user, account, email):
        record = read_one(user=user)

        assert (record.usage.account, record.email) == (account, email)

    @pytest.mark.parametrize(
        ("cost", "expected"),
        [
            (("1.5", "USD", "billed"), (Decimal("1.5"), None, "USD", CostBasis.BILLED)),
            (("-2", "usd", "billed"), (Decimal(-2), None, "USD", CostBasis.BILLED)),
            (("1", "eur", "billed"), (None, Decimal(1), "EUR", CostBasis.BILLED)),
            (
                ("7", "credits:github_ai", "credits"),
                (None, Decimal(7), "credits:github_ai", CostBasis.PROVIDER_ESTIMATE),
            ),
            (
                ("3", "USD", "provider_estimate"),
                (Decimal(3), None, "USD", CostBasis.PROVIDER_ESTIMATE),
            ),
        ],
    )
    def test_has_dollars_and_every_other_currency_apart(self, cost, expected):
        usage = read_one(cost=dict(zip(("amount", "currency", "basis"), cost, strict=True))).usage

        assert (usage.cost, usage.foreign_cost, usage.currency, usage.cost_basis) == expected

    def test_without_an_amount_has_the_list_price_of_its_day_where_one_is_known(self):
        tokens = {"input_uncached": 1_000_000, "output": 1_000_000}
        known = {"provider": "openai", "model": "o3", "tokens": tokens, "without": {"cost"}}
        old = {"period_start": "2025-05-01T00:00:00Z", "period_end": "2025-05-02T00:00:00Z"}

        assert read_one(**known).usage.cost == Decimal(10)
        assert read_one(**known, **old).usage.cost == Decimal(50)
        assert read_one(**known).usage.cost_basis is CostBasis.LIST_PRICE
        assert read_one(**{**known, "model": "unheard-of"}).usage.cost is None

    def test_is_of_the_utc_day_on_which_its_period_begins(self):
        record = read_one(
            period_start="2026-11-19T23:30:00-01:00", period_end="2026-11-20T02:00:00+01:00"
        )

        assert record.usage.day == DAY + timedelta(days=1)
        assert record.period_end == datetime(2026, 11, 20, 1, tzinfo=UTC)


TRAPS = [
    ({"record_id": ""}, "record_id: "),
    ({"source": "a\nb"}, "source: "),
    ({"kind": SECRET}, "kind: none of the values that are allowed"),
    ({"period_start": "2026-11-19T00:00:00"}, "period_start: "),
    ({"period_start": "yesterday"}, "period_start: "),
    ({"period_end": "2026-11-20T00:00:01Z"}, "period_end: reaches beyond the UTC day"),
    ({"period_end": "2026-11-18T00:00:00Z"}, "period_end: before period_start"),
    ({"period_start": "0001-01-01T00:00:00+05:00"}, "period_start: before the year 2001"),
    ({"period_start": "9999-12-31T00:00:00Z", "period_end": "9999-12-31T23:59:59Z"}, "period_"),
    ({"user": {}}, "user: needs email or id"),
    ({"user": {"id_kind": "okta"}}, "user: needs email or id"),
    ({"user": {"email": SECRET}}, "user.email: not an e-mail address"),
    ({"user": {"email": f"{SECRET} @example.com"}}, "user.email: not an e-mail address"),
    ({"user": {"id": 7}}, "user.id: "),
    ({"requests": -1}, "requests: "),
    ({"requests": 1.5}, "requests: "),
    ({"tokens": {"output": -1}}, "tokens.output: "),
    ({"tokens": {"output": LARGEST_COUNT + 1}}, "tokens.output: "),
    ({"tokens": {"output": 10**30}}, "tokens.output: "),
    ({"tokens": {"output": 1, "reasoning": 2}}, "tokens.reasoning: more than tokens.output"),
    ({"tokens": {"total": 1}}, "tokens: unknown field total"),
    ({"cost": {"amount": 1.5, "currency": "USD", "basis": "billed"}}, "cost.amount: "),
    ({"cost": {"amount": "1e9", "currency": "USD", "basis": "billed"}}, "cost.amount: "),
    ({"cost": {"amount": "٣", "currency": "USD", "basis": "billed"}}, "cost.amount: "),
    ({"cost": {"amount": 14 * "9", "currency": "USD", "basis": "billed"}}, "cost.amount: "),
    ({"cost": {"amount": "1", "currency": "dollars", "basis": "billed"}}, "cost.currency: "),
    ({"cost": {"amount": "1", "currency": "USD", "basis": "credits"}}, "cost.basis: "),
    ({"cost": {"amount": "1", "currency": "credits:x", "basis": "billed"}}, "cost.basis: "),
    ({"cost": {"amount": "1", "currency": "USD", "basis": SECRET}}, "cost.basis: "),
    ({"cost": {"amount": "1", "currency": "USD"}}, "cost: Object missing required field `basis`"),
    ({"prompt": SECRET}, "unknown field prompt"),
    ({SECRET: 1}, "an unknown field"),
    ({"attributes": SECRET}, "attributes: "),
    ({"outcomes": {"merged": SECRET}}, "outcomes"),
    ({"model": "\u0000"}, "model: "),
    ({"model": 201 * "x"}, "model: "),
]


@pytest.mark.parametrize(
    ("changes", "message"), TRAPS, ids=[f"{n} {message}" for n, (_, message) in enumerate(TRAPS)]
)
def test_what_is_wrong_is_told_by_field_and_never_by_value(changes, message):
    if changes.get("record_id") == "":
        [error] = decode(ndjson(make_line(**changes)), NOW).errors
        told = error.message
    else:
        told = refused(**changes)

    assert told.startswith(message)
    assert SECRET not in told


def test_a_required_field_that_is_missing_is_named():
    assert refused(without={"user"}) == "Object missing required field `user`"


class TestTime:
    HOUR = timedelta(hours=1)

    def test_a_senders_clock_may_be_an_hour_ahead(self):
        start = NOW + self.HOUR

        assert read_one(period_start=start.isoformat(), period_end=start.isoformat())

    def test_what_begins_later_is_in_the_future(self):
        start = (NOW + self.HOUR + timedelta(seconds=1)).isoformat()

        message = refused(period_start=start, period_end=start)
        assert message == "period_start: in the future"


class TestABody:
    def test_may_be_lines_or_an_array(self):
        lines = [make_line(record_id=name) for name in "abc"]

        for body in (ndjson(*lines), json.dumps(lines, indent=2).encode(), ndjson(*lines).strip()):
            for mark in (b"", b"\xef\xbb\xbf"):
                assert [r.record_id for r in decode(mark + body, NOW).records] == ["a", "b", "c"]

    def test_keeps_the_good_lines_and_numbers_the_bad_ones(self):
        good = msgspec.json.encode(make_line())
        body = b"\n".join([good, b"", b"{nonsense", b" ", b'{"record_id":"r5"}', good])

        decoded = decode(body + b"\r\n", NOW)

        assert len(decoded.records) == 2
        assert decoded.rejected == 2
        assert decoded.errors == (
            LineError(3, "not a JSON object"),
            LineError(5, "Object missing required field `source`", "r5"),
        )

    def test_of_an_array_is_numbered_by_place(self):
        [error] = decode(json.dumps([make_line(), 7]).encode(), NOW).errors

        assert error.line == 2

    @pytest.mark.parametrize(
        "body", [b"nonsense", b"[1", b"[" * 100_000, b"\xff\xfe", b"{" * 100_000, 2000 * b"no\n"]
    )
    def test_that_is_no_json_at_all_is_unreadable(self, body):
        with pytest.raises(UnreadableError):
            decode(body, NOW)

    @pytest.mark.parametrize("body", [b"", b"\n\n", b"[]"])
    def test_may_hold_nothing(self, body):
        assert decode(body, NOW).records == ()

    def test_with_many_bad_lines_tells_the_first_and_counts_all(self):
        decoded = decode(ndjson(*5 * MOST_ERRORS * [{}]), NOW)

        assert (len(decoded.errors), decoded.rejected) == (MOST_ERRORS, 5 * MOST_ERRORS)

    @given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
    def test_of_any_bytes_is_understood_or_refused(self, body):
        with suppress(UnreadableError):
            assert decode(body, NOW).records == ()

    @given(
        st.recursive(st.none() | FINITE | st.text(), st.lists),
        st.sampled_from(sorted(make_line())),
    )
    def test_with_anything_in_a_field_is_understood_or_refused(self, value, name):  # fmt: skip
        decoded = decode(json.dumps([make_line(**{name: value})]).encode(), NOW)

        assert len(decoded.records) + decoded.rejected == 1


class TestFiles:
    def test_are_read_like_a_body(self, tmp_path):
        lines = [make_line(record_id=name) for name in "ab"]
        (tmp_path / "b.json").write_bytes(json.dumps(lines).encode())
        (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + ndjson(*lines, {}))
        (tmp_path / "notes.txt").write_text("not one of them")

        files = files_in(tmp_path)
        parts = [part for file in files for part in parts_of(file, NOW)]

        assert [file.name for file in files] == ["a.jsonl", "b.json"]
        assert [(len(part.records), part.rejected) for part in parts] == [(2, 1), (2, 0)]

    def test_that_are_long_come_in_parts_and_keep_their_line_numbers(self, tmp_path):
        path = tmp_path / "long.ndjson"
        path.write_bytes(20_000 * ndjson(make_line()) + ndjson({}))

        first, second = parts_of(path, NOW)

        assert len(first.records) == 20_000
        assert second.errors[0].line == 20_001
