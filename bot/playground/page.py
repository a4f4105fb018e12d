"""A plain page to look at the made-up workspace: be anybody, read your messages, ask the bot."""

from __future__ import annotations

import asyncio
import html
import signal
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.playground import page_controls
from bot.playground.company import Company
from bot.playground.slack.files import SlackFile
from bot.playground.slack.messages import Message
from bot.playground.slack.person import Person
from bot.playground.slack.stand_in import SlackStandIn
from bot.playground.slack.views import View
from bot.playground.world import World
from bot.running import QuietServer

LOG_AS_OUTCOME = ("log_outcome_shortcut", "Log as outcome")
"""The shortcut that the manifest puts in the menu of every message."""
NOT_SENT = "We had some trouble connecting. Try again?"
PATIENCE_STEPS = 200
STEP_SECONDS = 0.01
Refused = Mapping[str, tuple[Mapping[str, str], Mapping[str, Any]]]
"""By the form: what stands beside its fields, and what was typed into them."""
NOTHING: Refused = MappingProxyType({})
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 46rem; padding: 1rem }
nav a { margin-right: .75rem } article, .modal { overflow-wrap: anywhere;
border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem;
padding: .75rem 1rem; margin: .75rem 0 } article p { white-space: pre-wrap; margin: 0 }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 } article form { margin: .5rem 0 }
input, select, button { font: inherit; padding: .4rem .6rem } form > input { flex: 1 }
.field, .modal form > p { flex: 1 0 100% } .field > label, .field > small, .field > strong,
fieldset label { display: block } .field > input, .field > select { width: 100%;
box-sizing: border-box } small { opacity: .75 }
"""


def make_page(company: Company, slack: SlackStandIn, connect: Callable[[], Person]) -> Starlette:
    """*connect* gives somebody whose commands and clicks reach the bot."""
    page = Page(company, slack, connect)
    does = {
        "home": page.open_home,
        "submit": page.submit,
        "close": page.close,
        "press": page.press,
    }
    return Starlette(
        routes=[
            Route("/", page.everybody),
            Route("/as/{user}", page.somebody),
            Route("/as/{user}", page.ask, methods=["POST"]),
            Route("/as/{user}/shortcut", page.shortcut, methods=["POST"]),
            Route("/as/{user}/files/{file}", page.file),
            *(Route(f"/as/{{user}}/{verb}", do, methods=["POST"]) for verb, do in does.items()),
        ]
    )


class Page:
    """One page for everybody; whoever is named in the address is who one is."""

    def __init__(
        self, company: Company, slack: SlackStandIn, connect: Callable[[], Person]
    ) -> None:
        self._company = company
        self._slack = slack
        self._connect = connect

    async def everybody(self, _: Request) -> Response:
        return _page("Who do you want to be?", _choices(self._company))

    async def somebody(self, request: Request) -> Response:
        user = request.path_params["user"]
        if user not in self._company.people:
            return RedirectResponse("/")
        return self._shown(user)

    async def ask(self, request: Request) -> Response:
        user, posted = await _posted(request)
        command, _, words = posted["command"][0].strip().partition(" ")
        if user in self._company.people and command.startswith("/"):
            async with self._connect() as person:
                await person.command(command, words, user_id=user)
        return _back(user)

    async def press(self, request: Request) -> Response:
        user, posted = await _posted(request)
        place = self._message(user, posted["ts"][0]) or self._home(user, posted["view"][0])
        if place is None:
            return _back(user)
        before = self._seen(user)
        with suppress(LookupError):  # it has changed since it was shown
            async with self._connect() as person:
                await person.press(
                    posted["action"][0],
                    user_id=user,
                    on=place,
                    choose=posted["choose"][0] or None,
                    block_id=posted["block"][0],
                )
        return await self._after(user, before)

    async def file(self, request: Request) -> Response:
        """One that the app shared with *user*, to be saved."""
        user, wanted = request.path_params["user"], request.path_params["file"]
        for file in self._slack.files_of(user):
            if file.id == wanted:
                named = {"content-disposition": f"attachment; filename*=utf-8''{quote(file.name)}"}
                return Response(file.content, 200, named, "application/octet-stream")
        return _back(user)

    async def open_home(self, request: Request) -> Response:
        user, _ = await _posted(request)
        if user not in self._company.people:
            return _back(user)
        before = self._seen(user)
        async with self._connect() as person:
            await person.open_home(user_id=user)
        return await self._after(user, before)

    async def shortcut(self, request: Request) -> Response:
        user, posted = await _posted(request)
        message = self._message(user, posted["ts"][0])
        if message is None:
            return _back(user)
        before = self._seen(user)
        async with self._connect() as person:
            await person.shortcut(posted["callback_id"][0], user_id=user, on=message)
        return await self._after(user, before)

    async def submit(self, request: Request) -> Response:
        user, posted = await _posted(request)
        view = self._modal(user, posted["view"][0])
        if view is None:
            return _back(user)
        given = page_controls.given_in(posted, view)
        try:
            async with self._connect() as person:
                ack = await person.fill(view, given)
        except (LookupError, ValueError) as refusal:
            return self._shown(user, {view.id: ({"": str(refusal)}, given)})
        if ack.error:
            return self._shown(user, {view.id: ({"": NOT_SENT}, given)})
        answer = ack.body if isinstance(ack.body, dict) else {}
        if errors := answer.get("errors"):
            return self._shown(user, {view.id: (errors, given)})
        return _back(user)

    async def close(self, request: Request) -> Response:
        user, posted = await _posted(request)
        if (view := self._modal(user, posted["view"][0])) is not None:
            self._slack.workspace.views.close(view.id)
        return _back(user)

    def _shown(self, user: str, refused: Refused = NOTHING) -> Response:
        employee = self._company.people[user]
        return _page(
            f"{employee.name}, {employee.job}, team {employee.team}",
            '<nav><a href="/">somebody else</a></nav>',
            *(page_controls.modal(v, *refused.get(v.id, ({}, {}))) for v in self._modals(user)),
            f'<form method="post" action="/as/{quote(user)}"><input name="command" '
            'value="/myusage" aria-label="Command"><button>Send</button></form>',
            page_controls.home(self._slack.home_of(user), user),
            _messages("Only visible to you", self._slack.ephemerals_to(user), user),
            _files(self._slack.files_of(user), user),
            _messages("Direct messages", self._slack.dms_to(user), user, LOG_AS_OUTCOME),
            _messages(f"#{employee.team}", self._in_channel(user), user, LOG_AS_OUTCOME),
        )

    async def _after(self, user: str, before: tuple[int, int, View | None]) -> Response:
        """What a button leads to comes after it was acknowledged: wait for that a moment."""
        for _ in range(PATIENCE_STEPS):
            if self._seen(user) != before:
                break
            await asyncio.sleep(STEP_SECONDS)
        return _back(user)

    def _seen(self, user: str) -> tuple[int, int, View | None]:
        said = len(self._slack.ephemerals_to(user)) + len(self._slack.dms_to(user))
        return said, len(self._modals(user)), self._slack.home_of(user)

    def _modals(self, user: str) -> Sequence[View]:
        with self._slack.workspace.lock:
            return self._slack.modals_of(user)

    def _modal(self, user: str, view_id: str) -> View | None:
        return next((view for view in self._modals(user) if view.id == view_id), None)

    def _home(self, user: str, view_id: str) -> View | None:
        view = self._slack.home_of(user)
        return view if view is not None and view.id == view_id else None

    def _in_channel(self, user: str) -> Sequence[Message]:
        team = self._company.people[user].team
        return self._slack.messages_in(
            next(known.channel_id for known in self._company.teams if known.name == team)
        )

    def _message(self, user: str, ts: str) -> Message | None:
        """One that *user* can see."""
        if user not in self._company.people:
            return None
        seen = (*self._slack.ephemerals_to(user), *self._slack.dms_to(user))
        return next((m for m in (*seen, *self._in_channel(user)) if m.ts == ts), None)


async def show_page(world: World, events_url: str, port: int, say: Callable[[str], None]) -> None:
    """Serve the page on loopback until Ctrl-C or SIGTERM."""
    config = uvicorn.Config(
        make_page(world.company, world.slack, partial(Person, world.slack, events_url)),
        port=port,
        log_level="error",
        access_log=False,
        lifespan="off",
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


async def _posted(request: Request) -> tuple[str, Mapping[str, list[str]]]:
    """Who did it, and the fields of the form; one that was not sent is empty."""
    fields = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
    return request.path_params["user"], defaultdict(lambda: [""], fields)


def _back(user: str) -> Response:
    return RedirectResponse(f"/as/{quote(user)}", status_code=303)


def _messages(
    title: str, messages: Sequence[Message], user: str, shortcut: tuple[str, str] | None = None
) -> str:
    """Newest first."""
    articles = "".join(_article(message, user, shortcut) for message in reversed(messages))
    return f"<h2>{html.escape(title)}</h2>{articles or '<p><small>Nothing yet.</small></p>'}"


def _files(files: Sequence[SlackFile], user: str) -> str:
    links = "".join(
        f'<p><a href="/as/{quote(user)}/files/{quote(file.id)}">{html.escape(file.name)}</a>'
        f" <small>{file.length:,} bytes</small></p>"
        for file in files
    )
    return f"<h2>Files for you alone</h2>{links}" if links else ""


def _article(message: Message, user: str, shortcut: tuple[str, str] | None) -> str:
    said = html.escape(page_controls.shown(message.text))
    more = page_controls.shortcut_button(message, user, *shortcut) if shortcut else ""
    return f"<article><p>{said}</p>{page_controls.controls_of(message, user)}{more}</article>"


def _page(title: str, *parts: str) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Upshot playground</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{STYLE}</style><main><h1>{html.escape(title)}</h1>{''.join(parts)}</main></html>"
    )
