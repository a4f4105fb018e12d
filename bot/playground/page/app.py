"""The page as an ASGI application: its addresses, and what is answered where there is nothing."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground.page.acting import Acting
from bot.playground.page.changes import NOBODY_YET, stream
from bot.playground.page.guarding import HEADERS, HOSTS, SameOrigin, WithHeaders
from bot.playground.page.playhouse import Playhouse
from bot.playground.page.reaching import Reach
from bot.playground.page.saying import Saying
from bot.playground.page.showing import Showing
from bot.playground.page.spots import APP
from bot.playground.page.stage import Stage
from bot.playground.page.templating import assets

A_DAY = "max-age=86400, immutable"
WRONG = {
    400: "That was not a request of this page.",
    404: "There is nothing at this address.",
    405: "This address is for something else.",
    413: "That is more than this page takes at once.",
}
NOBODY = "Nobody of that name works here. Perhaps the playground was started anew since."
NOT_IN_THERE = "There is no such conversation, or you are not in it."
NO_FILE = "There is no such file for you."
BROKEN = "Something went wrong on this page. What you did may have reached Upshot all the same."


def make_page(stage: Stage) -> Starlette:
    house = Playhouse(stage)
    reach = Reach(stage, house.journal)
    page, acting, saying = Page(house), Acting(house, reach), Saying(house, reach)
    does = {
        "press": acting.press,
        "shortcut": acting.shortcut,
        "submit": acting.submit,
        "close": acting.close,
        "home": acting.home,
        "{place}/say": saying.say,
    }
    app = Starlette(
        routes=[
            Route("/", page.start),
            Route("/clock", acting.clock, methods=["POST"]),
            Route("/changes", page.changes),
            Route("/static/{name}", page.asset),
            Route("/as/{user}", page.somebody),
            Route("/as/{user}/files/{file}", page.file),
            *(Route(f"/as/{{user}}/{verb}", do, methods=["POST"]) for verb, do in does.items()),
            Route("/as/{user}/{place}", page.place),
            Route("/as/{user}/{place}/requests", page.place),
        ],
        middleware=[
            Middleware(WithHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
            Middleware(SameOrigin),
        ],
        exception_handlers={HTTPException: page.wrong, Exception: page.broken},
    )
    app.state.changes = house.changes
    return app


class Page:
    """What can be looked at."""

    def __init__(self, house: Playhouse) -> None:
        self._house = house
        self._showing = Showing(house)

    async def start(self, _: Request) -> Response:
        return self._showing.start()

    async def somebody(self, request: Request) -> Response:
        user = request.path_params["user"]
        if user not in self._house.people:
            raise HTTPException(404, NOBODY)
        return RedirectResponse(f"/as/{quote(user)}/{APP}")

    async def place(self, request: Request) -> Response:
        persona = self._house.people.get(request.path_params["user"])
        if persona is None:
            raise HTTPException(404, NOBODY)
        place = self._house.places.find(persona.id, request.path_params["place"])
        if place is None:
            raise HTTPException(404, NOT_IN_THERE)
        query = request.query_params
        has_requests = request.url.path.endswith("/requests")
        spot = replace(self._house.spot(persona.id, place, query), has_requests=has_requests)
        return self._showing.place(
            persona, place, spot, query.get("note"), shows_all="all" in query
        )

    async def file(self, request: Request) -> Response:
        """One that the app shared with somebody, to be saved."""
        file = self._house.places.file(request.path_params["user"], request.path_params["file"])
        if file is None or request.path_params["user"] not in self._house.people:
            raise HTTPException(404, NO_FILE)
        named = {"content-disposition": f"attachment; filename*=utf-8''{quote(file.name, safe='')}"}
        return Response(file.content, 200, named, "application/octet-stream")

    async def changes(self, request: Request) -> Response:
        user = request.query_params.get("as", NOBODY_YET)
        if user != NOBODY_YET and user not in self._house.people:
            raise HTTPException(404, NOBODY)
        events = stream(self._house.changes, self._house.stage.time, user)
        return StreamingResponse(events, media_type="text/event-stream")

    async def asset(self, request: Request) -> Response:
        found = assets().get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        kind, content = found
        return Response(content, 200, {"cache-control": A_DAY}, kind)

    async def wrong(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        own = error.detail in {NOBODY, NOT_IN_THERE, NO_FILE}
        sentence = error.detail if own else WRONG.get(error.status_code, BROKEN)
        return self._wrong(request, sentence, error.status_code)

    async def broken(self, request: Request, _: Exception) -> Response:
        answer = self._wrong(request, BROKEN, 500)
        answer.headers.update(HEADERS)
        return answer

    def _wrong(self, request: Request, sentence: str, status: int) -> Response:
        user = request.path_params.get("user")
        if user in self._house.people:
            return self._showing.wrong(sentence, status, f"/as/{quote(user)}", "To your messages")
        return self._showing.wrong(sentence, status, "/", "Choose who you are")
