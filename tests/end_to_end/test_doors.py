"""The doors for usage that is sent: open where their token is set, and nowhere else."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.ingest import Config as IngestConfig
from bot.listening import make_app_of_web
from bot.playground.slack.socket_mode import SocketMode
from bot.playground.slack.stand_in import APP_TOKEN
from bot.telemetry import Config as TelemetryConfig
from tests.end_to_end.test_serve import free_port, ready, running
from tests.end_to_end.world import environ_of, make_slack, upshot_for
from tests.ingest.neutral_lines import make_line, ndjson

INGEST_TOKEN = "an-ingest-token-of-30-characters"
OTLP_TOKEN = "a-telemetry-token-of-32-characters"
INGEST, LOGS = "/ingest/usage", "/v1/logs"
BOTH = {
    "ingest": IngestConfig(token=SecretStr(INGEST_TOKEN)),
    "otlp": TelemetryConfig(token=SecretStr(OTLP_TOKEN)),
}
CONTENT = {
    INGEST: ndjson(
        make_line(period_start="2026-03-16T00:00:00Z", period_end="2026-03-17T00:00:00Z")
    ),
    LOGS: b'{"resourceLogs": []}',
}
TYPES = {INGEST: "application/x-ndjson", LOGS: "application/json"}


async def send(client: httpx.AsyncClient, path: str, token: str) -> int:
    headers = {"authorization": f"Bearer {token}", "content-type": TYPES[path]}
    return (await client.post(path, content=CONTENT[path], headers=headers)).status_code


@asynccontextmanager
async def web(urls: Any, folder: Path, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The web process's application, asked without a network."""
    slack = make_slack()
    with slack.serving():
        async with upshot_for(slack, urls, folder, **settings) as upshot:
            transport = httpx.ASGITransport(make_app_of_web(upshot))
            async with httpx.AsyncClient(transport=transport, base_url="http://upshot") as client:
                yield client


@pytest.mark.parametrize("by_socket", [False, True], ids=["by URL", "by socket"])
class TestDoors:
    async def test_stay_shut_without_their_tokens(self, urls, tmp_path, by_socket):
        async with web(urls, tmp_path, by_socket=by_socket) as client:
            assert await send(client, INGEST, INGEST_TOKEN) == 404
            assert await send(client, LOGS, OTLP_TOKEN) == 404
            assert (await client.get("/healthz")).status_code == 200

    async def test_open_to_their_own_token_alone(self, urls, tmp_path, by_socket):
        async with web(urls, tmp_path, by_socket=by_socket, **BOTH) as client:
            assert await send(client, INGEST, INGEST_TOKEN) == 200
            assert await send(client, LOGS, OTLP_TOKEN) == 200
            assert await send(client, INGEST, OTLP_TOKEN) == 401
            assert await send(client, LOGS, INGEST_TOKEN) == 401


async def test_one_door_does_not_open_the_other(urls, tmp_path):
    async with web(urls, tmp_path, ingest=BOTH["ingest"]) as client:
        assert await send(client, INGEST, INGEST_TOKEN) == 200
        assert await send(client, LOGS, INGEST_TOKEN) == 404


async def test_serve_opens_it_in_socket_mode_too_and_keeps_what_is_sent(urls, database, tmp_path):
    slack, port = make_slack(), free_port()
    base_url = f"http://127.0.0.1:{port}"
    with slack.serving():
        environ = {
            **environ_of(slack, urls, PORT=str(port), PYTHONPATH=str(Path.cwd())),
            "UPSHOT_SLACK__APP_TOKEN": APP_TOKEN,
            "UPSHOT_SLACK__SIGNING_SECRET": "",
            "UPSHOT_INGEST__TOKEN": INGEST_TOKEN,
        }
        async with SocketMode(slack) as socket:
            with running("serve", environ, tmp_path) as process:
                await ready(base_url)
                async with httpx.AsyncClient(base_url=base_url, trust_env=False) as client:
                    answers = [
                        await send(client, INGEST, INGEST_TOKEN),
                        await send(client, LOGS, INGEST_TOKEN),
                        (await client.post("/slack/events")).status_code,
                    ]
                await socket.connected()
                process.send_signal(signal.SIGTERM)
                _, err = await asyncio.to_thread(process.communicate, timeout=60)

    async with database.for_jobs() as connection:
        kept = await connection.scalar(text("SELECT sum(requests) FROM usage_records"))
    assert answers == [200, 404, 404], err
    assert kept == 42
