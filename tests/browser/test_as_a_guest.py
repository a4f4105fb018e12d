"""As a guest: nothing is known, nothing is shown and nothing can be done."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.async_api import expect

from tests.browser.cast import Cast
from tests.browser.workspace import Workspace

NOT_KNOWN = (
    "I do not know you. Upshot is for the members of this workspace, not for guests or people of "
    "other organizations: they are left out, and nothing is kept of them."
)
NOT_ALLOWED = "Only an admin of Upshot can do that."


async def test_the_start_page_offers_a_guest_to_whom_nothing_was_said(
    workspace: Workspace, cast: Cast
) -> None:
    assert await workspace.begin_as("A guest") == cast.guest.slack_id

    await expect(workspace.page.get_by_role("region", name="Messages")).to_contain_text(
        "Nothing yet"
    )
    await expect(workspace.messages()).to_have_count(0)


@pytest.mark.parametrize(
    ("command", "words", "sentence"),
    [
        ("/myusage", ("", "log", "settings", "export", "forget", "help"), NOT_KNOWN),
        ("/teamusage", ("", "help"), NOT_KNOWN),
        ("/usageadmin", ("", "audit", "thresholds set minimum_group_size 9"), NOT_ALLOWED),
    ],
    ids=["own", "of a team", "of the admins"],
)
async def test_every_command_is_refused(
    workspace: Workspace, cast: Cast, command: str, words: Sequence[str], sentence: str
) -> None:
    await workspace.be(cast.guest)

    for word in words:
        answer = await workspace.ask(f"{command} {word}".strip())

        await expect(answer).to_contain_text(sentence)
        await expect(workspace.page.get_by_role("dialog")).to_have_count(0)


async def test_the_home_tab_says_no_more(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.guest)

    home = await workspace.open_home()

    await expect(home).to_contain_text(NOT_KNOWN)
    await expect(home.get_by_role("figure")).to_have_count(0)
    await expect(home.get_by_role("button", name="Change settings")).to_have_count(0)
