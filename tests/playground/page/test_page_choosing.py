"""Choosing whom to be: everybody of the company and its guests, and nobody else."""

from __future__ import annotations

import re
from html import unescape


async def linked(browser) -> set[str]:
    return set(re.findall(r'href="/as/(\w+)/app"', (await browser.get("/")).text))


async def test_one_can_be_every_employee_and_every_guest_but_no_bot_and_nobody_who_left(
    browser, company
):
    can_be = {entry.slack_id for entry in company.directory if entry.kind in {"member", "guest"}}

    assert await linked(browser) == can_be


async def test_people_stand_under_their_team_with_job_local_time_and_what_they_are(
    browser, company
):
    page = (await browser.get("/")).text

    for team in company.teams:
        assert f">{team.name} <span" in page
    assert page.count("badge-manager") == len(company.teams)
    assert page.count("badge-admin") == 1
    assert "Mon 06:00 in Los Angeles" in page


async def test_four_people_are_offered_to_begin_with(browser, company, stage):
    page = (await browser.get("/")).text
    cards = page.partition('class="starts"')[2].partition("</ul>")[0]

    offered = re.findall(r'href="/as/(\w+)/app"', cards)
    managers = {team.manager for team in company.teams}
    kinds = {entry.slack_id: entry.kind for entry in company.directory}
    employee, manager, admin, guest = offered
    assert employee not in managers
    assert manager in managers - {stage.admin}
    assert (admin, kinds[guest]) == (stage.admin, "guest")
    assert company.people[employee].locale.startswith("en")


async def test_it_says_what_this_is(browser):
    page = unescape((await browser.get("/")).text)

    assert "made-up company" in page
    assert "the bot they talk to is the real one" in page
    assert "Nothing leaves this machine." in page


async def test_a_person_begins_in_the_messages_of_the_app(browser, ada):
    answer = await browser.get(f"/as/{ada}")

    assert answer.url.path == f"/as/{ada}/app"


async def test_a_guest_can_be_chosen_and_is_refused_by_the_bot(browser, guest):
    assert "Guest" in (await browser.get(f"/as/{guest}/app")).text

    answer = await browser.post(f"/as/{guest}/app/say", data={"text": "/myusage"})

    assert "Upshot is not for guests." in answer.text
