"""What the settings turn on, whose prices come first, and what is said where a part is missing."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import pricing
from bot.errors import SettingsError, SourceError
from bot.outcomes.git import Config as GitConfig
from bot.outcomes.github import Config as GitHubConfig
from bot.playground.world import WorldSettings
from bot.pricing import unit_rates
from bot.providers import PROVIDERS
from bot.providers.focus import Config as FocusConfig
from bot.settings import Settings
from bot.sources import NAMES, focus_days, open_sources
from tests.outcomes.case import cases as cases_of_work
from tests.providers.case import CASES
from tests.providers.recorded import FIXTURES

DAY = date(2026, 11, 19)
WORK = cases_of_work()
FOCUS_FILE = FIXTURES / "focus" / "BILLING_PERIOD=2026-11" / "focus-00001.csv"


@pytest.fixture(autouse=True)
def _no_own_prices() -> Iterator[None]:
    yield
    pricing.prefer(pricing.no_own_prices)


def config_of(provider: Any, **changes: Any) -> Any:
    module = importlib.import_module(provider.__module__)
    return module.Config.model_validate({**CASES[provider.name].config, **changes})


async def names_on(settings: Settings) -> tuple[str, ...]:
    async with open_sources(settings) as sources:
        return (*(p.name for p in sources.providers), *(o.name for o in sources.outcomes))


class TestTurningOn:
    async def test_nothing_is_on_that_has_no_settings(self):
        assert await names_on(WorldSettings()) == ()

    @pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.name)
    async def test_settings_turn_on_their_own_provider_alone(self, provider):
        settings = WorldSettings(**{provider.name: config_of(provider)})

        assert await names_on(settings) == (provider.name,)

    async def test_all_at_once_are_those_that_can_be_named(self, tmp_path):
        settings = WorldSettings(
            data_dir=tmp_path,
            **{provider.name: config_of(provider) for provider in PROVIDERS},
            **{name: case.make_config(**case.config) for name, case in WORK.items()},
            git=GitConfig(repositories=("/srv/app.git",)),
            github=GitHubConfig(token=SecretStr("ghp_made_up"), organization="acme"),
        )

        assert await names_on(settings) == NAMES
        async with open_sources(settings) as sources:
            assert tuple(sources.titles) == NAMES
            assert sources.titles["copilot"] == "GitHub Copilot"

    def test_every_name_is_a_group_of_settings(self):
        assert set(NAMES) <= Settings.model_fields.keys()


class TestPrices:
    @pytest.fixture
    def file(self, tmp_path) -> Path:
        path = tmp_path / "prices.toml"
        path.write_text(
            "[[price]]\nprovider = 'anthropic'\nmodel = 'house-*'\ninput = '2'\noutput = '8'\n"
        )
        return path

    async def test_of_one_s_own_count_while_they_are_set(self, file):
        async with open_sources(WorldSettings(prices_file=file)):
            known = unit_rates("anthropic", "house-model", DAY)
        async with open_sources(WorldSettings()):
            unknown = unit_rates("anthropic", "house-model", DAY)

        assert known is not None
        assert known.output == Decimal("0.000008")
        assert unknown is None

    @pytest.mark.parametrize("content", [None, "not toml", "[[price]]\nprovider = 'anthropic'\n"])
    async def test_that_cannot_be_read_are_told_at_the_start(self, tmp_path, content):
        path = tmp_path / "prices.toml"
        if content is not None:
            path.write_text(content)

        with pytest.raises(SettingsError, match="UPSHOT_PRICES_FILE"):
            await names_on(WorldSettings(prices_file=path))


class TestMissingLibraries:
    @pytest.fixture
    def without(self, monkeypatch):
        def forget(*modules: str) -> None:
            for module in modules:
                monkeypatch.setitem(sys.modules, module, None)

        return forget

    @pytest.mark.parametrize("name", ["kiro", "bedrock", "focus"])
    async def test_reading_from_s3_says_what_to_install(self, without, name):
        without("boto3")
        config = config_of(CASES[name].provider, location="s3://reports/here")

        with pytest.raises(SettingsError, match=r"boto3: .*install"):
            await names_on(WorldSettings(**{name: config}))

    @pytest.mark.parametrize("name", ["kiro", "bedrock", "focus"])
    async def test_reading_from_a_folder_needs_no_library_of_amazon(self, without, name):
        without("boto3")

        assert await names_on(WorldSettings(**{name: config_of(CASES[name].provider)})) == (name,)

    @pytest.mark.parametrize("name", ["gemini_code_assist", "google_cloud"])
    async def test_a_google_account_says_what_to_install(self, without, tmp_path, name):
        without("google.oauth2", "google.oauth2.service_account")
        key_file = tmp_path / "key.json"
        key_file.write_text("{}")
        changes = {"credentials_file": str(key_file), "access_token": None}
        config = config_of(CASES[name].provider, **changes)

        with pytest.raises(SettingsError, match=r"google-auth: .*install"):
            await names_on(WorldSettings(**{name: config}))


class TestFocusFiles:
    def test_give_each_of_their_days_once_oldest_first(self):
        found = [answer.day for answer in focus_days(FOCUS_FILE, None)]

        assert found == sorted(set(found))
        assert found

    def test_are_read_as_the_settings_say(self, tmp_path):
        path = tmp_path / "focus.csv"
        path.write_text(FOCUS_FILE.read_text("utf-8-sig").replace("user.email", "owner"), "utf-8")
        settings = FocusConfig(location=str(tmp_path), person_tag="owner")

        usual = [answer.emails for answer in focus_days(path, None)]
        named = [answer.emails for answer in focus_days(path, settings)]

        assert not any(usual)
        assert any(named)

    def test_with_a_wrong_line_give_no_day_at_all(self, tmp_path):
        path = tmp_path / "focus.csv"
        lines = FOCUS_FILE.read_text("utf-8-sig").rstrip("\n")
        path.write_text(f"{lines}\nnot,a,line\n", "utf-8")

        with pytest.raises(SourceError):
            next(focus_days(path, None))
