"""What people ask for about themselves, from the signed request to what they are given."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from bot.blocks.rights import WORD_BLOCK
from bot.domain.rights import Refusal
from bot.playground.slack import faults as fault
from bot.services.archive import JSON_NAME
from db.logged import LoggedStore
from db.refusals import hold_writers
from db.usage import UsageStore
from tests.factories import NOON, make_day, make_logged, make_record

FORMULA = "=HYPERLINK(A1)"
CUT_OFF_WHO_WAITS = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
)


@pytest.fixture
async def ada(upshot):
    """With one day of use, and one thing that she logged herself."""
    await UsageStore(upshot.database).replace_day(make_day(make_record(), make_record("bob")), NOON)
    ada = await upshot.services.people.find("UADA")
    await LoggedStore(upshot.database).keep(make_logged(ada.id, what=FORMULA))
    return ada


async def until(there):
    """What comes after the acknowledgement, as soon as it is there."""
    for _ in range(1000):
        if found := there():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("nothing came")


def opened(file) -> ZipFile:
    return ZipFile(io.BytesIO(file.content))


async def audited(upshot) -> list[str]:
    async with upshot.database.unscoped() as connection:
        return list(await connection.scalars(text("SELECT action FROM audit_log ORDER BY id")))


class TestExport:
    async def test_is_answered_at_once_and_the_file_comes_afterwards(self, types, slack, ada):
        answer = await types("/myusage export")
        [file] = await until(lambda: slack.files_of("UADA"))

        assert answer.is_private_and_whole
        assert "putting together" in answer.text
        assert file.name == "upshot-export.zip"
        assert "Nobody else can see" in slack.dms_to("UADA")[-1].text
        assert (await until(lambda: slack.ephemerals_to("UADA")[1:]))[0].text.startswith("The file")

    async def test_has_every_row_twice_as_cells_and_as_json(self, types, slack, ada):
        await types("/myusage export")
        [file] = await until(lambda: slack.files_of("UADA"))

        with opened(file) as archive:
            everything = json.loads(archive.read(JSON_NAME))
            rows = list(csv.DictReader(io.StringIO(archive.read("usage_records.csv").decode())))
        [used] = everything["usage_records"]
        assert (used["account"], used["cost"], used["day"]) == ("ada", "1.25", "2026-03-16")
        assert [row["account"] for row in rows] == ["ada"]
        assert [link["proof"] for link in everything["account_links"]] == ["admin_email"]

    async def test_brings_no_formula_to_life(self, types, slack, ada):
        await types("/myusage export")
        [file] = await until(lambda: slack.files_of("UADA"))

        with opened(file) as archive:
            cells = archive.read("logged_outcomes.csv").decode()
            told = json.loads(archive.read(JSON_NAME))
        assert f"'{FORMULA}" in cells
        assert told["logged_outcomes"][0]["what"] == FORMULA

    async def test_has_nothing_of_anybody_else(self, types, slack, ada):
        await types("/myusage export")
        [file] = await until(lambda: slack.files_of("UADA"))

        with opened(file) as archive:
            told = " ".join(archive.read(name).decode() for name in archive.namelist())
        assert "bob" not in told.lower()

    async def test_is_written_down_without_what_was_in_it(self, types, slack, upshot, ada):
        await types("/myusage export")
        await until(lambda: slack.ephemerals_to("UADA")[1:])

        assert await audited(upshot) == ["exported"]

    async def test_comes_in_words_where_files_may_not_be_sent(self, types, slack, upshot, ada):
        slack.workspace.scopes -= {"files:write"}
        await types("/myusage export")
        await until(lambda: slack.ephemerals_to("UADA")[1:])

        told = "\n".join(message.text for message in slack.ephemerals_to("UADA"))
        assert '"account": "ada"' in told
        assert "upshot export --slack-user UADA" in told
        assert slack.files_of("UADA") == ()
        assert len(slack.ephemerals_to("UADA")) <= 5

    @pytest.mark.parametrize(
        "method", ["files.getUploadURLExternal", "files.completeUploadExternal"]
    )
    async def test_says_so_where_it_fails(self, types, slack, ada, method):
        slack.faults.next(method, fault.Refusal(error="internal_error"))
        await types("/myusage export")
        [failed] = await until(lambda: slack.ephemerals_to("UADA")[1:])

        assert "That did not work" in failed.text
        assert slack.files_of("UADA") == ()


class TestForget:
    @pytest.fixture
    async def form(self, types, slack, ada):
        await types("/myusage forget")
        [form] = slack.modals_of("UADA")
        return form

    async def test_asks_for_a_word_first(self, person, form, upshot):
        ack = await person.fill(form, {WORD_BLOCK: "yes"})

        assert ack.body["response_action"] == "errors"
        assert await upshot.services.people.find("UADA") is not None

    async def test_deletes_everything_and_says_so(self, person, form, slack, upshot, ada):
        await person.fill(form, {WORD_BLOCK: "forget"})
        [told] = await until(lambda: slack.dms_to("UADA"))

        assert "nothing about you is kept any more" in told.text
        async with upshot.database.for_jobs() as connection:
            kept = await connection.scalars(text("SELECT account FROM usage_records"))
            assert kept.all() == ["bob"]
        assert await upshot.services.people.find("UADA") is None

    async def test_is_said_in_one_sentence_whenever_it_is_asked(self, person, form, slack, types):
        await person.fill(form, {WORD_BLOCK: "FORGET"})
        await until(lambda: slack.dms_to("UADA"))

        for command in ("/myusage", "/myusage export", "/myusage forget"):
            assert "have forgotten you, as you asked" in (await types(command)).text

    async def test_can_be_taken_back_as_somebody_new(self, person, form, slack, types, upshot):
        await person.fill(form, {WORD_BLOCK: "FORGET"})
        await until(lambda: slack.dms_to("UADA"))
        answer = await types("/myusage optin")
        await upshot.slack.sync_directory()

        assert "You are in again" in answer.text
        assert await upshot.services.people.find("UADA") is not None

    async def test_takes_an_admin_off_the_list(self, person, form, slack, upshot):
        await upshot.stores.administration.add_admin("UADA", "UBOSS", NOON)
        await person.fill(form, {WORD_BLOCK: "FORGET"})
        await until(lambda: slack.dms_to("UADA"))

        assert "UADA" not in await upshot.services.administration.admins()

    async def test_says_so_where_it_fails_and_keeps_everything(
        self, person, form, slack, upshot, server
    ):
        async with upshot.database.for_jobs() as connection:
            await hold_writers(connection)
            await person.fill(form, {WORD_BLOCK: "FORGET"})
            await until(lambda: server.execute(CUT_OFF_WHO_WAITS))
            [failed] = await until(lambda: slack.dms_to("UADA"))

        assert "That did not work" in failed.text
        assert await upshot.services.people.find("UADA") is not None

    async def test_tells_an_admin_of_the_settings_that_those_stay(self, types, slack):
        await types("/myusage forget", "UBOSS")
        [form] = slack.modals_of("UBOSS")

        assert "Only the operator" in str(form.payload)


class TestLeavingAndComingBack:
    @pytest.fixture
    async def asked(self, types, slack, ada):
        await types("/myusage optout")
        return slack.ephemerals_to("UADA")[-1]

    @pytest.fixture
    async def left(self, asked, person, slack):
        await person.press("rights_opt_out", user_id="UADA", on=asked)
        return await until(lambda: slack.ephemerals_to("UADA")[1:])

    async def test_nothing_happens_before_the_button_is_pressed(self, asked, upshot):
        assert "Stop collecting" in str(asked.blocks)
        assert await upshot.services.rights.refusal_of("UADA") is None

    async def test_nothing_new_is_kept_and_what_was_kept_stays(self, left, upshot):
        day = make_day(make_record(), make_record("bob"), day=NOON.date())
        await UsageStore(upshot.database).replace_day(day, NOON)

        async with upshot.database.for_jobs() as connection:
            kept = await connection.execute(text("SELECT account, day::text FROM usage_records"))
            assert ("ada", "2026-03-16") in (rows := kept.all())
            assert ("ada", "2026-03-25") not in rows
            assert ("bob", "2026-03-25") in rows
        assert await upshot.services.rights.refusal_of("UADA") is Refusal.OPTED_OUT

    async def test_no_message_comes_any_more(self, left, upshot, ada):
        async with upshot.database.for_jobs() as connection:
            row = await connection.execute(
                text("SELECT digest_cadence, opted_out_on FROM people WHERE id = :id"),
                {"id": ada.id},
            )
            assert row.one() == ("off", NOON.date())

    async def test_one_is_still_known_and_may_still_ask(self, left, types):
        assert (await types("/myusage")).is_private_and_whole

    async def test_it_is_taken_back_by_a_word(self, left, types, upshot, ada):
        assert "You are in again" in (await types("/myusage optin")).text
        assert await upshot.services.rights.refusal_of("UADA") is None
        assert await audited(upshot) == ["opted_out", "opted_in"]

    async def test_whoever_never_left_has_nothing_to_take_back(self, types):
        assert "You are in already" in (await types("/myusage optin")).text
