"""The command line, as an operator types it."""

from __future__ import annotations

import asyncio
import json
import subprocess

import pytest

from tests.end_to_end.command import typed, typed_apart
from tests.end_to_end.world import ADA, make_slack, upshot_for


@pytest.fixture
def upshot(tmp_path):
    def run(*arguments: str, **environ: str):
        return typed(*arguments, environ=environ, folder=tmp_path)

    return run


@pytest.fixture
def upshot_apart(tmp_path):
    def run(*arguments: str, **environ: str):
        return typed_apart(*arguments, environ=environ, folder=tmp_path)

    return run


@pytest.fixture
def repository(tmp_path):
    path = tmp_path / "work.git"
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-C", str(path)]
    subprocess.run(["git", "init", "--quiet", str(path)], check=True)
    message = "feat: search (#7)\n\nCo-authored-by: Claude <noreply@anthropic.com>"
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", message], check=True)
    return path


def test_help_names_every_command(upshot_apart):
    shown = upshot_apart("--help").stdout

    for command in ("demo", "serve", "web", "clock", "worker", "tick", "collect", "check"):
        assert command in shown


@pytest.mark.parametrize(
    "arguments",
    [("serve",), ("collect", "--source", "git"), ("digest", "preview", "U1"), ("manifest",)],
)
def test_every_command_explains_itself(upshot, arguments):
    assert "Usage" in upshot(*arguments, "--help").stdout


class TestCollect:
    def test_reports_what_git_says_as_json(self, upshot, repository, urls):
        done = upshot(
            "collect",
            "--source",
            "git",
            "--json",
            UPSHOT_DATABASE_URL=urls.worker,
            UPSHOT_GIT__REPOSITORIES=json.dumps([str(repository)]),
        )

        report = json.loads(done.stdout)
        assert done.returncode == 0, done.stderr
        assert (report["merged_changes"], report["commits_with_ai_evidence"]) == (1, 1)
        assert report["ai_commits_by_tool"] == {"claude": 1}
        assert {"agent_authored", "credited_to_one_human", "reverted"} <= report.keys()

    def test_says_what_is_wrong_and_exits_with_one(self, upshot, tmp_path, urls):
        missing = json.dumps([str(tmp_path / "nowhere")])
        done = upshot("collect", UPSHOT_DATABASE_URL=urls.worker, UPSHOT_GIT__REPOSITORIES=missing)

        assert done.returncode == 1
        assert "there is no git repository here" in done.stdout

    def test_names_the_setting_that_it_needs(self, upshot):
        done = upshot("collect", "--source", "openai")

        assert done.returncode == 2
        assert "UPSHOT_OPENAI__ADMIN_KEY" in done.stderr

    def test_says_when_nothing_is_turned_on(self, upshot, urls):
        done = upshot("collect", UPSHOT_DATABASE_URL=urls.worker)

        assert done.returncode == 2
        assert "Nothing is turned on" in done.stderr


class TestTick:
    def test_does_what_is_due_once(self, upshot, upshot_apart, repository, urls):
        environ = {
            "UPSHOT_DATABASE_URL": urls.worker,
            "UPSHOT_GIT__REPOSITORIES": json.dumps([str(repository)]),
        }
        first = upshot_apart("tick", "--now", "2030-01-02T12:00:00", **environ)
        again = upshot("tick", "--now", "2030-01-02T12:00:00", **environ)

        assert "Done: 4 jobs." in first.stdout, first.stderr
        assert "Done: 0 jobs." in again.stdout, again.stderr


def test_check_finds_fault_with_a_source_that_does_not_answer(upshot, urls):
    done = upshot(
        "check",
        "--json",
        UPSHOT_DATABASE_URL=urls.worker,
        UPSHOT_GITHUB__TOKEN="ghp_notarealtoken",
        UPSHOT_GITHUB__ORGANIZATION="acme",
        UPSHOT_GITHUB__API_URL="http://127.0.0.1:9",
    )

    findings = {f["what"]: f["is_fine"] for f in json.loads(done.stdout)["findings"]}
    assert (done.returncode, findings["database"], findings["github"]) == (1, True, False)
    assert "ghp_notarealtoken" not in done.stdout + done.stderr


def test_migrate_brings_an_embedded_database_up_to_date(upshot_apart):
    done = upshot_apart("migrate")

    assert (done.returncode, done.stdout.strip()) == (0, "The tables are up to date.")


def test_manifest_has_the_configured_names(upshot):
    done = upshot("manifest", "--url", "https://u.example.com", UPSHOT_COMMANDS__USAGE="/mine")

    commands = json.loads(done.stdout)["features"]["slash_commands"]
    assert commands[0]["command"] == "/mine"
    assert commands[0]["url"] == "https://u.example.com/slack/events"


def test_previews_of_nobody_say_so(upshot, urls):
    person = upshot("digest", "preview", "U0NOBODY", UPSHOT_DATABASE_URL=urls.worker)
    team = upshot("summary", "preview", "nowhere", UPSHOT_DATABASE_URL=urls.worker)

    assert (person.returncode, team.returncode) == (1, 1)
    assert "Nobody here has the Slack user id" in person.stderr
    assert "There is no team called" in team.stderr


def test_every_wrong_setting_is_named_at_once(upshot):
    done = upshot("serve", UPSHOT_SLACK__SIGNING_SECRET="hunter2", UPSHOT_BACKFILL_DAYS="many")

    assert done.returncode == 2
    assert {"UPSHOT_SLACK__BOT_TOKEN", "UPSHOT_BACKFILL_DAYS"} <= set(
        done.stderr.replace(":", " ").split()
    )
    assert "hunter2" not in done.stderr


async def test_previews_show_what_would_be_said_and_send_nothing(upshot, urls, tmp_path):
    teams = tmp_path / "teams.csv"
    teams.write_text(
        "team,channel,time_zone,email,role\nsearch,C1,UTC,ada@example.com,member\n",
        encoding="utf-8",
    )
    slack = make_slack()
    with slack.serving():
        async with upshot_for(slack, urls, tmp_path, teams_file=teams) as ours:
            await ours.slack.sync_directory()
        environ = {"UPSHOT_DATABASE_URL": urls.worker, "UPSHOT_DATA_DIR": str(tmp_path)}
        digest = await asyncio.to_thread(upshot, "digest", "preview", ADA, **environ)
        summary = await asyncio.to_thread(
            upshot, "summary", "preview", "search", "--json", **environ
        )

    assert "Nothing was recorded for you" in digest.stdout, digest.stderr
    assert "not enough people" in json.loads(summary.stdout)["text"]
    assert slack.message_count == 0
