"""Settings come from the environment alone, and every mistake in them is told at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.env_example import env_example
from bot.errors import SettingsError
from bot.settings import read_settings, variables

SECRET = "xoxb-very-secret-value"
SLACK = {
    "UPSHOT_SLACK__BOT_TOKEN": SECRET,
    "UPSHOT_SLACK__SIGNING_SECRET": "also-very-secret",
}
REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture
def read(monkeypatch, empty_folder):
    """Reads the settings in an environment of just these variables."""

    def read(needs=(), **variables: str):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return read_settings(needs=needs)

    return read


@pytest.fixture
def mistakes_in(read):
    def mistakes_in(needs=(), **variables: str) -> list[str]:
        with pytest.raises(SettingsError) as refusal:
            read(needs, **variables)
        _, *lines = str(refusal.value).splitlines()
        return [line.strip() for line in lines]

    return mistakes_in


class TestWithoutAny:
    def test_nothing_is_on(self, read):
        settings = read()

        groups = ("database_url", "slack", "anthropic", "openai", "git", "github")
        assert [getattr(settings, group) for group in groups] == [None] * 6

    def test_there_are_usual_values(self, read):
        settings = read()

        assert (settings.port, settings.host, settings.admins) == (3000, "127.0.0.1", ())
        assert (settings.delivery.per_minute, settings.backfill_days) == (200, 91)
        assert settings.commands.names.usage == "/myusage"

    def test_an_empty_variable_is_one_that_is_not_given(self, read):
        assert read(UPSHOT_SLACK__BOT_TOKEN="", UPSHOT_PORT="", PORT="").slack is None


class TestGiven:
    def test_a_group_is_on_with_what_it_needs(self, read):
        settings = read(**SLACK, UPSHOT_ANTHROPIC__ADMIN_KEY="key")

        assert settings.slack.bot_token == SecretStr(SECRET)
        assert settings.anthropic.admin_key.get_secret_value() == "key"
        assert settings.openai is None

    @pytest.mark.parametrize(
        ("text", "admins"),
        [
            ("U1", ("U1",)),
            ("U1, U2,", ("U1", "U2")),
            ('["U1", "U2"]', ("U1", "U2")),
        ],
    )
    def test_admins_are_a_list(self, read, text, admins):
        assert read(UPSHOT_ADMINS=text).admins == admins

    def test_repositories_are_a_list_in_json(self, read):
        given = json.dumps(["/srv/app.git", "https://git.example.com/lib.git"])

        settings = read(UPSHOT_GIT__REPOSITORIES=given)

        assert len(settings.git.repositories) == 2

    @pytest.mark.parametrize("name", ["PORT", "UPSHOT_PORT"])
    def test_the_port_is_that_of_the_platform_or_ours(self, read, name):
        assert read(**{name: "8080"}).port == 8080

    def test_our_port_goes_before_the_platforms(self, read):
        assert read(PORT="1", UPSHOT_PORT="8080").port == 8080

    def test_socket_mode_takes_the_place_of_the_signing_secret(self, read):
        settings = read(UPSHOT_SLACK__BOT_TOKEN=SECRET, UPSHOT_SLACK__APP_TOKEN="xapp-1")

        assert settings.slack.signing_secret is None

    def test_the_file_env_counts_where_the_environment_is_silent(self, read, empty_folder):
        (empty_folder / ".env").write_text("UPSHOT_PORT=8080\nUPSHOT_HOST=0.0.0.0\n")

        settings = read(UPSHOT_HOST="127.0.0.9")

        assert (settings.port, settings.host) == (8080, "127.0.0.9")

    def test_secrets_do_not_show(self, read):
        settings = read(**SLACK, UPSHOT_DATABASE_URL="postgresql://me:hunter2@db.example/x")

        for shown in (repr(settings), str(settings), settings.model_dump_json()):
            assert SECRET not in shown
            assert "hunter2" not in shown


class TestMistakes:
    def test_are_all_told_at_once_by_name_and_without_a_value(self, mistakes_in):
        mistakes = mistakes_in(
            UPSHOT_PORT="nonsense-port",
            UPSHOT_SLACK__SIGNING_SECRET="hidden-secret",
            UPSHOT_ANTHROPIC__AUTH_HEADER="x",
            UPSHOT_DELIVERY__PER_MINUTE="-77",
            UPSHOT_COMMANDS__USAGE="NoSlash",
            UPSHOT_SLAKC__BOT_TOKEN=SECRET,
            UPSHOT_BACKFILL_DAYS="4000",
        )

        told = "\n".join(mistakes)
        for name in (
            "UPSHOT_PORT",
            "UPSHOT_SLACK__BOT_TOKEN: is missing",
            "UPSHOT_ANTHROPIC__ADMIN_KEY: is missing",
            "UPSHOT_ANTHROPIC__AUTH_HEADER",
            "UPSHOT_DELIVERY__PER_MINUTE",
            "UPSHOT_COMMANDS__USAGE",
            "UPSHOT_SLAKC__BOT_TOKEN: there is no such setting",
            "UPSHOT_BACKFILL_DAYS",
        ):
            assert name in told
        for value in ("nonsense-port", "hidden-secret", "-77", "NoSlash", SECRET, "4000"):
            assert value not in told

    @pytest.mark.parametrize("name", ["UPSHOT_NONSENSE", "upshot_prot", "UPSHOT_SLACK__TOKEN"])
    def test_are_names_that_there_are_not(self, mistakes_in, name):
        assert mistakes_in(**SLACK, **{name: "1"})[0].startswith(name.upper())

    def test_are_found_in_the_file_env_too(self, mistakes_in, empty_folder):
        (empty_folder / ".env").write_text("UPSHOT_PROT=8080\n")

        assert mistakes_in() == ["UPSHOT_PROT: there is no such setting"]

    @pytest.mark.parametrize("value", ["/srv/app.git", "a,b", '["unfinished', '{"a": 1}'])
    def test_are_lists_that_are_no_json(self, mistakes_in, value):
        [mistake] = mistakes_in(UPSHOT_GIT__REPOSITORIES=value)

        assert "UPSHOT_GIT__REPOSITORIES" in mistake
        assert value not in mistake

    def test_are_lists_of_admins_that_are_no_json(self, mistakes_in):
        [mistake] = mistakes_in(UPSHOT_ADMINS='["U1"')

        assert mistake.startswith("UPSHOT_ADMINS")

    def test_are_a_slack_that_could_not_listen(self, mistakes_in):
        [mistake] = mistakes_in(UPSHOT_SLACK__BOT_TOKEN=SECRET)

        assert "signing_secret" in mistake

    def test_of_the_test_suites_own_variables_there_are_none(self, read):
        read(UPSHOT_REQUIRE_ALL="1", UPSHOT_SOAK="1")


class TestWhatACommandNeeds:
    def test_is_asked_for_by_name(self, mistakes_in):
        [mistake] = mistakes_in(needs=("slack",))

        assert mistake.startswith("UPSHOT_SLACK__BOT_TOKEN")

    def test_is_not_asked_for_by_another_command(self, read):
        settings = read(needs=("git",), UPSHOT_GIT__REPOSITORIES='["/srv/app.git"]')

        assert settings.slack is None

    def test_may_be_a_source_that_there_is_not(self, mistakes_in):
        [mistake] = mistakes_in(needs=("nonsense",))

        assert "no source of this name" in mistake

    def test_is_told_beside_the_other_mistakes(self, mistakes_in):
        mistakes = mistakes_in(needs=("anthropic",), UPSHOT_NONSENSE="1")

        assert len(mistakes) == 2


class TestTiers:
    def test_are_lists_of_what_a_source_calls_by_a_name(self, read):
        listed = {
            "UPSHOT_TIERS__PRODUCTION": '["github:acme/payments", "anthropic:key_*"]',
            "UPSHOT_TIERS__EXPLORATION": '["github:acme/sandbox-*"]',
        }

        rules = read(**listed).tiers.rules

        assert rules.production == ("github:acme/payments", "anthropic:key_*")
        assert rules.exploration == ("github:acme/sandbox-*",)

    @pytest.mark.parametrize("pattern", ["acme/payments", ":acme/payments", "*:x", "github: "])
    def test_say_which_source_they_mean(self, mistakes_in, pattern):
        mistakes = mistakes_in(UPSHOT_TIERS__PRODUCTION=json.dumps([pattern]))

        assert "SOURCE:NAME" in str(mistakes)


class TestTheExample:
    def test_is_what_the_settings_say(self):
        assert (REPOSITORY / ".env.example").read_text(encoding="utf-8") == env_example()

    def test_names_every_variable(self):
        assert all(f"{name}=" in env_example() for name, _ in variables())

    def test_can_be_used_as_it_is(self, read, empty_folder):
        (empty_folder / ".env").write_text(env_example(), encoding="utf-8")

        assert read() == read()
        assert read().slack is None

    def test_can_be_used_with_every_default_written_out(self, read, empty_folder):
        lines = env_example().splitlines()
        given = [line.removeprefix("#") for line in lines if line.startswith("#UPSHOT_")]
        ours = [line for line in given if line.split("__")[0] in _ALWAYS_ON or "__" not in line]
        (empty_folder / ".env").write_text("\n".join(ours), encoding="utf-8")

        assert read().port == 3000


_ALWAYS_ON = ("UPSHOT_COMMANDS", "UPSHOT_DELIVERY")
