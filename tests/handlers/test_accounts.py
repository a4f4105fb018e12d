"""Whose accounts are, from the signed request to what each of those concerned gets to see."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.blocks.accounts import LINES
from bot.blocks.kit import actions, button, message, section
from bot.clock import SetClock
from bot.domain.accounts import OBJECTION
from bot.domain.delivery import DeliveryKind
from db.usage import UsageStore
from tests.factories import NOON, make_day, make_record

AN_HOUR = timedelta(hours=1)
ADA_HAS_IT = "anthropic,user_1,ada@example.com"


@pytest.fixture
async def ask(upshot):
    async def ask(query: str) -> list[tuple]:
        async with upshot.database.for_jobs() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    return ask


@pytest.fixture(autouse=True)
async def _an_account_of_nobody(upshot):
    used = make_day(make_record("user_1"), emails={})
    await UsageStore(upshot.database).replace_day(used, NOON)


@pytest.fixture
async def form(types, slack):
    await types("/usageadmin accounts import", "UBOSS")
    [opened] = slack.modals_of("UBOSS")
    return opened


@pytest.fixture
async def asked(person, form, ask):
    """Ada is asked; gives the question's number."""
    await person.fill(form, {LINES: ADA_HAS_IT})
    [(number,)] = await ask("SELECT id::text FROM assertions")
    return number


@pytest.fixture
def sends(upshot):
    async def sends() -> None:
        """All that is due."""
        assert upshot.slack is not None
        await upshot.slack.sender.send_due()

    return sends


@pytest.fixture
def press(person, slack):
    async def press(action: str, value: str, user_id: str = "UADA") -> str:
        shown = message("x", section("s", "x"), actions("row", button("x", action, value=value)))
        dm = slack.workspace.channels.dm_with(user_id).id
        payload = {"text": shown.text, "blocks": list(shown.blocks)}
        posted = slack.workspace.messages.post(dm, slack.workspace.bot.id, payload)
        before = len(slack.ephemerals_to(user_id))
        ack = await person.press(action, user_id=user_id, on=posted)
        assert (ack.status, ack.error) == (200, None)
        for _ in range(1000):
            if answers := slack.ephemerals_to(user_id)[before:]:
                return answers[-1].text
            await asyncio.sleep(0.01)
        raise AssertionError("no answer came")

    return press


class TestMyOwn:
    async def test_are_shown_to_the_one_who_asks(self, types, upshot):
        used = make_day(make_record("user_2"), emails={"user_2": "ada@example.com"})
        await UsageStore(upshot.database).replace_day(used, NOON)

        hers, his = await types("/myusage accounts"), await types("/myusage accounts", "UBOB")

        assert hers.is_private_and_whole
        assert "user_2" in hers.text
        assert his.is_private_and_whole
        assert "No account is known to be yours." in his.text
        assert "user_" not in his.text

    async def test_show_what_waits_for_an_answer(self, types, asked):
        hers, his = await types("/myusage accounts"), await types("/myusage accounts", "UBOB")

        assert "An admin says that this is yours" in hers.text
        assert asked in str(hers.ack.body["blocks"])
        assert "An admin says" not in his.text


