"""As a manager: reads what was released of the team, and fails to see any person."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.async_api import Locator, expect

from tests.browser.cast import Cast, Somebody
from tests.browser.workspace import Workspace

AMOUNT = re.compile(r"\$\d")
EXPORTER = 4
"""Of the others: the first four have parts as employees."""


async def beside_an_amount(texts: Locator, people: Sequence[Somebody]) -> list[str]:
    """Who of *people* is named where an amount stands; there must be amounts to look at."""
    told = [text for text in await texts.all_text_contents() if AMOUNT.search(text)]
    assert told
    return [one.name for one in people if any(one.name in text for text in told)]


async def test_the_summary_of_the_team_stands_in_its_channel(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.manager)
    await workspace.open_channel(cast.team_channel(cast.manager))

    title = f"{cast.manager.team}: AI and finished work"
    summary = workspace.messages().filter(has_text=title).last

    await expect(summary.get_by_text("Spent: about $")).to_be_visible()
    await expect(summary.get_by_text("Settled: ")).to_be_visible()
    await expect(summary).to_contain_text("Approximate on purpose")
    await expect(summary).to_contain_text("the same for all of them. No person's figures are in it")


async def test_the_team_is_read_week_by_week_by_the_manager_alone(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.manager)

    answer = await workspace.ask("/teamusage")

    await expect(answer).to_contain_text(f"{cast.manager.team}: AI and finished work, week by week")
    for column in ("Week", "Spend", "Merged changes", "Seats in use"):
        await expect(answer.get_by_role("columnheader", name=column).first).to_be_visible()
    await expect(answer.get_by_role("figure", name="Approximate spend by week")).to_be_visible()
    await expect(answer).to_contain_text("Members and managers of the team see the same.")


async def test_a_member_reads_the_same_of_the_team_as_its_manager(
    workspace: Workspace, cast: Cast
) -> None:
    member = next(one for one in cast.engineers if one.team == cast.manager.team)

    tables = []
    for person in (cast.manager, member):
        await workspace.be(person)
        table = (await workspace.ask("/teamusage")).get_by_role("table").first
        cells = await table.get_by_role("cell").all_text_contents()
        tables.append([re.findall(r"\d+|withheld", cell)[-1:] for cell in cells])

    assert tables[0]
    assert tables[0] == tables[1]


async def test_nobody_else_is_named_beside_an_amount_wherever_a_manager_looks(
    workspace: Workspace, cast: Cast
) -> None:
    others = cast.everybody_but(cast.manager)
    await workspace.be(cast.manager)
    await workspace.ask("/teamusage")
    await workspace.ask("/myusage")

    assert await beside_an_amount(workspace.messages(), others) == []

    await workspace.open_channel(cast.team_channel(cast.manager))

    assert await beside_an_amount(workspace.messages(), others) == []

    home = await workspace.open_home()
    await expect(home.get_by_role("heading", name="Your settings")).to_be_visible()

    assert await beside_an_amount(home, others) == []


async def test_another_team_is_not_even_said_to_be_there(workspace: Workspace, cast: Cast) -> None:
    other = next(team for team in cast.company.teams if team.name != cast.manager.team)
    await workspace.be(cast.manager)

    of_another = await workspace.ask(f"/teamusage {other.name}")
    of_none = await workspace.ask("/teamusage nowhere")

    assert not AMOUNT.search(await of_another.inner_text())
    said = (await of_another.inner_text()).replace(other.name, "nowhere")
    assert said == await of_none.inner_text()


async def test_no_conversation_that_one_is_not_in_is_found_under_ones_own_address(
    workspace: Workspace, cast: Cast
) -> None:
    teams = [team for team in cast.company.teams if team.name != cast.manager.team]
    people = cast.everybody_but(cast.manager)
    direct = [f"D{number:09d}" for number in range(1, len(people) + 2)]
    elsewhere = [*(team.channel_id for team in teams), *(one.slack_id for one in people), *direct]

    answers = {
        (await workspace.page.request.get(f"/as/{cast.manager.slack_id}/{place}")).status
        for place in elsewhere
    }

    assert answers == {404}


async def test_what_somebody_else_exported_is_not_given_out(
    workspace: Workspace, cast: Cast
) -> None:
    person = cast.others[EXPORTER]
    await workspace.be(person)
    await workspace.ask("/myusage export")
    file = workspace.page.get_by_role("link", name="Download")
    address = str(await file.get_attribute("href"))

    wanted = address.replace(person.slack_id, cast.manager.slack_id)
    given, refused = [await workspace.page.request.get(path) for path in (address, wanted)]

    assert (given.status, refused.status) == (200, 404)
    assert person.name not in await refused.text()
