"""As an employee: reads the digest, asks, logs, answers, chooses, exports and is forgotten."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.cast import Cast
from tests.browser.exported import mentioned_in, rows_in
from tests.browser.workspace import Workspace

READER, TYPIST, LOGGER, EXPORTER = range(4)
"""Of the engineers."""
FORGOTTEN, CLICKER, CHOOSER, DOUBTER = range(4)
"""Of the others."""


async def test_the_digest_sets_own_spend_beside_finished_work(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])

    digest = workspace.digests().filter(has_text="settled").last
    spent = digest.get_by_text(re.compile(r"^Spent: .*\$\d"))
    finished = digest.get_by_text(re.compile(r"^Finished: \d+ merged change")).first
    await digest.scroll_into_view_if_needed()
    left, right = await spent.bounding_box(), await finished.bounding_box()

    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["x"] < right["x"]


async def test_the_chart_of_the_digest_has_its_figures_as_a_table(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])

    digest = workspace.digests().last
    chart = digest.get_by_role("figure", name="Your spend on AI by week")
    await expect(chart.get_by_role("img", name="Bar chart")).to_be_visible()
    await expect(chart.get_by_role("table")).to_be_hidden()
    await chart.get_by_text("Figures", exact=True).click()

    spent = await digest.get_by_text(re.compile("^Spent: ")).text_content()
    last_week = chart.get_by_role("row").last
    await expect(last_week).to_contain_text("9 Nov" if "US$" in str(spent) else "Nov 9")
    await expect(last_week).to_contain_text(str(spent).partition("$")[2])


async def test_the_digest_says_how_far_its_data_goes_and_who_sees_it(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[READER])

    digest = workspace.digests().last

    await expect(digest).to_contain_text(
        re.compile(r"Data through: \S.* (15 November|November 15)")
    )
    await expect(digest).to_contain_text("Only you can see this message.")
    answer = await workspace.press(digest.get_by_role("button", name="Who can see what"))
    await expect(answer).to_contain_text("Colleagues, managers and the admins of this bot")


async def test_a_command_is_typed_with_hints_and_its_answer_is_gone_on_reload(
    workspace: Workspace, cast: Cast, page: Page
) -> None:
    await workspace.be(cast.engineers[TYPIST])

    await workspace.box.press_sequentially("/my")
    await expect(page.get_by_role("option", name="/myusage")).to_have_count(1)
    await workspace.box.press("ArrowDown")
    await workspace.box.press("Enter")
    await workspace.box.press_sequentially("mo")
    await expect(page.get_by_role("option", name="/myusage month")).to_be_visible()
    await workspace.box.press("Tab")
    await expect(workspace.box).to_have_value("/myusage month")
    await workspace.box.press("Enter")

    await expect(workspace.answers()).to_have_count(1)
    await expect(workspace.answers()).to_contain_text("This month so far")
    await expect(workspace.answers()).to_contain_text("Only visible to you")
    await page.reload()
    await expect(workspace.digests().last).to_be_visible()
    await expect(workspace.answers()).to_have_count(0)


async def test_an_outcome_is_logged_though_something_was_wrong_at_first(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.engineers[LOGGER])

    form = await workspace.ask_for_form("/myusage log", "Log an outcome")
    await form.get_by_label("What kind of work was it?").select_option("Data cleaned")
    await form.get_by_label("What did you finish, or try?").fill("Addresses <b>of</b> & for <@U1>")
    await form.get_by_label("Link").fill("ftp://example.com/addresses")
    await form.get_by_role("button", name="Keep it").click()

    wrong = "A link begins with https:// or http:// and holds no name or password."
    await expect(form.get_by_role("alert")).to_have_text(wrong)
    link = form.get_by_label("Link")
    await expect(link).to_have_accessible_description(wrong)
    await expect(link).to_have_attribute("aria-invalid", "true")
    await expect(link).to_be_focused()
    await expect(link).to_have_value("ftp://example.com/addresses")
    await expect(form.get_by_label("What kind of work was it?")).to_have_value("data_cleaned")
    await expect(form.get_by_label("What did you finish, or try?")).to_have_value(
        "Addresses <b>of</b> & for <@U1>"
    )

    await link.fill("https://example.com/addresses")
    await form.get_by_role("button", name="Keep it").click()
    kept = await workspace.form("Upshot")
    await expect(kept).to_contain_text("Kept.")
    await workspace.close(kept)
    listed = await workspace.ask("/myusage outcomes")
    await expect(listed).to_contain_text("Addresses <b>of</b> & for <@U1>")
    await expect(listed).to_contain_text("Data cleaned")


async def test_an_outcome_is_logged_from_the_menu_of_a_message(
    workspace: Workspace, cast: Cast
) -> None:
    person, told = cast.others[CLICKER], "The checklist for handing over is ready"
    await workspace.be(person)
    await workspace.open_channel(cast.team_channel(person))
    await workspace.say(told)

    form = await workspace.shortcut(workspace.line(told), "Log as outcome")
    await expect(form.get_by_label("What did you finish, or try?")).to_have_value(told)
    await form.get_by_label("What kind of work was it?").select_option("Process automated")
    await form.get_by_role("button", name="Keep it").click()
    await workspace.close(await workspace.form("Upshot"))

    await workspace.open_messages()
    await expect(await workspace.ask("/myusage outcomes")).to_contain_text(told)


async def test_an_entry_is_deleted_only_after_a_second_thought(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.others[DOUBTER])
    form = await workspace.ask_for_form("/myusage log", "Log an outcome")
    await form.get_by_label("What kind of work was it?").select_option("Tried it, did not work")
    await form.get_by_label("What did you finish, or try?").fill("A sorter of mails")
    await form.get_by_role("button", name="Keep it").click()
    await workspace.close(await workspace.form("Upshot"))
    listed = await workspace.ask("/myusage outcomes")
    delete = listed.get_by_role("button", name="Delete: A sorter of mails")

    await delete.click()
    question = await workspace.form("Delete this entry?")
    await question.get_by_role("button", name="Do not delete").click()

    await expect(question).to_be_hidden()
    await expect(await workspace.ask("/myusage outcomes")).to_contain_text("A sorter of mails")
    await delete.click()
    answer = await workspace.press(question.get_by_role("button", name="Delete", exact=True))
    await expect(answer).to_contain_text("Nothing of it is kept.")
    await expect(await workspace.ask("/myusage outcomes")).not_to_contain_text("A sorter of mails")


async def test_who_is_asked_about_a_costly_day_looks_what_ran_and_answers(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.asked)
    asked = workspace.messages().filter(has_text="One day of AI use cost far more").last
    await expect(asked).to_contain_text("A large job that you started on purpose looks just like")
    await expect(asked).to_contain_text("Only you can see this message.")

    ran = await workspace.press(asked.get_by_role("button", name="Check what ran"))
    await expect(ran.get_by_role("columnheader", name="Tool and model")).to_be_visible()
    answer = await workspace.press(asked.get_by_role("button", name="This was expected"))

    await expect(answer).to_contain_text("Good to know. It counts as usual for you")
    await expect(answer).to_contain_text("Nothing more is said of unusual spend before")


async def test_when_the_digest_comes_is_changed_in_the_home_tab(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.others[CHOOSER])
    home = await workspace.open_home()
    await expect(home).to_contain_text("Your digest comes every week.")

    await home.get_by_role("button", name="Change settings").click()
    form = await workspace.form("Your settings")
    await expect(form.get_by_label("Every week")).to_be_checked()
    await form.get_by_label("On which day?").select_option("Thursday")
    await form.get_by_role("button", name="Keep it").click()
    kept = await workspace.form("Upshot")
    chosen = "Your digest comes every week, on Thursday."
    await expect(kept).to_contain_text(f"Kept. {chosen}", use_inner_text=True)
    await workspace.close(kept)

    await expect(home).to_contain_text(chosen)


async def test_everything_is_exported_and_nobody_elses(workspace: Workspace, cast: Cast) -> None:
    person = cast.engineers[EXPORTER]
    await workspace.be(person)

    begun = await workspace.ask("/myusage export")
    await expect(begun).to_contain_text("I am putting together everything")
    downloaded = await workspace.download(workspace.page.get_by_role("link", name="Download"))
    archive = await downloaded.path()

    assert downloaded.suggested_filename == "upshot-export.zip"
    assert [row["email"] for row in rows_in(archive, "people.csv")] == [person.email]
    assert len(rows_in(archive, "usage_records.csv")) > 20
    assert len(rows_in(archive, "outcomes.csv")) > 5
    assert mentioned_in(archive, cast.everybody_but(person)) == []


async def test_who_is_forgotten_is_asked_for_a_word_and_then_not_known_any_more(
    workspace: Workspace, cast: Cast
) -> None:
    await workspace.be(cast.others[FORGOTTEN])
    form = await workspace.ask_for_form("/myusage forget", "Forget me")
    word = form.get_by_label("Type FORGET if you are sure")

    await word.fill("yes")
    await form.get_by_role("button", name="Forget me").click()
    await expect(word).to_have_accessible_description("Type FORGET, or press Cancel.")
    await word.fill("FORGET")
    await form.get_by_role("button", name="Forget me").click()
    await workspace.close(await workspace.form("Upshot"))

    done = workspace.messages().filter(has_text="nothing about you is kept any more")
    await expect(done).to_be_visible()
    answer = await workspace.ask("/myusage")
    await expect(answer).to_contain_text("I have forgotten you, as you asked")
    await expect(await workspace.open_home()).to_contain_text("I have forgotten you, as you asked")