class TestTheForm:
    async def test_is_for_admins(self, types, slack):
        answer = await types("/usageadmin accounts import")

        assert answer.is_private_and_whole
        assert slack.modals_of("UADA") == ()

    async def test_asks_those_whom_it_names(self, person, form, slack, sends):
        ack = await person.fill(form, {LINES: ADA_HAS_IT})
        await sends()

        assert ack.violations == ()
        [told] = slack.dms_to("UADA")
        assert "An admin says that an account is yours." in told.text
        assert slack.dms_to("UBOB") == ()
        assert "*1 account.*" in str(slack.modals_of("UBOSS")[0].payload["blocks"])

    async def test_links_nothing_by_itself(self, person, form, ask):
        await person.fill(form, {LINES: ADA_HAS_IT})

        assert await ask("SELECT 1 FROM account_links") == []

    @pytest.mark.parametrize(
        ("typed", "fault"),
        [
            ("anthropic,user_9,ada@example.com", "Line 1: no account of this name is known."),
            ("anthropic,user_1,nobody@example.com", "Line 1: this names nobody"),
            ("anthropic,user_1,guest@example.com", "Line 1: this names nobody"),
            ("anthropic,user_1,WOUT", "Line 1: this names nobody"),
            ("anthropic,user_1,UBOSS", "Line 1: another admin has to say this of you."),
            (f"{ADA_HAS_IT}\nx", "Line 2: write the source"),
            ("source,account,person", "Write at least one line."),
        ],
    )
    async def test_says_under_the_lines_what_is_wrong(self, person, form, ask, typed, fault):
        ack = await person.fill(form, {LINES: typed})

        assert ack.violations == ()
        assert fault in ack.body["errors"][LINES]
        assert await ask("SELECT 1 FROM assertions") == []

    async def test_is_worth_nothing_from_whoever_is_no_admin(self, person, form, ask):
        await person.fill(form, {LINES: ADA_HAS_IT}, user_id="UBOB")

        assert await ask("SELECT 1 FROM assertions") == []

    async def test_asks_once_when_it_is_sent_twice(self, person, form, ask):
        values = {LINES: {"value": {"type": "plain_text_input", "value": ADA_HAS_IT}}}
        for _ in range(2):
            await person.submit(form, values, user_id="UBOSS")

        assert await ask("SELECT count(*) FROM assertions") == [(1,)]


class TestAnObjection:
    async def test_keeps_the_account_as_it_was_and_tells_the_admin(
        self, press, asked, slack, sends, ask
    ):
        await sends()

        answer = await press("account_not_me", asked)
        await sends()

        assert "It stays as it was." in answer
        [told] = [m for m in slack.dms_to("UBOSS") if "account" in m.text]
        assert "Somebody said no" in told.text
        assert "ada" not in told.text.lower()
        assert await ask("SELECT objected_at IS NOT NULL FROM assertions") == [(True,)]

    @pytest.mark.parametrize("user", ["UBOB", "UBOSS"])
    async def test_is_nobody_elses_to_make(self, press, asked, ask, user):
        answer = await press("account_not_me", asked, user)

        assert "That is settled already." in answer
        assert await ask("SELECT objected_at FROM assertions") == [(None,)]

    @pytest.mark.parametrize("value", ["", "x", "00000000-0000-0000-0000-000000000009"])
    async def test_needs_something_to_say_no_to(self, press, value):
        assert "That is settled already." in await press("account_not_me", value)

    async def test_of_the_present_owner_keeps_it_theirs(self, upshot, person, press, sends, ask):
        await self._given_to_ada(upshot, person, sends)
        await upshot.services.identities.assert_lines(
            "anthropic,user_1,UBOB", by="UBOSS", form="2", render=_says_whom
        )
        [(number,)] = await ask("SELECT id::text FROM assertions WHERE linked_at IS NULL")
        await sends()

        answer = await press("account_mine", number)
        self._later(upshot, 4)
        await upshot.services.identities.settle()

        assert "It stays as it was." in answer
        assert await ask(
            "SELECT slack_user_id FROM account_links JOIN people ON id = person_id"
        ) == [("UADA",)]

    async def _given_to_ada(self, upshot, person, sends) -> None:
        await upshot.services.identities.assert_lines(
            ADA_HAS_IT, by="UBOSS", form="1", render=_says_whom
        )
        await sends()
        self._later(upshot, 1)
        assert await upshot.services.identities.settle() == 1

    @staticmethod
    def _later(upshot, days: int) -> None:
        assert isinstance(upshot.clock, SetClock)
        upshot.clock.move_to(NOON + days * OBJECTION + AN_HOUR)


class TestTheCounts:
    async def test_are_shown_to_admins_without_a_name(self, types):
        answer = await types("/usageadmin accounts", "UBOSS")

        assert answer.is_private_and_whole
        assert "1 is nobody's" in answer.text
        assert "user_1" not in answer.text

    async def test_are_shown_to_nobody_else(self, types):
        answer = await types("/usageadmin accounts")

        assert "nobody's" not in answer.text

    async def test_come_with_help_for_a_word_that_is_not_known(self, types):
        answer = await types("/usageadmin accounts everybody", "UBOSS")

        assert "accounts everybody" in answer.text


def _says_whom(person, assertion, is_owner):
    return message("x.", section("s", DeliveryKind.ACCOUNT))
