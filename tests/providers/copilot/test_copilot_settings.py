"""What an operator sets for Copilot, and what is refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.providers.copilot import Config
from tests.providers.copilot.answers import ORGANIZATION, page_name, requests_of
from tests.providers.recorded import SECRET


class TestConfig:
    @pytest.mark.parametrize(
        "config",
        [
            {},
            {"organization": "a", "enterprise": "b"},
            {"organization": "a", "billing": "export"},
            {"organization": "a", "seat_price_usd_month": -1},
        ],
    )
    def test_that_does_not_fit_together_is_refused(self, config):
        with pytest.raises(ValidationError):
            Config(token=SECRET, **config)

    async def test_reads_charges_as_the_account_allows(self):
        paths = [{page_name(r) for r in await requests_of(**c)} for c in ({}, ORGANIZATION)]

        assert ["reports" in asked for asked in paths] == [True, False]
        assert ["usage" in asked for asked in paths] == [False, True]

    async def test_with_an_odd_name_stays_within_its_path(self):
        asked = await requests_of(enterprise="../orgs/x?y")

        assert all(r.url.raw_path.startswith(b"/enterprises/..%2Forgs%2Fx%3Fy/") for r in asked[:2])

    async def test_names_version_and_token_in_every_request_but_downloads(self):
        asked = [
            r for r in await requests_of() if page_name(r) not in {"part-1", "part-2", "ai_credit"}
        ]

        assert {r.headers["authorization"] for r in asked} == {f"Bearer {SECRET}"}
        assert {r.headers["x-github-api-version"] for r in asked} == {"2026-03-10"}
        assert {r.headers["accept"] for r in asked} == {"application/vnd.github+json"}
