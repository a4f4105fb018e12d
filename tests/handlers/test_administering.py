"""What admins type about settings and the audit log, and what everybody can check of it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.app import open_upshot
from bot.database import DatabaseUrls
from bot.domain.audit import Action, AuditEntry
from bot.errors import InvalidAgreementError
from bot.running import note_agreement
from db.audit import AuditStore
from tests.factories import NOON

AGREEMENT = """
title = "Works agreement <!channel>"
date = 2026-03-02

[minimum_group_size]
at_least = 8
"""


@pytest.fixture
def agreement_file(empty_folder):
    path = empty_folder / "agreement.toml"
    path.write_text(AGREEMENT, encoding="utf-8")
    return path


class TestTheAuditLog:
    async def test_tells_who_changed_what_newest_first(self, types):
        await types("/usageadmin thresholds set settle_days 9", "UBOSS")
        await types("/usageadmin admins add <@UADA>", "UBOSS")

        told = (await types("/usageadmin audit", "UBOSS")).text

        added = told.index("<@UBOSS> made <@UADA> an admin.")
        assert added < told.index("<@UBOSS> set settle_days to 9, from March 25, 2026 on.")

    @pytest.mark.parametrize(
        ("asked", "shown"), [("", 10), (" 3", 3), (" 0", 1), (" 9999", 12), (" 0012", 12)]
    )
    async def test_tells_as_many_as_are_asked_for(self, types, asked, shown):
        for days in range(1, 13):
            await types(f"/usageadmin thresholds set settle_days {days}", "UBOSS")

        told = (await types(f"/usageadmin audit{asked}", "UBOSS")).text

        assert told.count("set settle_days") == shown

    @pytest.mark.parametrize("asked", ["ten", "-1", "1.5", "٣", "99999", "3 4", "<!channel>"])
    async def test_of_no_such_number_says_what_can_be_asked(self, types, asked):
        assert "audit 30" in (await types(f"/usageadmin audit {asked}", "UBOSS")).text

    async def test_names_nobody_who_used_a_right(self, types, upshot):
        entry = AuditEntry(at=NOON, actor="UADA", action=Action.EXPORTED, people={"target": "UADA"})
        await AuditStore(upshot.database).append(entry)

        answer = await types("/usageadmin audit", "UBOSS")

        assert "somebody exported their data" in answer.text
        assert "UADA" not in str(answer.ack.body)

    async def test_is_for_admins(self, types):
        assert "for the admins of Upshot" in (await types("/usageadmin audit")).text


class TestAnAgreement:
    @pytest.fixture
    def settings(self, settings, agreement_file):
        return settings.model_copy(update={"agreement_file": agreement_file})

    async def test_is_named_to_who_wants_to_weaken_it(self, types):
        answer = await types("/usageadmin thresholds set minimum_group_size 7", "UBOSS")

        assert answer.is_private_and_whole
        assert "minimum_group_size is fixed by agreement" in answer.text
        assert "March 2, 2026): at least 8" in answer.text
        assert "<!channel>" not in answer.text

    async def test_lets_an_admin_guard_more(self, types):
        answer = await types("/usageadmin thresholds set minimum_group_size 9", "UBOSS")

        assert "minimum_group_size will be 9 from March 30; until then it is 8." in answer.text

    @pytest.mark.parametrize(
        ("command", "user"),
        [
            ("/myusage privacy", "UADA"),
            ("/usageadmin status", "UBOSS"),
            ("/usageadmin thresholds", "UBOSS"),
        ],
    )
    async def test_is_shown_wherever_somebody_looks(self, types, command, user):
        told = (await types(command, user)).text.lower()

        assert "fixed by agreement" in told
        assert "at least 8" in told

    async def test_is_in_the_audit_log_from_the_first_start_on(self, types, upshot):
        await note_agreement(upshot)
        await note_agreement(upshot)

        told = (await types("/usageadmin audit", "UBOSS")).text
        assert told.count("what is fixed by agreement changed: Works agreement") == 1


async def test_upshot_does_not_start_with_an_agreement_that_is_wrong(
    settings, urls, agreement_file, upshot
):
    agreement_file.write_text(AGREEMENT.replace("8", "4"), encoding="utf-8")
    weaker = settings.model_copy(update={"agreement_file": agreement_file})

    with pytest.raises(InvalidAgreementError, match="between 5 and 50"):
        async with open_upshot(weaker, DatabaseUrls(urls.owner, urls.worker), upshot.clock):
            pass


async def test_a_switch_is_set_by_its_word(types):
    answer = await types("/usageadmin thresholds set strict_mode on", "UBOSS")

    assert "strict_mode will be on from March 30; until then it is off." in answer.text


async def test_who_is_an_admin_and_in_no_directory_is_answered_still(types, upshot):
    async with upshot.database.for_jobs() as connection:
        await connection.execute(text("DELETE FROM people WHERE slack_user_id = 'UBOSS'"))

    answer = await types("/usageadmin thresholds set settle_days 9", "UBOSS")

    assert "settle_days is 9 now" in answer.text


async def test_an_admin_who_left_or_became_a_guest_is_none_any_more(types, upshot):
    async with upshot.database.for_jobs() as connection:
        await connection.execute(
            text("UPDATE people SET is_active = false WHERE slack_user_id = 'UBOSS'")
        )

    answer = await types("/usageadmin status", "UBOSS")

    assert "Only an admin of Upshot can do that" in answer.text


async def test_the_privacy_page_says_all_of_the_honest_statement(types):
    told = (await types("/myusage privacy", "UADA")).text

    for said in (
        "in Upshot nobody else does",
        "Whoever runs the server or its database could read your rows",
        "your employer gets the same figures from the AI providers' own admin pages",
        "imprecise on purpose",
        "at least 5 people took part",
        "confidential, not anonymous",
        "older than 180 days is deleted",
        "You count in no team's figures.",
        "No setting is fixed by an agreement.",
        "/myusage export",
        "/myusage optout",
        "/myusage forget",
        "<@UBOSS>",
    ):
        assert said in told
