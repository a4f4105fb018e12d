"""Serving the page until it is told to stop, though streams of events are open."""

from __future__ import annotations

import asyncio
import socket

import uvicorn
from starlette.applications import Starlette

from bot.quiet_server import QuietServer

GRACE_SECONDS = 1


async def serve_page(app: Starlette, listener: socket.socket, stop: asyncio.Event) -> None:
    """*app* is what ``make_page`` made; the listener is closed at the end."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve([listener]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    app.state.changes.end()
    server.should_exit = True
    await serving
