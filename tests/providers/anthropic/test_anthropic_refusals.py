"""A key of a wrong kind is named, and what was refused half way is said."""

from __future__ import annotations

import httpx
import pytest

from bot import errors
from bot.domain.usage import CostBasis
from bot.providers.anthropic import Anthropic
from tests.providers.anthropic.answers import (
    ENTERPRISE,
    of_enterprise,
    page_name,
    refusing,
    without_analytics,
    without_console,
)
from tests.providers.recorded import DAY, Recorded, load_page, read_day, reading


def asked(recorded: Recorded) -> list[str]:
    return [page_name(request) for request in recorded.requests]


KINDS_OF_KEY = [
    pytest.param("sk-ant-admin01-made-up", "an Admin key of a Console organization", id="console"),
    pytest.param("sk-ant-api01-made-up", "a key of an Enterprise organization", id="enterprise"),
    pytest.param("sk-ant-api03-made-up", "a key for calling models", id="work"),
    pytest.param("sk-ant-oat01-made-up", "an OAuth token", id="oauth"),
    pytest.param("made-up", "of an unknown kind", id="unknown"),
]
every_kind_of_key = pytest.mark.parametrize(("key", "kind"), KINDS_OF_KEY)


class TestKindsOfKey:
    @every_kind_of_key
    async def test_are_all_tried(self, key, kind):
        day = await read_day(reading(Anthropic, Recorded("anthropic"), admin_key=key))

        assert day.records

    @every_kind_of_key
    @pytest.mark.parametrize("status", [400, 401, 403, 404])
    async def test_are_told_by_a_refusal_and_what_is_needed_instead(self, key, kind, status):
        recorded = without_console(status, **refusing(status, *ENTERPRISE))

        with pytest.raises(errors.SourceError, match=f"the key given is {kind}; needed is") as it:
            await read_day(reading(Anthropic, recorded, admin_key=key))

        assert str(it.value).startswith("anthropic 2026-11-19: ")
        assert key not in str(it.value)

    @pytest.mark.parametrize(
        ("key", "first"),
        [
            ("sk-ant-admin01-made-up", "messages_by_account_id"),
            ("sk-ant-api01-made-up", "user_usage_report_by_model"),
            ("made-up", "messages_by_account_id"),
        ],
    )
    async def test_say_which_of_the_older_reports_to_try_first(self, key, first):
        recorded = without_analytics(404)

        await read_day(reading(Anthropic, recorded, admin_key=key))

        assert asked(recorded)[:2] == ["cost", first]

    async def test_do_not_hinder_the_other_kind_of_report(self):
        """The answers count, and not how a key begins."""
        console = without_analytics(404, **refusing(403, *ENTERPRISE))
        enterprise = without_console(403)

        of_console = await read_day(reading(Anthropic, console, admin_key="sk-ant-api01-made-up"))
        of_enterprise = await read_day(
            reading(Anthropic, enterprise, admin_key="sk-ant-admin01-made-up")
        )

        assert {r.cost_basis for r in of_enterprise.records} == {CostBasis.BILLED}
        assert CostBasis.LIST_PRICE in {r.cost_basis for r in of_console.records}

    async def test_are_not_blamed_for_an_outage(self):
        recorded = without_analytics(404, messages_by_account_id=httpx.Response(500))

        with pytest.raises(errors.SourceUnavailableError) as caught:
            await read_day(reading(Anthropic, recorded))

        assert "key" not in str(caught.value)


class TestAnAnswerRefusedHalfWay:
    async def test_gives_way_to_the_next_kind_of_answer_whole(self):
        """Pages are handed on as they come; those of another kind that follow replace them."""
        refused = Recorded("anthropic", **refusing(403, "cost_by_actor", "cost_report"))
        adapter = reading(Anthropic, refused)

        pages = [page async for page in adapter.fetch(DAY)]

        kinds = [type(page).__module__.rpartition(".")[2] for page in pages]
        assert kinds == ["analytics"] * 2 + ["reports"] + ["enterprise"] * 3 + ["engagement"]
        assert adapter.parse(DAY, pages) == await of_enterprise()

    async def test_fails_the_day_where_no_other_kind_follows(self):
        recorded = without_console(
            403, cost=load_page("anthropic", "cost"), **refusing(403, *ENTERPRISE)
        )

        with pytest.raises(errors.SourceForbiddenError):
            await read_day(reading(Anthropic, recorded))
