"""No secret and no address reaches a line of the log, whoever writes it."""

from __future__ import annotations

import io
import logging

import httpx
import pytest
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.logger import get_bolt_logger
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import QUIET, REDACTED, configure_logs, redacted

SECRETS = [
    "xoxb-123-abc-DEF",
    "xoxp-123-abc",
    "xoxe.xoxp-1-Mi0yLTEyMw",
    "xapp-1-A0-123-abc",
    "sk-ant-admin01-abcdefgh",
    "sk-proj-abcdefghijklmnop",
    "ghp_abcdefghijklmnop",
    "gho_abcdefghijklmnop",
    "ghs_abcdefghijklmnop",
    "github_pat_11ABC_def",
    "ada.king+work@example.com",
    "ADA@EXAMPLE.COM",
]
IN_CONTEXT = {
    "Authorization: Bearer abc.def-ghi": "abc.def-ghi",
    "authorization: bearer abc.def-ghi": "abc.def-ghi",
    "postgresql://upshot:hunter2@db.example:5432/x": "hunter2",
    "https://oauth2:glpat-xyz@gitlab.example/a.git": "glpat-xyz",
    "https://x-access-token:t0ken@github.example/a.git": "t0ken",
    "https://only-a-token@git.example/a.git": "only-a-token",
}
HARMLESS = [
    "day_collected provider=anthropic day=2026-03-16 rows=12",
    "Slack's users_list: ratelimited",
    "http://127.0.0.1:3000/slack/events",
    "task=collect_day mask=on",
    "2026-03-16T12:00:00Z",
]


@pytest.fixture
def lines():
    """What was written since the logs were set up, at the most talkative level."""
    stream = io.StringIO()
    configure_logs("DEBUG", stream=stream)
    return stream.getvalue


@pytest.mark.parametrize("secret", SECRETS)
class TestASecret:
    def test_is_blotted_out(self, secret):
        assert redacted(f"before {secret} after") == f"before {REDACTED} after"

    def test_does_not_show_as_a_value_of_an_event(self, lines, secret):
        structlog.get_logger().info("something_happened", what=secret, more=[{"in": secret}])

        written = lines()
        assert "something_happened" in written
        assert secret not in written

    def test_does_not_show_in_a_traceback(self, lines, secret):
        try:
            {}[secret]
        except KeyError as error:
            trouble = ValueError(f"no such account: {secret}")
            trouble.__cause__ = error
            structlog.get_logger().error("it_failed", exc_info=trouble)

        written = lines()
        assert "Traceback" in written
        assert secret not in written

    @pytest.mark.parametrize("name", [*QUIET, "some.library", "slack_sdk.web"])
    def test_does_not_show_when_a_library_writes_it(self, lines, name, secret):
        logging.getLogger(name).error("refused: %s", secret)

        written = lines()
        assert "refused" in written
        assert secret not in written


@pytest.mark.parametrize(("text", "secret"), IN_CONTEXT.items())
def test_a_secret_without_a_face_of_its_own_is_known_by_what_stands_before_it(text, secret):
    assert secret not in redacted(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_readable(text):
    assert redacted(text) == text


@pytest.mark.parametrize("name", QUIET)
def test_libraries_that_say_too_much_say_only_what_matters(lines, name):
    for child in (name, f"{name}.deep.inside"):
        logging.getLogger(child).info("a body")
        logging.getLogger(child).warning("trouble")

    written = lines()
    assert "a body" not in written
    assert written.count("trouble") == 2


async def test_an_address_that_is_asked_leaves_no_line(lines):
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get("https://api.example/v1/usage?user=ada")

    assert lines() == ""


def test_a_client_of_slack_writes_nothing_of_what_it_sends(lines):
    AsyncWebClient(token="xoxb-1")._logger.debug("Sending: text=Your week cost $12")

    assert lines() == ""


def test_an_event_is_one_line_with_its_time_and_level(lines):
    structlog.get_logger().warning("collection_failed", source="openai", error="Refused")

    [line] = lines().splitlines()
    assert "level='warning' event='collection_failed'" in line
    assert line.startswith("timestamp='20")
    assert "source='openai'" in line


def test_a_line_that_cannot_be_written_is_dropped_with_its_arguments(capsys):
    closed = io.StringIO()
    configure_logs(stream=closed)
    closed.close()

    structlog.get_logger().error("refused", account="ada@example.com")

    assert capsys.readouterr() == ("", "")


def test_below_the_level_nothing_is_written():
    stream = io.StringIO()
    configure_logs("WARNING", stream=stream)

    structlog.get_logger().info("something_happened")
    logging.getLogger("some.library").info("something else")

    assert stream.getvalue() == ""


def test_bolt_writes_nothing_of_an_answer_whatever_level_it_gives_its_loggers(lines):
    logger = get_bolt_logger(AsyncApp)
    logger.debug('Responding with status: 200 body: "Spent: $12"')
    logger.error("trouble")

    assert "Spent" not in lines()
    assert "trouble" in lines()


@pytest.mark.parametrize("said_first", ["DETAIL:  Failing row contains", "CONTEXT:  COPY staging"])
@pytest.mark.parametrize("said_then", ["", "\n[SQL: INSERT INTO notes (what) VALUES (%(what)s)]"])
def test_a_row_that_the_database_did_not_take_is_not_quoted(lines, said_first, said_then):
    error = ValueError(f"new row\n{said_first} (7, 1234.57, two\nlines).{said_then}")
    structlog.get_logger().error("request_failed", exc_info=error)

    [line] = lines().splitlines()
    assert "new row" in line
    assert "1234.57" not in line
    assert "lines" not in line
    assert ("INSERT INTO" in line) is bool(said_then)
