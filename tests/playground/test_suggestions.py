"""What tools suggest, and how much of it people take: as it is told, and as the bot reads it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import httpx
import pytest

from bot.http import Http
from bot.playground.company import make_company
from bot.playground.company.suggestions import share_taken, suggested
from bot.playground.providers import ANTHROPIC_ADMIN_KEY, anthropic_app
from bot.playground.providers.cursor import CURSOR_KEY, cursor_app
from bot.providers import anthropic, cursor

COMPANY = make_company(people=40, weeks=3, ends=date(2026, 11, 16))
NOW = COMPANY.settled_at
CONFIGS = {
    "anthropic": anthropic.Config(admin_key=ANTHROPIC_ADMIN_KEY, base_url="http://api"),
    "cursor": cursor.Config(api_key=CURSOR_KEY, base_url="http://api"),
}
APPS = {"anthropic": anthropic_app, "cursor": cursor_app}
ADAPTERS = {
    "anthropic": anthropic.Anthropic,
    "cursor": cursor.Cursor,
}
PEOPLE = [f"person-{number}" for number in range(2_000)]


def test_most_people_take_most_and_a_few_take_little():
    shares = [share_taken("copilot", person) for person in PEOPLE]
    little = [share for share in shares if share < 0.25]

    assert 0.06 < len(little) / len(shares) < 0.10
    assert all(0.6 <= share <= 0.9 for share in shares if share not in little)
    assert all(share > 0.1 for share in little)


def test_what_one_person_takes_is_that_person_s_share_of_it():
    days = (date(2026, 9, 1) + timedelta(days=n) for n in range(60))
    told = [suggested("cursor", "ada", day, 40) for day in days]

    share = sum(day.accepted for day in told) / sum(day.offered for day in told)
    assert share == pytest.approx(share_taken("cursor", "ada"), abs=0.03)


def test_of_nothing_nothing_is_taken():
    assert suggested("cursor", "ada", COMPANY.start, 0) == (0, 0)


def test_more_of_a_day_that_comes_in_parts_takes_nothing_back():
    part, whole = (suggested("cursor", "ada", COMPANY.start, count) for count in (10, 30))

    assert part.accepted <= whole.accepted <= part.accepted + 20


@pytest.mark.parametrize("tool", APPS)
async def test_is_read_as_it_is_told(tool):
    transport = httpx.ASGITransport(app=APPS[tool](COMPANY, now=lambda: NOW))
    adapter = ADAPTERS[tool].from_config(CONFIGS[tool], connect=partial(Http, transport=transport))
    counts = []
    for day in list(COMPANY.days)[:5]:
        pages = [page async for page in adapter.fetch(day)]
        counts += ADAPTERS[tool].parse(day, pages).sessions
    await adapter.close()

    told = [count for count in counts if count.offered]
    offered, accepted = (sum(getattr(c, name) for c in told) for name in ("offered", "accepted"))
    assert len(told) > 2
    assert 0.5 < accepted / offered < 0.95
    assert all(0 <= count.accepted <= count.offered for count in told)
