"""What somebody sees: their own conversations, in their own time zone, and what is new there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.playground.page.people import personas
from bot.playground.rendering import SlackWords
from tests.playground.rendering.page_tree import Part, page_of


@pytest.fixture
def sees(browser):
    async def sees(user: str, place: str = "app", **query: str) -> str:
        answer = await browser.get(f"/as/{user}/{place}", params=query)
        assert answer.status_code == 200
        return answer.text

    return sees


def channel_of(company, user):
    return next(team for team in company.teams if user in team.members)


def conversation(page: str) -> Part:
    return page_of(page[page.index("<main") : page.index("</main>")] + "</main>")


async def test_the_sidebar_has_the_app_and_the_channels_that_one_is_in(sees, company, ada):
    page = await sees(ada)

    assert re.findall(rf'data-go href="/as/{ada}/(\w+)"', page.partition("</nav>")[0]) == [
        "home",
        "app",
        channel_of(company, ada).channel_id,
    ]
    assert f'href="/as/{ada}/app" aria-current="page"' in page
    assert company.people[ada].name in page


async def test_a_guest_is_in_no_channel(sees, guest):
    assert "team-" not in await sees(guest)


async def test_a_conversation_that_one_is_not_in_is_not_there(browser, company, ada, bob):
    other = channel_of(company, bob).channel_id

    answer = await browser.get(f"/as/{ada}/{other}")

    assert answer.status_code == 404
    assert "you are not in it" in answer.text
    assert f'href="/as/{ada}"' in answer.text


async def test_messages_stand_oldest_first_with_day_and_time_of_the_reader(
    sees, bot, clock, company, ada
):
    for hours in (0, 30):
        clock.now += timedelta(hours=hours)
        await bot.call("chat.postMessage", channel=ada, text=f"After {hours} hours")

    page = await sees(ada)

    zone = ZoneInfo(company.people[ada].time_zone)
    assert page.index("After 0 hours") < page.index("After 30 hours")
    assert 'class="day"><span>Today</span>' in page
    local = clock.now.astimezone(zone)
    stamp = local.isoformat(timespec="minutes")
    assert f'<time datetime="{stamp}">{local:%H:%M}</time>' in page


async def test_an_edited_message_says_so(sees, bot, ada):
    posted = await bot.call("chat.postMessage", channel=ada, text="Befor")
    await bot.call("chat.update", channel=posted["channel"], ts=posted["ts"], text="After")

    page = await sees(ada)

    assert "After" in page
    assert "Befor" not in page
    assert "(edited)" in page


async def test_text_is_shown_exactly_and_never_as_markup(sees, bot, ada):
    hostile = "&lt;!channel&gt; &lt;script&gt;alert(1)&lt;/script&gt; <javascript:alert(1)|here>"
    await bot.call("chat.postMessage", channel=ada, text=hostile)

    page = await sees(ada)

    assert "&lt;!channel&gt; &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'href="javascript' not in page


async def test_what_came_while_one_looked_elsewhere_is_marked_until_it_is_read(
    sees, bot, company, ada
):
    channel = channel_of(company, ada).channel_id
    await sees(ada, channel)
    await bot.call("chat.postMessage", channel=ada, text="News")

    elsewhere = await sees(ada, channel)
    await sees(ada)
    afterwards = await sees(ada, channel)

    assert elsewhere.count('class="unread"') == 1
    assert f'href="/as/{ada}/app" class="unread"' in elsewhere
    assert 'class="unread"' not in afterwards


async def test_an_answer_for_one_alone_is_marked_and_gone_on_reload(browser, sees, ada):
    answered = await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage week"})
    followed = str(answered.url)

    assert "Only visible to you" in answered.text
    assert "You asked: week" in answered.text
    assert "You asked: week" in (await browser.get(followed)).text
    assert "You asked: week" not in await sees(ada)


async def test_several_answers_stay_until_the_reload(browser, ada):
    first = await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage one"})
    since = re.search(r'data-since="([\d.]+)"', first.text)[1]

    second = await browser.post(
        f"/as/{ada}/app/say", params={"since": since}, data={"text": "/myusage two"}
    )

    assert "You asked: one" in second.text
    assert "You asked: two" in second.text


async def test_an_answer_stands_where_it_was_asked_for(browser, sees, company, ada):
    channel = channel_of(company, ada).channel_id

    answered = await browser.post(f"/as/{ada}/{channel}/say", data={"text": "/myusage here"})
    since = answered.url.params["since"]

    assert "You asked: here" in answered.text
    assert "You asked: here" not in await sees(ada, "app", since=since)


async def test_a_file_is_a_card_with_a_link_to_save_it(browser, ada):
    page = (await browser.post(f"/as/{ada}/app/say", data={"text": "/myusage export"})).text

    [at] = re.findall(rf'href="(/as/{ada}/files/\w+)" download="upshot.json"', page)
    saved = await browser.get(at)
    assert "All of yours" in page
    assert saved.content == b'{"mine": "all of it"}'
    assert saved.headers["content-disposition"] == "attachment; filename*=utf-8''upshot.json"


async def test_the_box_offers_the_commands_and_their_words(sees, ada):
    page = await sees(ada)

    assert re.findall('data-fills="([^"]+)"', page) == [
        "/myusage ",
        "/myusage week",
        "/myusage log",
        "/myusage export",
        "/myusage later",
        "/myusage help",
        "/teamusage ",
        "/teamusage help",
    ]


async def test_every_message_has_the_shortcuts_of_the_app_in_its_menu(sees, bot, ada):
    await bot.call("chat.postMessage", channel=ada, text="Done")

    page = await sees(ada)

    assert page.count("Log as outcome") == 1
    assert 'popovertarget="menu-m-' in page


@pytest.mark.parametrize("at", ["/as/U0NOBODY/app", "/as/U0NOBODY", "/nowhere", "/as"])
async def test_a_wrong_address_says_so_and_leads_back(browser, at):
    answer = await browser.get(at)

    assert answer.status_code == 404
    assert 'href="/"' in answer.text


@pytest.mark.parametrize("at", ["/changes?as=U0NOBODY", "/static/page.py"])
async def test_there_is_no_news_of_nobody_and_no_file_but_ours(browser, at):
    assert (await browser.get(at)).status_code == 404


async def test_what_is_told_to_a_german_reader_alone_says_so_with_slacks_words_around(
    browser, bot, company
):
    reader = next(one.slack_id for one in company.employees if one.locale == "de-DE")
    await bot.call("chat.postMessage", channel=reader, text="Deine Woche")

    answered = await browser.post(f"/as/{reader}/app/say", data={"text": "/myusage week"})

    page = conversation(answered.text)
    [told, *_] = page.all("div", class_="blocks")
    assert (told.attributes["lang"], told.text.strip()) == ("de", "Deine Woche")
    assert page.one("p", class_="only-you").text == "Nur für dich sichtbar"
    assert {one.text for one in page.all("span", lang="de")} == {"App", "Heute"}


async def test_what_is_told_to_a_whole_channel_or_to_an_english_reader_is_in_the_pages_language(
    sees, bot, company, ada
):
    reader = next(one for one in company.employees if one.locale == "de-DE")
    channel = channel_of(company, reader.slack_id).channel_id
    await bot.call("chat.postMessage", channel=channel, text="The week of the team")
    await bot.call("chat.postMessage", channel=ada, text="Your week")

    for page in (await sees(reader.slack_id, channel), await sees(ada)):
        [told] = conversation(page).all("div", class_="blocks")
        assert "lang" not in told.attributes


def test_a_guest_is_written_to_in_english_whatever_their_slack_speaks(stage, guest):
    german = replace(personas(stage)[guest], locale="de-DE")

    assert german.words == SlackWords("de")
    assert german.words_of_app == SlackWords("en")
