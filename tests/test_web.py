"""The door: what Slack signed, fresh and for the first time, and nothing else."""

from __future__ import annotations

import io
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.logs import configure_logs
from bot.playground.slack.signing import Tampering, sign
from bot.web import LARGEST_BODY, SlackDoor, make_web
from db.requests import SeenRequests
from tests.fakes import REAL_START, RealTime

SECRET = "only-slack-knows-this"
FORM = "application/x-www-form-urlencoded"
TEAM = "T0UPSHOT1"
COMMAND = {"command": "/hello", "text": "a private word", "user_id": "UADA", "team_id": TEAM}
WRONG = {
    "unsigned": Tampering(unsigned=True),
    "stale": Tampering(age=timedelta(minutes=5, seconds=2)),
    "from-the-future": Tampering(age=-timedelta(minutes=5, seconds=2)),
    "another-secret": Tampering(secret="guessed"),
    "another-signature": Tampering(signature="v0=" + 64 * "0"),
    "another-version": Tampering(signature="v1=" + 64 * "0"),
    "no-signature": Tampering(signature=" "),
    "odd-signature": Tampering(signature="v0=é"),
    **{
        f"timestamp-{name}": Tampering(timestamp=timestamp)
        for name, timestamp in {
            "word": "yesterday",
            "float": f"{REAL_START.timestamp():.1f}",
            "negative": "-1",
            "signed": f"+{REAL_START.timestamp():.0f}",
            "other-digits": "".join(chr(0x660 + int(c)) for c in f"{REAL_START.timestamp():.0f}"),
            "spaced": "1 2",
            "long": "9" * 400,
            "hex": "0x10",
        }.items()
    },
}


@pytest.fixture
def heard():
    """The commands that got in."""
    return []


@pytest.fixture
def real():
    return RealTime()


@pytest.fixture
async def client(database, heard, real):
    async def authorize(**_):
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token="xoxb-not-used")

    bolt = AsyncApp(
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )

    @bolt.command("/hello")
    async def hello(ack, command):
        heard.append(command["text"])
        await ack("Hello.")

    door = SlackDoor(bolt, signing_secret=SECRET, seen=SeenRequests(database), real_now=real.now)
    app = make_web(door.answer, database.answers)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://upshot.example") as opened:
        yield opened


@pytest.fixture
def send(client):
    async def send(body: bytes | None = None, tampering=None, headers=None) -> httpx.Response:
        request = sign(
            urlencode(COMMAND).encode() if body is None else body,
            secret=SECRET,
            now=REAL_START,
            content_type=FORM,
            tampering=tampering or Tampering(),
        )
        return await client.post(
            "/slack/events",
            content=request.body,
            headers={name: value.encode() for name, value in request.headers.items()}
            | (headers or {}),
        )

    return send


class TestLetIn:
    async def test_is_what_slack_signed_just_now(self, send, heard):
        answer = await send()

        assert (answer.status_code, heard) == (200, ["a private word"])

    @pytest.mark.parametrize("age", [timedelta(minutes=4, seconds=58), -timedelta(minutes=4)])
    async def test_is_what_is_not_older_than_five_minutes(self, send, age):
        assert (await send(tampering=Tampering(age=age))).status_code == 200


class TestTurnedAway:
    @pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
    async def test_is_what_slack_did_not_sign_just_now(self, send, heard, wrong):
        answer = await send(tampering=wrong)

        assert (answer.status_code, heard) == (401, [])
        assert answer.json() == {"error": "invalid request"}

    async def test_is_what_was_let_in_before(self, send, heard):
        await send()

        assert (await send()).status_code == 401
        assert heard == ["a private word"]

    async def test_is_the_same_signature_over_another_body(self, send, client, heard):
        request = sign(b"text=one", secret=SECRET, now=REAL_START, content_type=FORM)

        answer = await client.post("/slack/events", content=b"text=two", headers=request.headers)

        assert (answer.status_code, heard) == (401, [])

    async def test_is_a_body_that_is_larger_than_any_of_slacks(self, send):
        assert (await send(b"x" * (LARGEST_BODY + 1))).status_code == 401

    @pytest.mark.parametrize("length", ["nonsense", "-1", "9" * 30, ""])
    async def test_is_a_body_of_no_known_length(self, send, length):
        assert (await send(headers={"content-length": length})).status_code == 401

    async def test_is_a_body_that_is_no_text(self, send):
        assert (await send(b"\xff\xfe")).status_code == 401

    @pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
    async def test_leaves_a_line_without_a_word_of_it_in_the_log(self, send, wrong):
        written = io.StringIO()
        configure_logs("DEBUG", stream=written)

        await send(tampering=wrong)

        [line] = written.getvalue().splitlines()
        assert "request_refused" in line
        assert not any(word in line for word in ("v0=", "private", "UADA", SECRET))


async def test_a_listener_that_fails_is_answered_by_the_door(database, real, send, heard):
    """As where the database is gone, so that nobody knows what was seen before."""

    class Broken:
        async def is_new(self, signature, now):
            raise ConnectionError("secret detail")

    door = SlackDoor(
        AsyncApp(authorize=_nobody, request_verification_enabled=False),
        signing_secret=SECRET,
        seen=Broken(),
        real_now=real.now,
    )
    transport = httpx.ASGITransport(make_web(door.answer, database.answers))
    request = sign(b"text=one", secret=SECRET, now=REAL_START, content_type=FORM)
    async with httpx.AsyncClient(transport=transport, base_url="http://upshot.example") as client:
        answer = await client.post("/slack/events", content=request.body, headers=request.headers)

    assert answer.status_code == 200
    assert answer.json()["response_type"] == "ephemeral"
    assert "secret detail" not in answer.text


async def _nobody(**_):
    return None


class TestHealth:
    async def test_says_that_the_process_lives(self, client):
        assert (await client.get("/healthz")).json() == {"ok": True}

    async def test_says_that_the_database_answers(self, client):
        answer = await client.get("/readyz")

        assert (answer.status_code, answer.json()) == (200, {"ready": True})

    async def test_says_that_the_database_does_not_answer(self, client, database, urls, server):
        name = database.engine.url.database
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            await database.close()
            answer = await client.get("/readyz")
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

        assert (answer.status_code, answer.json()) == (503, {"ready": False})

    async def test_is_all_there_is_where_slack_comes_by_a_socket(self, database):
        transport = httpx.ASGITransport(make_web(None, database.answers))
        async with httpx.AsyncClient(transport=transport, base_url="http://up.example") as client:
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.post("/slack/events")).status_code == 404

    async def test_takes_no_get_where_slack_posts(self, client):
        assert (await client.get("/slack/events")).status_code == 405
