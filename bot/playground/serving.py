"""Serve an ASGI application on loopback from a thread, for as long as it is wanted."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


@contextmanager
def serving(app: Any, *, port: int = 0) -> Iterator[str]:
    """Serve *app* at 127.0.0.1 and give its base URL; port 0 takes a free one."""
    listener = socket.create_server(("127.0.0.1", port))
    # Small answers on a kept-alive connection would wait 40 ms for one another.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


async def opened(port: int) -> None:
    """Until somebody answers at *port*; raises ``OSError`` if nobody does for a long while."""
    for _ in range(1_000):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            await writer.wait_closed()
            return
    raise OSError(f"Nobody answers at port {port}.")
