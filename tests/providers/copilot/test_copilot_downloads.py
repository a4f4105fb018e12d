"""Files are fetched from GitHub's own hosts alone."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx
import pytest

from bot import errors
from bot.http import Http, Retry
from bot.providers.copilot import DOWNLOAD_HOSTS, Config, Copilot
from tests.providers.copilot.answers import CASE, CHARGED, day_of, page_name
from tests.providers.recorded import Recorded, load_page, read_day, reading


class TestDownloads:
    LINK = "https://copilot-reports-production-1.b01.azurefd.net/part-1.ndjson?sig=a%2Bsecret%3D"

    def links(self, *links: str) -> dict[str, Any]:
        return load_page("copilot", "users-1-day") | {"download_links": [*links]}

    async def test_come_from_github_s_own_hosts_without_the_token(self):
        recorded = Recorded("copilot", **{"users-1-day": self.links(self.LINK)})

        async def resolve(host: str) -> list[str]:
            return ["93.184.215.14"]

        connect = partial(Http, transport=httpx.MockTransport(recorded), resolve=resolve)
        config = Config(**CASE.config)
        day = await read_day(
            Copilot.from_config(config, retry=Retry(attempts=1, first_wait=0), connect=connect)
        )

        download = next(r for r in recorded.requests if page_name(r) == "part-1")
        assert download.headers["host"] == "copilot-reports-production-1.b01.azurefd.net"
        assert "authorization" not in download.headers
        assert {r.account for r in day.records if r.requests} == {"4001", "4002"}

    @pytest.mark.parametrize(
        "link",
        [
            "https://evil.example.org/part-1.ndjson",
            "https://127.0.0.1/part-1.ndjson",
            "http://api.github.com/part-1.ndjson",
            "https://copilot-reports-a.evil.b01.azurefd.net/part-1.ndjson",
            "https://api.github.com@evil.example.org/part-1.ndjson",
        ],
    )
    async def test_come_from_nowhere_else(self, link):
        recorded = Recorded("copilot", **{"users-1-day": self.links(link)})

        with pytest.raises(errors.SourceUnsafeLinkError, match="copilot 2026-11-19: ") as caught:
            await read_day(reading(Copilot, recorded))

        assert "part-1" not in str(caught.value)
        assert not [r for r in recorded.requests if page_name(r) == "part-1"]

    async def test_with_an_expired_link_get_new_ones(self):
        recorded = Recorded("copilot")
        expired = iter([httpx.Response(403)])

        def answer(request: httpx.Request) -> httpx.Response:
            if page_name(request) == "part-2" and (first := next(expired, None)):
                return first
            return recorded(request)

        assert (await read_day(reading(Copilot, answer))).records == CHARGED
        asked = [page_name(request) for request in recorded.requests]
        assert asked.count("users-1-day") == 2

    @pytest.mark.parametrize("name", ["part-1", "ai_credit"])
    @pytest.mark.parametrize("status", [403, 404, 410])
    async def test_that_stay_expired_are_told_without_the_link(self, name, status):
        with pytest.raises(errors.SourceExpiredLinkError, match="has expired") as caught:
            await day_of(**{name: httpx.Response(status)})

        assert "secret" not in str(caught.value)

    async def test_have_the_hosts_that_github_names_by_default(self):
        assert Config(**CASE.config).download_hosts == DOWNLOAD_HOSTS
        assert "copilot-reports-*.b01.azurefd.net" in DOWNLOAD_HOSTS
