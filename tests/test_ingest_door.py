"""The door for usage that is sent: who has the token, a body of a size, and an answer by line."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.routing import Route

from bot.clock import SetClock
from bot.ingest import Config
from bot.ingest_door import LARGEST_BODY, PATH, IngestDoor
from bot.logs import configure_logs
from bot.services.receive import Receiver
from db.health import HealthStore
from db.received import ReceivedStore
from tests.ingest.neutral_lines import make_line, ndjson

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
TOKEN = "a-token-of-twenty-four-characters"
NDJSON = "application/x-ndjson"
SECRET = "please summarise the merger with initech"


@pytest.fixture
def receiver(database):
    clock = SetClock(NOW)
    return Receiver(store=ReceivedStore(database), health=HealthStore(database), clock=clock)


@pytest.fixture
def door(receiver):
    config = Config.model_validate({"token": TOKEN})
    return IngestDoor(config, receiver, SetClock(NOW), read_within=0.5)


@pytest.fixture
async def client(door):
    app = Starlette(routes=[Route(PATH, door.answer, methods=["POST"])])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://upshot.example") as opened:
        yield opened


@pytest.fixture
def send(client):
    async def send(content, content_type: str = NDJSON, **headers: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {TOKEN}", **headers, "content-type": content_type}
        return await client.post(PATH, content=content, headers=headers)

    return send


async def stored(database) -> int:
    async with database.for_jobs() as connection:
        return await connection.scalar(text("SELECT count(*) FROM received_usage")) or 0


class TestWhatIsSent:
    async def test_is_kept_and_answered_by_line(self, send, database):
        body = ndjson(make_line(), make_line(record_id="r2", requests=-1)) + b"nonsense\n"

        answer = await send(body)

        assert answer.status_code == 200
        assert answer.json() == {
            "accepted": 1,
            "replaced": 0,
            "rejected": 2,
            "errors": [
                {"line": 2, "record_id": "r2", "error": "requests: Expected `int` >= 0"},
                {"line": 3, "record_id": None, "error": "not a JSON object"},
            ],
            "warnings": [],
        }
        assert await stored(database) == 1

    async def test_may_be_an_array(self, send):
        body = json.dumps([make_line(), make_line(record_id="r2")])

        answer = await send(body, "application/json; charset=utf-8")

        assert answer.json()["accepted"] == 2

    async def test_twice_adds_nothing(self, send, database):
        await send(ndjson(make_line()))

        answer = await send(ndjson(make_line()))

        assert (answer.json()["accepted"], answer.json()["replaced"]) == (1, 1)
        assert await stored(database) == 1

    async def test_may_be_packed(self, send):
        half = [gzip.compress(ndjson(make_line(record_id=name))) for name in "ab"]

        answer = await send(b"".join(half), **{"content-encoding": "gzip"})

        assert answer.json()["accepted"] == 2

    async def test_that_looks_strange_is_kept_and_told(self, send):
        cost = {"amount": "-3", "currency": "USD", "basis": "billed"}

        answer = await send(ndjson(make_line(cost=cost)))

        assert answer.json()["accepted"] == 1
        assert answer.json()["warnings"] == ["negative amounts of use: 1"]

    async def test_may_be_as_large_as_is_said(self, send):
        body = ndjson(make_line())

        answer = await send(body + (LARGEST_BODY - len(body)) * b"\n")

        assert answer.json()["accepted"] == 1


class TestTurnedAway:
    @pytest.mark.parametrize(
        "authorization",
        ["", TOKEN, "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"],
    )
    async def test_is_who_has_not_the_token_without_a_hint_which(self, client, authorization):
        headers = {"authorization": authorization.encode(), "content-type": NDJSON}

        answer = await client.post(PATH, content=ndjson(make_line()), headers=headers)
        nothing = await client.post(PATH, content=ndjson(make_line()))

        assert answer.status_code == nothing.status_code == 401
        assert answer.content == nothing.content

    async def test_is_a_get(self, client):
        assert (await client.get(PATH)).status_code == 405

    @pytest.mark.parametrize("content_type", ["", "text/csv", "application/json-lines"])
    async def test_is_another_kind_of_body(self, send, content_type):
        assert (await send(b"", content_type)).status_code == 415

    async def test_is_another_packing(self, send):
        assert (await send(b"x", **{"content-encoding": "br"})).status_code == 415

    @pytest.mark.parametrize("packed", [b"no gzip", gzip.compress(b"{}", mtime=0)[:-4], b""])
    async def test_is_broken_gzip(self, send, packed):
        assert (await send(packed, **{"content-encoding": "gzip"})).status_code == 400

    async def test_is_a_body_that_is_no_json_at_all(self, send):
        answer = await send(SECRET)

        assert answer.status_code == 400
        assert SECRET not in answer.text

    async def test_is_a_body_over_the_size(self, send):
        answer = await send((LARGEST_BODY + 1) * b"\n")

        assert (answer.status_code, answer.json()["error"]) == (
            413,
            "The body is over 10 MB: send it in parts.",
        )

    async def test_is_a_body_over_the_size_that_does_not_say_how_large_it_is(self, send):
        read = 0

        async def chunks():
            nonlocal read
            while True:
                read += 1
                yield 1024 * 1024 * b"\n"

        assert (await send(chunks())).status_code == 413
        assert read <= 12

    async def test_is_a_bomb(self, send):
        bomb = gzip.compress(100 * LARGEST_BODY * b"\n", compresslevel=1)

        assert len(bomb) < LARGEST_BODY
        assert (await send(bomb, **{"content-encoding": "gzip"})).status_code == 413

    async def test_is_who_takes_too_long(self, door):
        """Called as the server does: the client of these tests reads a whole body first."""
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": NDJSON}
        scope = {
            "type": "http",
            "method": "POST",
            "path": PATH,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        sent = []

        async def receive():
            await asyncio.sleep(0.2)
            return {"type": "http.request", "body": b"\n", "more_body": True}

        async def keep(message):
            sent.append(message)

        app = Starlette(routes=[Route(PATH, door.answer, methods=["POST"])])
        await app(scope, receive, keep)

        assert sent[0]["status"] == 408


class TestWhereTheDatabaseFails:
    async def test_the_sender_is_told_when_to_try_again(self, send, database, urls, server):
        name = database.engine.url.database
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            await database.close()
            answer = await send(ndjson(make_line()))
        finally:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert (await send(ndjson(make_line()))).json()["accepted"] == 1


PLANTED = (
    make_line(attributes={"prompt": SECRET, "deep": [{"messages": [SECRET]}], SECRET: 1}),
    make_line(record_id="r2", outcomes={SECRET: 1}),
    make_line(record_id="r3", user={"email": "ana@example.com", "note": SECRET}),
    make_line(record_id="r4", surface=SECRET),
    make_line(record_id="r5", prompt=SECRET),
    make_line(record_id="r6", kind=SECRET),
    make_line(record_id="r7", period_start=SECRET),
    make_line(record_id="r8", cost={"amount": SECRET, "currency": "USD", "basis": "billed"}),
    make_line(record_id="r9", tokens={SECRET: SECRET}),
    make_line(record_id="r10", user={"email": SECRET}),
)


async def test_what_somebody_typed_is_neither_stored_nor_logged_nor_answered(send, database):
    written = io.StringIO()
    configure_logs("DEBUG", stream=written)

    answer = await send(ndjson(*PLANTED) + SECRET.encode())

    assert answer.json()["accepted"] == 4
    assert answer.json()["rejected"] == 7
    assert "usage_received" in written.getvalue()
    everything = await every_text(database)
    assert "acme-agents" in everything
    for place in (everything, written.getvalue(), answer.text):
        assert "merger" not in place
        assert "initech" not in place


async def every_text(database) -> str:
    """All that stands in any table, whatever its type."""
    async with database.for_jobs() as connection:
        tables = await connection.scalars(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname = 'public'"
            )
        )
        found = []
        for table in list(tables):
            found += await connection.scalars(text(f"SELECT t::text FROM {table} t"))  # noqa: S608
    return "\n".join(found)


@pytest.mark.parametrize("token", ["", 23 * "x"])
def test_a_token_that_could_be_guessed_is_refused(token):
    with pytest.raises(ValidationError):
        Config.model_validate({"token": token})
