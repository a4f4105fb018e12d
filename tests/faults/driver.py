"""The bot as ``tick`` runs it, in a process that can be killed: times come in, outcomes go out.

Each line of standard input is a moment of product time, or ``status``; each line of standard
output is a JSON object. An error is told and the next moment tried, as a clock would.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from typing import Any

from bot.app import Upshot
from bot.blocks.health import render_status
from bot.clock import SetClock
from bot.commands.session import with_upshot
from bot.http import real_now
from bot.language import ENGLISH
from jobs.once import run_all_due


async def live(upshot: Upshot, clock: SetClock) -> None:
    say({"ready": True})
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        try:
            say(await answer(upshot, clock, line))
        except Exception as error:  # noqa: BLE001 - whatever it is, the tests want to hear of it
            say({"error": type(error).__name__, "said": str(error)})


async def answer(upshot: Upshot, clock: SetClock, line: str) -> dict[str, Any]:
    if line == "status":
        return {"status": render_status(ENGLISH, await upshot.administration.status()).blocks}
    clock.move_to(datetime.fromisoformat(line))
    return {"jobs": await run_all_due(upshot.queue, upshot.tick)}


def say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    clock = SetClock(real_now())
    with_upshot(lambda upshot: live(upshot, clock), clock=clock, log_level="WARNING")
