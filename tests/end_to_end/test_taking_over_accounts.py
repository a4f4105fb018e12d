"""Whoever tries to get at another's account gets no link, and not one byte of the other's data."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.blocks.accounts import LINES
from bot.playground.slack.directory import SlackUser
from tests.end_to_end.besieged import (
    A_DAY,
    ACCOUNT,
    ACME,
    ADDRESS,
    BOSS,
    MALLORY,
    MARKS,
    OWN,
    SHARED,
    TITLE,
    VERA,
    WORD,
    WORK,
    besieged,
)

pytestmark = pytest.mark.no_cover  # every part of it is tried by itself elsewhere

ANOTHER = replace(BOSS, id="UBOSS2", name="boss2", email="boss2@example.com")
LOOK_ALIKES = (
    "ver\u0430.quist@example.com",
    "\uff56era.quist@example.com",
    "vera.qu\u0131st@example.com",
    "vera\u200b.quist@example.com",
    "vera.quist@ex\u0430mple.com",
    "vera.quist@example\uff0ecom",
    "vera.quist+mallory@example.com",
    "veraquist@example.com",
    "v.e.r.a.quist@example.com",
    "vera.quist@mail.example.com",
    "vera.quist@example.com@example.org",
    "vera.quist@notexample.com",
    "vera.quist@example.com.",
    '"vera.quist@example.com"@example.com',
)
"""Cyrillic a, full width, dotless i, of no width, and folded in ways in which some fold them."""


@pytest.fixture
async def town(urls, tmp_path):
    async with besieged(urls, tmp_path) as town:
        yield town


class TestTheNet:
    """What would find a take-over does find it."""

    async def test_vera_herself_reads_her_figure_her_words_and_her_work(self, town):
        await town.sign_on_says(ADDRESS)

        found = await town.taken(VERA.id)

        assert f"link: {ACME} {ACCOUNT}" in found
        assert f"{VERA.id}: {WORD}" in found
        assert f"{VERA.id}: 1,234.57" in found
        said = town.received_by(VERA.id)
        assert TITLE in said
        assert WORK in said

    async def test_a_link_that_was_made_by_hand_is_found_and_what_it_shows(self, town):
        [(vera,), (mallory,)] = await town.rows(
            "SELECT id FROM people WHERE slack_user_id IN ('UVERA', 'UMALLORY')"
            " ORDER BY slack_user_id DESC"
        )
        for table in ("account_links", "usage_records"):
            await town.rows(
                f"UPDATE {table} SET person_id = :mallory WHERE person_id = :vera RETURNING 1",  # noqa: S608
                mallory=mallory,
                vera=vera,
            )

        found = await town.taken()

        assert f"link: {ACME} {ACCOUNT}" in found
        assert f"{MALLORY.id}: {ACCOUNT}" in found
        assert f"{MALLORY.id}: 1234.57" in found


class TestWhatIsTyped:
    async def test_a_login_typed_after_every_word(self, town):
        typed = (ADDRESS, "vera", f"<@{VERA.id}>", f"<@{VERA.id}|vera>", f"user={VERA.id}")
        for who in typed:
            for word in ("", "week", "outcomes", "accounts", "settings", "estimate", "tag", "log"):
                await town.types(f"/myusage {word} {who}")
            await town.types(f"/teamusage {who}")
            for word in ("accounts", "accounts import", "admins add", "teams add X", "audit"):
                await town.types(f"/usageadmin {word} {who}")

        assert await town.taken() == []

    async def test_rights_asked_for_with_anothers_id(self, town):
        for word in ("export", "forget", "optout", "optin"):
            for who in (VERA.id, f"<@{VERA.id}>", ADDRESS):
                await town.types(f"/myusage {word} {who}")
        await town.types("/myusage forget")
        await town.fills(MALLORY.id, {"forget-word": VERA.id}, MALLORY.id, private_metadata=VERA.id)

        assert await town.taken() == []
        assert await town.owners() == [VERA.id]


class TestAnAddress:
    async def test_that_only_looks_like_hers_in_slack(self, town):
        odd = [
            SlackUser(id=f"UODD{number}", name="odd", email=address)
            for number, address in enumerate(LOOK_ALIKES)
        ]
        await town.reads_directory(*odd)
        await town.provider_tells(ACCOUNT, VERA.email)
        await town.provider_tells("vq-second", VERA.email)

        assert await town.taken(*(user.id for user in odd)) == []
        assert await town.owners() == await town.owners(account="vq-second") == [VERA.id]

    async def test_that_looks_like_hers_at_the_provider(self, town):
        likes = ("vera.quist+m@example.com", "veraquist@example.com", "ver\u0430.quist@example.com")
        for number, address in enumerate(likes):
            await town.sign_on_says(address, account=f"77{number}", work=f"{WORD}#{number}")

        assert await town.taken() == []
        for number in range(len(likes)):
            assert await town.owners("github", f"77{number}") == []

    async def test_in_capitals_is_the_same_address_and_then_nobodys(self, town):
        await town.reads_directory(replace(MALLORY, email=ADDRESS.upper()))
        await town.provider_tells(ACCOUNT, VERA.email)

        assert await town.taken() == []

    async def test_outside_the_claimed_domains_proves_nothing(self, town):
        outside = "vera@elsewhere.example"
        await town.reads_directory(replace(MALLORY, email=outside))
        await town.sign_on_says(outside)

        assert await town.taken() == []
        assert await town.owners("github", "583231") == []

    async def test_of_hers_with_a_guest_or_a_bot(self, town):
        odd = [
            SlackUser(id="UODD1", name="odd", email=ADDRESS, is_restricted=True),
            SlackUser(id="UODD2", name="odd", email=ADDRESS, is_ultra_restricted=True),
            SlackUser(id="UODD3", name="odd", email=ADDRESS, is_bot=True),
        ]
        await town.reads_directory(*odd)

        assert await town.taken(*(user.id for user in odd)) == []
        assert await town.owners() == [VERA.id]

    async def test_of_hers_with_a_stranger_who_asks_in_a_shared_channel(self, town):
        out = SlackUser(id="WOUT", name="out", email=ADDRESS, team_id="T9OTHER", is_stranger=True)
        await town.reads_directory(out)
        home = town.slack.workspace.team_id
        for town.slack.workspace.team_id in ("T9OTHER", home):
            for command in ("/myusage", "/myusage export", "/usageadmin accounts"):
                await town.types(command, out.id, in_channel=SHARED.id)

        assert await town.taken(out.id) == []
        assert await town.owners() == [VERA.id]


class TestAnAccountThatChanges:
    async def test_a_name_that_was_registered_again_is_another_account(self, town):
        await town.sign_on_says(ADDRESS, account="583231")
        await town.sign_on_says("mallory@example.com", account="990017", work="vera-codes#2")

        assert await town.taken(rightly=OWN | {("github", "990017")}) == []
        assert await town.owners("github", "583231") == [VERA.id]

    async def test_an_account_that_is_handed_on_takes_nothing_along(self, town):
        await town.sign_on_says(ADDRESS)
        await town.passes(A_DAY)
        await town.sign_on_says("mallory@example.com")
        [(since,)] = await town.rows(
            "SELECT valid_from FROM account_links WHERE source = 'github'"
            " AND valid_to = '9999-12-31'"
        )

        assert since == town.clock.now().date()
        assert await town.taken(rightly=OWN | {("github", "583231")}) == []

    @pytest.mark.parametrize("newcomer", ["UNEWHIRE", "UVERA2"])
    async def test_a_reused_address_brings_no_history(self, town, newcomer):
        """Neither to a new hire nor to somebody who comes back under another id."""
        await town.passes(A_DAY)
        await town.reads_directory(without=[VERA.id])
        await town.passes(A_DAY)
        await town.reads_directory(SlackUser(id=newcomer, name="new", email=ADDRESS))
        await town.provider_tells("vq-new", ADDRESS, Decimal(5))

        found = await town.taken(newcomer, rightly={(ACME, "vq-new"), (ACME, ACCOUNT)})

        assert [line for line in found if line != f"{newcomer}: {ACCOUNT}"] == []
        rows = await town.rows(
            "SELECT 1 FROM usage_records JOIN people p ON p.id = person_id"
            " WHERE slack_user_id = :who AND account = :account",
            who=newcomer,
            account=ACCOUNT,
        )
        assert rows == []

    async def test_somebody_who_left_reads_nothing_more(self, town):
        await town.reads_directory(without=[VERA.id])
        with town.slack.workspace.lock:
            town.slack.workspace.users[VERA.id] = VERA
        heard = len(town.acks)
        for words in ("", "export", "accounts"):
            await town.types(f"/myusage {words}", VERA.id, in_channel=SHARED.id)

        said = " ".join(str(ack.body) for _, ack in town.acks[heard:]).lower()
        assert [mark for mark in MARKS if mark in said] == []


class TestARace:
    async def test_two_with_one_address_get_nothing(self, town):
        await town.reads_directory(replace(MALLORY, email=ADDRESS))
        await town.provider_tells("vq-other", ADDRESS)

        assert await town.taken() == []
        assert await town.owners(account="vq-other") == []

    async def test_directory_and_provider_at_the_same_moment(self, town):
        town.has(replace(MALLORY, email=ADDRESS))
        await asyncio.gather(
            *(town.reads_directory() for _ in range(3)),
            *(town.provider_tells(f"vq-{number}", ADDRESS) for number in range(3)),
            *(town.provider_tells(ACCOUNT, ADDRESS) for _ in range(2)),
        )
        await town.reads_directory()

        assert await town.taken() == []

    async def test_two_admins_who_each_say_it_is_somebody_elses(self, town):
        await town.reads_directory(ANOTHER)
        await town.types(f"/usageadmin admins add <@{ANOTHER.id}>", BOSS.id)
        await town.provider_tells("vq-free", None)
        for admin in (BOSS.id, ANOTHER.id):
            await town.types("/usageadmin accounts import", admin)
        await asyncio.gather(
            town.fills(BOSS.id, {LINES: f"ingest:acme,vq-free,{ADDRESS}"}, BOSS.id),
            town.fills(ANOTHER.id, {LINES: "ingest:acme,vq-free,boss@example.com"}, ANOTHER.id),
        )

        assert await town.rows("SELECT count(*) FROM assertions") == [(1,)]
        assert await town.taken() == []
        assert len(await town.owners(account="vq-free")) == 1
