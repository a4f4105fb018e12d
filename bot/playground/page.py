"""A plain page to look at the made-up workspace: be anybody, read your messages, ask the bot."""

from __future__ import annotations

import asyncio
import html
import signal
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.playground.company import Company
from bot.playground.slack.messages import Message
from bot.playground.slack.person import Person
from bot.playground.world import World
from bot.running import QuietServer

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 46rem; padding: 1rem }
nav a { margin-right: .75rem } article { white-space: pre-wrap; overflow-wrap: anywhere;
border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem;
padding: .75rem 1rem; margin: .75rem 0 } form { display: flex; gap: .5rem; margin: 1rem 0 }
input, select, button { font: inherit; padding: .4rem .6rem } input { flex: 1 }
small { opacity: .75 }
"""


def make_page(world: World, events_url: str) -> Starlette:
    company = world.company

    async def everybody(_: Request) -> Response:
        return _page("Who do you want to be?", _choices(company))

    async def somebody(request: Request) -> Response:
        employee = company.people.get(request.path_params["user"])
        if employee is None:
            return RedirectResponse("/")
        channel = next(team.channel_id for team in company.teams if team.name == employee.team)
        return _page(
            f"{employee.name}, {employee.job}, team {employee.team}",
            '<nav><a href="/">somebody else</a></nav>'
            '<form method="post"><input name="command" value="/myusage" aria-label="Command">'
            "<button>Send</button></form>",
            _messages("Only visible to you", world.slack.ephemerals_to(employee.slack_id)),
            _messages("Direct messages", world.slack.dms_to(employee.slack_id)),
            _messages(f"#{employee.team}", world.slack.messages_in(channel)),
        )

    async def ask(request: Request) -> Response:
        user = request.path_params["user"]
        typed = parse_qs((await request.body()).decode()).get("command", [""])[0]
        command, _, words = typed.strip().partition(" ")
        if user in company.people and command.startswith("/"):
            async with Person(world.slack, events_url) as person:
                await person.command(command, words, user_id=user)
        return RedirectResponse(f"/as/{user}", status_code=303)

    return Starlette(
        routes=[
            Route("/", everybody),
            Route("/as/{user}", somebody),
            Route("/as/{user}", ask, methods=["POST"]),
        ]
    )


async def show_page(world: World, events_url: str, port: int, say: Callable[[str], None]) -> None:
    """Serve the page on loopback until Ctrl-C or SIGTERM."""
    config = uvicorn.Config(
        make_page(world, events_url), port=port, log_level="error", access_log=False, lifespan="off"
    )
    listener = config.bind_socket()
    say(f"http://127.0.0.1:{listener.getsockname()[1]}")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = QuietServer(config)
    serving = asyncio.create_task(server.serve([listener]))
    await stop.wait()
    server.should_exit = True
    await serving


def _choices(company: Company) -> str:
    people = sorted(company.employees, key=lambda employee: (employee.team, employee.name))
    return "".join(
        f'<p><a href="/as/{html.escape(person.slack_id)}">{html.escape(person.name)}</a>'
        f" <small>{html.escape(person.job)}, team {html.escape(person.team)}</small></p>"
        for person in people
    )


def _messages(title: str, messages: Sequence[Message]) -> str:
    """Newest first."""
    texts = (html.escape(_unescaped(message.text)) for message in reversed(messages))
    shown = "".join(f"<article>{text}</article>" for text in texts)
    return f"<h2>{html.escape(title)}</h2>{shown or '<p><small>Nothing yet.</small></p>'}"


def _unescaped(text: str) -> str:
    """Slack's own escapes undone, as it does when it shows text; nothing else is interpreted."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _page(title: str, *parts: str) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Upshot playground</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style><main><h1>{html.escape(title)}</h1>{''.join(parts)}</main></html>"
    )
