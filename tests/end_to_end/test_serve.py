"""``upshot serve``: everything in one process, as an operator starts it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.playground.slack.person import Person
from tests.end_to_end.world import ADA, environ_of, make_slack


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(command: str, environ, folder) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environ},
        cwd=folder,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


async def ready(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url, trust_env=False) as client:
        for _ in range(300):
            try:
                if (await client.get("/readyz")).json() == {"ready": True}:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    pytest.fail("it never became ready")


async def test_it_reads_the_directory_answers_commands_and_stops_when_told(urls, tmp_path):
    slack, port = make_slack(), free_port()
    base_url = f"http://127.0.0.1:{port}"
    with slack.serving():
        environ = environ_of(slack, urls, PORT=str(port), PYTHONPATH=str(Path.cwd()))
        with running("serve", environ, tmp_path) as process:
            await ready(base_url)
            async with Person(slack, f"{base_url}/slack/events") as person:
                for _ in range(200):
                    ack = await person.command("/myusage", "privacy", user_id=ADA)
                    if "Who can see what" in str(ack.body):
                        break
                    await asyncio.sleep(0.1)
                assert "Who can see what" in str(ack.body)
                status = await person.command("/usageadmin", "status", user_id=ADA)
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)

    assert "2 people" in str(status.body)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def test_it_refuses_a_superuser_with_a_sentence(urls, tmp_path):
    slack = make_slack()
    with slack.serving():
        environ = environ_of(slack, urls, UPSHOT_DATABASE_URL=urls.superuser)
        with running("serve", {**environ, "PYTHONPATH": str(Path.cwd())}, tmp_path) as process:
            _, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "NOSUPERUSER NOBYPASSRLS" in " ".join(err.split())
    assert "Traceback" not in err
