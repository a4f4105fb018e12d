"""What the demo ends with: the page for whoever looks, or the report for whoever proves."""

from __future__ import annotations

import json
import socket
import time

from bot.manifest import manifest
from bot.playground.asking import ask_everything
from bot.playground.ending import Ending
from bot.playground.opening import House
from bot.playground.page import make_page, serve_page
from bot.playground.page.stage import MessageShortcut, SlashCommand, Stage
from bot.playground.slack.person import Person
from bot.playground.telling import out, written
from bot.playground.verdict import judge
from bot.playground.wishes import LOOPBACK


async def show(house: House, listener: socket.socket, ending: Ending) -> None:
    """Serve the page until it is time to end."""
    page = make_page(stage_of(house))
    stop = ending.awaited()
    out.print(_what_there_is(house))
    out.print(f"http://{LOOPBACK}:{listener.getsockname()[1]}")
    await serve_page(page, listener, stop)


async def report(house: House, started: float) -> bool:
    """Type every command, judge, and print the report as JSON; ``True`` if all holds."""
    answers = await ask_everything(house.world, house.events_url)
    seconds = time.monotonic() - started
    verdict = await judge(house.upshot, house.world, house.readers, seconds, answers)
    print(json.dumps(verdict.as_json()))  # noqa: T201 - the last line, for programs
    return not verdict.problems


def stage_of(house: House) -> Stage:
    made = manifest(house.upshot.services.names, url=house.events_url)["features"]
    return Stage(
        company=house.world.company,
        slack=house.world.slack,
        time=house.season,
        admin=house.world.admin,
        commands=[
            SlashCommand(name=c["command"], description=c["description"], hint=c["usage_hint"])
            for c in made["slash_commands"]
        ],
        shortcuts=[
            MessageShortcut(callback_id=s["callback_id"], name=s["name"]) for s in made["shortcuts"]
        ],
        connect=lambda on_ack: Person(house.world.slack, house.events_url, on_ack=on_ack),
    )


def _what_there_is(house: House) -> str:
    company, slack = house.world.company, house.world.slack
    messages = sum(map(slack.dm_count, company.people))
    summaries = sum(len(slack.messages_in(team.channel_id)) for team in company.teams)
    weeks = (company.closed_until - company.installed_on).days // 7
    return (
        f"It is {written(house.season.now.date())} at a made-up company where Upshot came "
        f"{weeks} {'week' if weeks == 1 else 'weeks'} ago. Its {len(company.people)} people have "
        f"{messages} private messages of it, and their {len(company.teams)} channels {summaries} "
        "summaries. Be any of them here; Ctrl-C ends it and leaves nothing behind."
    )
