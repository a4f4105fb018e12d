"""As an admin: sets what may be set, is held to the floors, is written down, sees no figures."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.cast import Cast
from tests.browser.workspace import Workspace


async def test_the_start_page_offers_the_admin(workspace: Workspace, cast: Cast) -> None:
    assert await workspace.begin_as("The admin") == cast.admin.slack_id

    await expect(workspace.page.get_by_role("navigation", name="Places")).to_contain_text("admin")


async def test_thresholds_are_listed_with_what_each_takes(workspace: Workspace, cast: Cast) -> None:
    await workspace.be(cast.admin)

    answer = await workspace.ask("/usageadmin thresholds")

    await expect(answer.get_by_role("heading", name="Thresholds")).to_be_visible()
    await expect(answer).to_contain_text(
        "People behind a team's figure, at least: 5 · minimum_group_size (5 to 50)"
    )
    await expect(answer).to_contain_text("nobody's figures are shown here")


async def test_a_threshold_is_set_and_stands_in_the_audit_log(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.admin)

    changed = await workspace.ask("/usageadmin thresholds set tip_minimum_saving 6")

    await expect(changed).to_contain_text("tip_minimum_saving is 6 now: US dollars that a tip must")
    audit = await workspace.ask("/usageadmin audit")
    await expect(audit).to_contain_text(f"@{cast.admin.name} set tip_minimum_saving to 6, from")


async def test_a_value_under_the_floor_is_refused_by_naming_the_floor(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.admin)

    refused = await workspace.ask("/usageadmin thresholds set minimum_group_size 4")

    await expect(refused).to_contain_text("Nothing was changed.")
    await expect(refused).to_contain_text("minimum_group_size is a whole number from 5 to 50.")
    now = await workspace.ask("/usageadmin thresholds")
    await expect(now).to_contain_text("at least: 5 · minimum_group_size")
    audit = await workspace.ask("/usageadmin audit 30")
    await expect(audit).not_to_contain_text("minimum_group_size")


@pytest.mark.parametrize("word", ["status", "accounts", "providers"])
async def test_health_is_told_without_a_name_or_an_amount(
    workspace: Workspace, cast: Cast, word: str
) -> None:
    await workspace.be(cast.admin)

    answer = await workspace.ask(f"/usageadmin {word}")

    await expect(answer).to_contain_text("Settings and health only: nobody's figures")
    await expect(answer).to_contain_text("Anthropic")
    told = await answer.inner_text()
    assert not re.search(r"[$€]", told)
    assert [one.name for one in cast.company.directory if one.name in told] == []


async def test_the_teams_figures_are_no_admins_business(workspace: Workspace, cast: Cast) -> None:
    other = next(team for team in cast.company.teams if team.name != cast.admin.team)
    await workspace.be(cast.admin)

    answer = await workspace.ask(f"/teamusage {other.name}")

    assert "$" not in await answer.inner_text()
