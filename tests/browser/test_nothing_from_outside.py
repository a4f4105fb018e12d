"""The page talks to nobody but the playground, and nobody but the page talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    expect,
)

from bot.playground.rendering import Origin, Renderer
from tests.browser.cast import Cast
from tests.browser.workspace import Workspace

READER = 7
ELSEWHERE = "http://elsewhere.example"
OUTSIDE = f"{ELSEWHERE}/picture.png"
DIGEST = (
    {"type": "section", "text": {"type": "mrkdwn", "text": f"<{ELSEWHERE}/work|What you did>"}},
    {"type": "image", "image_url": OUTSIDE, "alt_text": "A picture of it"},
    {
        "type": "context",
        "elements": [{"type": "image", "image_url": OUTSIDE, "alt_text": "A small one"}],
    },
)
LURE = """<form method="post" action="{address}">
<input type="hidden" name="text" value="/myusage forget"><button>Win</button></form>"""


class Nobody:
    def user(self, _: str) -> str | None:
        return None

    channel = group = user


class Watched:
    """A window, what it asked for, and what the browser had to complain of."""

    def __init__(self, window: Page) -> None:
        self.window = window
        self.asked: list[Request] = []
        self.complaints: list[str] = []
        window.context.on("request", self._note)
        window.on("console", self._hear)

    def _note(self, request: Request) -> None:
        self.asked.append(request)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    @property
    def hosts(self) -> set[str]:
        """Of all that the policy of the page did not stop before it left the browser."""
        return {urlsplit(one.url).netloc for one in self.asked if one.failure != "csp"}


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, demo: str) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(base_url=demo, locale="en-GB")
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def watched(context: BrowserContext) -> Watched:
    return Watched(await context.new_page())


async def put_in(window: Page, markup: str) -> None:
    main = window.get_by_role("main")
    await main.evaluate("(main, markup) => main.insertAdjacentHTML('beforeend', markup)", markup)


async def test_no_place_loads_anything_from_outside(
    watched: Watched, cast: Cast, demo: str
) -> None:
    window = watched.window
    workspace = Workspace(window)
    await workspace.be(cast.manager)
    outcomes = await workspace.ask("/myusage outcomes")
    await expect(outcomes.get_by_role("link").first).to_be_visible()
    home = await workspace.open_home()
    await expect(home.get_by_role("img").first).to_be_visible()
    await workspace.open_channel(cast.team_channel(cast.manager))

    assert watched.hosts == {urlsplit(demo).netloc}
    assert watched.complaints == []


async def test_links_are_only_followed_and_pictures_only_told_of(
    watched: Watched, cast: Cast, demo: str
) -> None:
    window = watched.window
    await Workspace(window).be(cast.engineers[READER])
    origin = Origin(user="U1", kind="message", id="1.2", action="/")

    await put_in(window, str(Renderer(Nobody()).blocks(DIGEST, origin)))

    await expect(window.get_by_text("A picture of it")).to_be_visible()
    await expect(window.get_by_text("A small one")).to_be_visible()
    await expect(window.get_by_role("link", name="What you did")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    assert watched.hosts == {urlsplit(demo).netloc}
    assert watched.complaints == []


@pytest.mark.parametrize(
    ("markup", "kept_out_by"),
    [
        (f'<img src="{OUTSIDE}">', "img-src"),
        (f'<iframe src="{ELSEWHERE}"></iframe>', "default-src"),
        (f'<link rel="stylesheet" href="{ELSEWHERE}/a.css">', "style-src"),
        ('<p style="position: fixed">over it all</p>', "style-src"),
        ('<img src="data:," onerror="document.title = `taken`">', "script-src"),
    ],
)
async def test_what_gets_into_the_page_all_the_same_does_nothing(
    watched: Watched, cast: Cast, demo: str, markup: str, kept_out_by: str
) -> None:
    window = watched.window
    await Workspace(window).be(cast.engineers[READER])

    async with window.expect_event("console", lambda said: kept_out_by in said.text):
        await put_in(window, markup)

    assert watched.hosts == {urlsplit(demo).netloc}
    assert "taken" not in await window.title()


async def test_no_script_runs_but_the_page_s_own(watched: Watched, cast: Cast) -> None:
    window = watched.window
    await Workspace(window).be(cast.engineers[READER])

    async with window.expect_event("console", lambda said: "script-src" in said.text):
        await window.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "document.title = 'taken'";
              document.body.append(script);
            }"""
        )

    assert "taken" not in await window.title()


async def test_another_site_can_do_nothing_here(
    context: BrowserContext, watched: Watched, cast: Cast, demo: str
) -> None:
    window = watched.window
    await Workspace(window).be(cast.engineers[READER])
    lure = LURE.format(address=f"{window.url}/say?at=app")

    async def tempt(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=lure)

    await context.route(f"{ELSEWHERE}/**", tempt)
    await window.goto(ELSEWHERE)
    async with window.expect_response(lambda got: got.request.method == "POST") as answer:
        await window.get_by_role("button", name="Win").click()

    assert (await answer.value).status == 403
    await expect(
        window.get_by_text("This came from another site; nothing was done.")
    ).to_be_visible()


async def test_another_site_cannot_frame_it(
    context: BrowserContext, watched: Watched, cast: Cast, demo: str
) -> None:
    window = watched.window

    async def frame(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=f'<iframe src="{demo}"></iframe>')

    await context.route(f"{ELSEWHERE}/**", frame)
    async with window.expect_event("requestfailed") as refused:
        await window.goto(ELSEWHERE)

    assert "BLOCKED" in ((await refused.value).failure or "")
    await expect(window.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", ""])
async def test_a_name_that_leads_here_by_a_trick_is_refused(demo: str, host: str) -> None:
    async with httpx.AsyncClient(base_url=demo) as client:
        answer = await client.get("/", headers={"host": host})

    assert answer.status_code == 400
    assert "Who do you want to be" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_request_that_another_site_made_is_refused(
    demo: str, headers: dict[str, str]
) -> None:
    async with httpx.AsyncClient(base_url=demo) as client:
        answer = await client.post("/clock", data={"goal": "tomorrow"}, headers=headers)

    assert answer.status_code == 403
