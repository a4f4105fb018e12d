"""Facts about the made-up world: who has which part in it, and what is there of the others'."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.usage import ChargeCategory
from bot.playground.company import TOOLS, make_company
from bot.playground.company.delivery import midnight
from bot.playground.company.people import PROVIDERS
from bot.playground.company.teams import FEWEST_PEOPLE
from bot.playground.elsewhere import APPS, SharedClock
from bot.playground.providers import kiro
from bot.playground.roster import admin_of, channels_of, groups_of
from bot.playground.slack.stand_in import BOT_TOKEN
from bot.playground.sources import ALL, SOURCES, chosen
from bot.playground.world import World, open_world
from bot.sources import open_sources

ENDS = date(2026, 11, 16)
COMPANY = make_company(people=30, weeks=2, weeks_before=3, weeks_ahead=2, ends=ENDS)
NOON = midnight(COMPANY.closed_until) + timedelta(hours=12)
ADDRESSES = frozenset(person.email for person in COMPANY.employees)
SETTINGS = tuple("ingest" if name == "in_house" else name for name in SOURCES)


@pytest.fixture(scope="module")
def clock() -> SharedClock:
    return SharedClock(NOON)


@pytest.fixture(scope="module")
def whole(clock, tmp_path_factory) -> Iterator[World]:
    with open_world(COMPANY, tmp_path_factory.mktemp("whole"), clock, port=0) as world:
        yield world


@pytest.fixture(scope="module")
def part(tmp_path_factory) -> Iterator[World]:
    folder, sources = tmp_path_factory.mktemp("part"), chosen("openai, in-house, jira")
    with open_world(COMPANY, folder, SharedClock(NOON), port=0, sources=sources) as world:
        yield world


class TestRoles:
    @settings(max_examples=25, deadline=None)
    @given(people=st.integers(FEWEST_PEOPLE, 300), seed=st.integers(0, 10**6))
    def test_the_admin_runs_the_office_or_the_product_and_manages_no_team(self, people, seed):
        company = make_company(people=people, weeks=1, seed=seed, ends=ENDS)
        admin = company.people[admin_of(company)]

        assert admin.slack_id not in {team.manager for team in company.teams}
        assert admin.job in {"operations", "product"} or all(
            person.slack_id in {team.manager for team in company.teams}
            for person in company.employees
            if person.job in {"operations", "product"}
        )

    def test_everybody_is_in_one_more_channel_where_the_bot_is_not(self):
        [general] = [channel for channel in channels_of(COMPANY) if not channel.has_bot]
        kinds = {entry.slack_id: entry.kind for entry in COMPANY.directory}

        assert general.name == "general"
        assert set(general.members) == {
            w for w, kind in kinds.items() if kind in {"member", "guest"}
        }
        assert len({channel.id for channel in channels_of(COMPANY)}) == len(COMPANY.teams) + 1

    def test_every_team_is_a_group_that_can_be_named(self):
        assert [(group.id, group.handle, group.users) for group in groups_of(COMPANY)] == [
            (team.id, team.name, team.members) for team in COMPANY.teams
        ]


class TestWhatIsChosen:
    def test_by_default_the_company_has_all_there_is(self, whole):
        assert whole.sources == ALL == frozenset(SOURCES)
        assert all(getattr(whole.settings, name) is not None for name in SETTINGS)
        assert whole.elsewhere.urls.keys() == {*APPS, "kiro"}

    def test_what_is_left_out_is_neither_served_nor_configured(self, part):
        on = {name for name in SETTINGS if getattr(part.settings, name) is not None}

        assert on == {"openai", "ingest", "jira"}
        assert part.elsewhere.urls.keys() == {"openai", "jira"}
        assert part.repository is None
        part.advance(NOON + timedelta(days=1))

    def test_names_are_taken_as_they_are_typed(self):
        assert chosen(" OpenAI,in-house ,git,") == {"openai", "in_house", "git"}
        assert chosen(",".join(SOURCES)) == ALL

    @pytest.mark.parametrize("text", ["openai,jirra", "slack", "anthropic;openai"])
    def test_an_unknown_name_is_refused_with_those_there_are(self, text):
        with pytest.raises(ValueError, match="There is no source") as refused:
            chosen(text)

        assert all(name in str(refused.value) for name in SOURCES)

    @pytest.mark.parametrize("text", ["", " , ", "git,jira"])
    def test_without_any_use_of_ai_there_is_nothing_to_show(self, text):
        with pytest.raises(ValueError, match="Choose one that tells of AI use") as refused:
            chosen(text)

        assert all(name in str(refused.value) for name in (*PROVIDERS, *TOOLS))


class TestTheClock:
    async def test_messages_bear_the_time_of_the_world(self, whole, clock):
        clock.move_to(NOON)
        user = COMPANY.employees[0].slack_id
        api = AsyncWebClient(token=BOT_TOKEN, base_url=whole.slack.api_url)
        await api.chat_postMessage(channel=user, text="Hello")

        assert [message.at for message in whole.slack.dms_to(user)] == [NOON]

    async def test_no_source_of_work_tells_what_is_not_done_yet(self, whole, clock):
        told = []
        for now in (NOON, NOON + timedelta(days=9)):
            clock.move_to(now)
            whole.advance(now)
            found = await work_told(whole, now)
            assert all(times and max(times) <= now for times in found.values())
            told.append({source: len(times) for source, times in found.items()})

        assert told[0].keys() == {"git", "jira", "confluence", "zendesk"}
        assert all(told[0][source] < told[1][source] for source in told[0])

    async def test_no_source_of_use_tells_of_a_day_that_is_not_over(self, whole, clock):
        now = NOON + timedelta(days=9)
        clock.move_to(now)
        whole.advance(now)
        async with open_sources(whole.settings) as sources:
            assert {p.name for p in sources.providers} == {*PROVIDERS, *TOOLS} - {"in_house"}
            for provider in sources.providers:
                for day in (now.date() + timedelta(days=days) for days in (0, 1, 4)):
                    pages = [page async for page in provider.fetch(day)]
                    records = provider.parse(day, pages).records
                    used = [r for r in records if r.charge_category is ChargeCategory.USAGE]
                    assert used == [], (provider.name, day)

    async def test_reports_in_the_bucket_come_night_by_night(self, whole, clock):
        last = COMPANY.closed_until + timedelta(days=9)
        for hours, newest in ((1, last - timedelta(days=1)), (3, last)):
            clock.move_to(midnight(last) + timedelta(days=1, hours=hours))
            whole.advance(clock.now())
            days = (newest - COMPANY.start).days + 1
            assert reports(whole) == [COMPANY.start + timedelta(days=n) for n in range(days)]


async def work_told(world: World, now: datetime) -> dict[str, list[datetime]]:
    """Every time that each source tells of."""
    async with open_sources(world.settings) as sources:
        told = {}
        for source in sources.outcomes:
            batch = await source.collect(now, since=None, known_addresses=ADDRESSES)
            told[source.name] = [
                at
                for outcome in batch.outcomes
                for at in (
                    *(outcome.opened_at, outcome.completed_at),
                    *(outcome.reverted_at, outcome.reopened_at),
                )
                if at is not None
            ]
        return told


def reports(world: World) -> list[date]:
    """The days of the reports in the bucket."""
    storage = boto3.client(
        "s3",
        endpoint_url=world.elsewhere.urls["kiro"],
        region_name=kiro.REGION,
        aws_access_key_id=kiro.ACCESS_KEY,
        aws_secret_access_key=kiro.SECRET_KEY,
    )
    listed = storage.list_objects_v2(Bucket=kiro.BUCKET)["Contents"]
    written = [each["Key"].rpartition("_")[2][:8] for each in listed]
    return sorted(date(int(day[:4]), int(day[4:6]), int(day[6:])) for day in written)
