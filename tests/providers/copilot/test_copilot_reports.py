"""Use by day and person, as GitHub's reports tell it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.domain.usage import ProviderDay
from bot.providers.copilot import Copilot, files, identities, pages
from tests.providers.copilot.answers import (
    CHARGED,
    EMAILS,
    SUGGESTIONS,
    day_of,
    decoded,
    lines_of,
    text_of,
)
from tests.providers.recorded import DAY, load_page

MEANWHILE = datetime(2026, 11, 19, tzinfo=UTC)


class TestReports:
    async def test_give_no_tokens_for_what_the_prompts_hold_is_not_known(self):
        assert {r.tokens for r in (await day_of()).records} == {None}

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(httpx.Response(204), id="204"),
            pytest.param(httpx.Response(404), id="404"),
            pytest.param(httpx.Response(200, json=""), id="200-with-an-empty-text"),
        ],
    )
    async def test_that_are_not_there_yet_leave_the_day_incomplete_and_not_zero(self, answer):
        day = await day_of(users_1_day=answer)

        assert day == ProviderDay(
            provider="copilot", day=DAY, records=(), billed=None, data_through=MEANWHILE
        )

    async def test_without_an_organization_are_an_error_and_not_late(self):
        with pytest.raises(errors.SourceNotFoundError):
            await day_of(seats=httpx.Response(404), users_1_day=httpx.Response(404))

    async def test_without_a_file_are_of_a_day_on_which_nobody_did_anything(self):
        links = load_page("copilot", "users-1-day") | {"download_links": []}

        day = await day_of(users_1_day=links)

        assert day.data_through == datetime(2026, 11, 20, tzinfo=UTC)
        assert {r.requests for r in day.records} == {None}

    @pytest.mark.parametrize(
        "shape",
        [
            pytest.param(lambda a, b: f"{a}\n{b}\n", id="ndjson"),
            pytest.param(lambda a, b: f"\ufeff{a}\r\n\r\n{b}", id="windows-with-blank-lines"),
            pytest.param(lambda a, b: f'{{"day_totals": [{a}, {b}]}}', id="day_totals"),
            pytest.param(lambda a, b: f'{{"user_totals": [{a}, {b}]}}', id="user_totals"),
            pytest.param(lambda a, b: f"[{a}, {b}]", id="array"),
            pytest.param(lambda a, b: f'[{{"day_totals": [{a}]}}, {b}]', id="array-of-both"),
            pytest.param(
                lambda a, b: json.dumps({"day_totals": [json.loads(a), json.loads(b)]}, indent=2),
                id="over-many-lines",
            ),
            pytest.param(
                lambda a, b: f'{{"day_totals": [{a}]}}\n{{"day_totals": [{b}]}}', id="each-wrapped"
            ),
            pytest.param(
                lambda a, b: (
                    f'{{"day": "2026-11-19", "user_totals": [{undated(a)}, {undated(b)}]}}'
                ),
                id="dated-once",
            ),
            pytest.param(
                lambda a, b: f'{{"day_totals": [{{"user_totals": [{a}]}}, {b}]}}', id="deeper"
            ),
        ],
    )
    async def test_are_ndjson_or_wrapped_in_one_document(self, shape):
        first, second = text_of("part-1.ndjson").decode().splitlines()

        day = await day_of(**{"part-1": httpx.Response(200, text=shape(first, second))})

        assert day.records == CHARGED

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            ({"day": None}, r"line 1: Object missing required field `day`"),
            ({"user_id": None}, r"line 1: Object missing required field `user_id`"),
            ({"user_login": None}, r"line 1: Object missing required field `user_login`"),
            (
                {"user_id": "4001"},
                r"line 1: Expected `int \| null`, got `str` - at `\$\[0\]\.user_id`",
            ),
            ({"day": "2026-11-18"}, "the answer is about another day"),
            ({"day": "2026-11-20"}, "the answer is about another day"),
            ({"day": "yesterday"}, r"line 1: Invalid .*day"),
        ],
    )
    async def test_with_a_line_that_cannot_be_fail_the_day(self, changes, problem):
        with pytest.raises(errors.SourceResponseError, match="copilot 2026-11-19: .*" + problem):
            await day_of(**{"part-1": lines_of(changes, {"user_id": 1})})

    @pytest.mark.parametrize(
        "bad", [b'{"day": ', b"<html>", b'{"x": "caf\xe9"}', b"\0", b'{"x":' + b"[" * 100_000]
    )
    async def test_name_the_line_that_is_not_json(self, bad):
        content = text_of("part-1.ndjson") + b"\n" + bad

        with pytest.raises(
            errors.SourceResponseError, match="users-1-day, line 4: the line is not"
        ):
            await day_of(**{"part-1": httpx.Response(200, content=content)})

    async def test_say_the_same_of_a_user_twice_and_count_it_once(self):
        twice = text_of("part-1.ndjson") * 2

        assert (await day_of(**{"part-1": httpx.Response(200, content=twice)})).records == CHARGED

    async def test_leave_out_prompts_that_they_volunteer(self):
        day = await day_of(**{"part-1": lines_of({"prompt": "a-planted-prompt"})})

        assert "a-planted-prompt" not in repr(day)
        assert "a-planted-prompt" not in repr(
            files.read_report(lines_of({"prompt": "a-planted-prompt"}).content)
        )


def undated(line: str) -> str:
    return json.dumps({k: v for k, v in json.loads(line).items() if k != "day"})


class TestSuggestions:
    """What was offered and accepted of code, told of each user by the report."""

    async def test_are_each_user_s(self):
        assert (await day_of()).sessions == SUGGESTIONS

    @pytest.mark.parametrize("name", ["code_generation", "code_acceptance"])
    async def test_that_are_not_told_are_not_known(self, name):
        report = lines_of({f"{name}_activity_count": None})
        day = await day_of(part_1=report, part_2=lines_of())

        [count] = day.sessions
        assert [count.offered, count.accepted].count(None) == 1

    async def test_of_a_report_that_tells_none_are_none(self):
        nothing = {"code_generation_activity_count": None, "code_acceptance_activity_count": None}

        assert (await day_of(part_1=lines_of(nothing), part_2=lines_of())).sessions == ()

    async def test_are_no_session_and_no_commit(self):
        """Copilot counts neither, and nothing is made of what it does not tell."""
        counts = {(c.sessions, c.commits, c.pull_requests) for c in (await day_of()).sessions}

        assert counts == {(None, None, None)}


def recorded_pages() -> list[Any]:
    """Every recorded page in as small parts as it has."""
    seats = decoded("seats", pages.SeatsPage)
    export = files.read_export(text_of("ai_credit.csv"))
    return [
        pages.Terms("export", Decimal(21)),
        pages.Reported(DAY),
        *(pages.SeatsPage(5, [seat]) for seat in seats.seats),
        *(
            pages.ReportFile([line])
            for name in ("part-1.ndjson", "part-2.json")
            for line in files.read_report(text_of(name)).lines
        ),
        *(
            pages.ExportFile({DAY}, {key: amount}, part)
            for part, (key, amount) in enumerate(export.charges.items())
        ),
        decoded("graphql", identities.GraphAnswer).identities,
    ]


@given(st.data())
def test_split_shuffled_and_repeated_pages_give_the_same_day(data):
    single = recorded_pages()
    again = data.draw(st.lists(st.sampled_from(single), max_size=5))

    day = Copilot.parse(DAY, data.draw(st.permutations([*single, *again])))

    assert (day.records, day.billed, day.emails) == (CHARGED, Decimal("4.094"), EMAILS)
