"""Whoever forges a request, a button, a form, a word or a sender gets nothing of another's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

import pytest

from bot.blocks.accounts import LINES
from bot.domain.coaching.nudges import NudgeKind
from bot.playground.slack.signing import SignedRequest, Tampering
from tests.end_to_end.besieged import (
    A_DAY,
    ACCOUNT,
    ACME,
    ADDRESS,
    AN_HOUR,
    BOSS,
    LAST_WEEK,
    MALLORY,
    MARKS,
    NOW,
    OTLP_TOKEN,
    OWN,
    VERA,
    WORK,
    besieged,
)
from tests.outcomes.repositories import Repo, source
from tests.telemetry.sending import claude_call, claude_logs, encoded

pytestmark = pytest.mark.no_cover  # every part of it is tried by itself elsewhere

FREE = "vq-free"
TO_MALLORY, TO_VERA = f"{ACME},{FREE},{MALLORY.id}", f"{ACME},{FREE},{ADDRESS}"
HERS_WRITTEN = {"log-kind": "document_published", "log-what": "Overwritten"}


@pytest.fixture
async def town(urls, tmp_path):
    async with besieged(urls, tmp_path) as town:
        yield town


class TestARequest:
    async def test_that_slack_did_not_sign_just_now(self, town):
        wrong = (
            Tampering(unsigned=True),
            Tampering(age=timedelta(hours=1)),
            Tampering(age=-timedelta(hours=1)),
            Tampering(secret="guessed"),
            Tampering(signature="v0=" + "0" * 64),
        )
        acks = [await town.types("/myusage", VERA.id, tampering=one) for one in wrong]

        assert [ack.status for ack in acks] == [401] * len(wrong)
        assert [mark for ack in acks for mark in MARKS if mark in str(ack.body)] == []
        assert await town.taken() == []

    async def test_of_veras_that_is_sent_again(self, town):
        hers = await town.types("/myusage", VERA.id)
        again = await town.keyboard.send_again(hers.request)

        assert "1,234.57" in str(hers.body)
        assert again.status == 401
        assert [mark for mark in MARKS if mark in str(again.body)] == []

    async def test_of_ones_own_in_which_the_user_was_changed(self, town):
        own = (await town.types("/myusage")).request
        form = {**dict(parse_qsl(own.body.decode())), "user_id": VERA.id}
        changed = SignedRequest(headers=own.headers, body=urlencode(form).encode())

        answer = await town.keyboard.send_again(changed)

        assert answer.status == 401
        assert [mark for mark in MARKS if mark in str(answer.body)] == []


class TestAnothersButton:
    async def test_of_what_was_logged_tagged_noticed_and_finished(self, town):
        await town.sign_on_says(ADDRESS)
        [(logged,)] = await town.rows("SELECT id::text FROM logged_outcomes")
        [(tag,)] = await town.rows("SELECT id::text FROM tags")
        pressed = [("log_edit", logged), ("log_delete", logged), ("tag_delete", tag)]
        pressed += [("work_tier", f"production:github:{WORK}")]
        for kind in NudgeKind:
            named = f"{kind}:{LAST_WEEK}"
            pressed += [(f"nudge_{a}", named) for a in ("check", "expected", "exploration")]
        for other in (VERA.id, f"<@{VERA.id}>"):
            pressed += [(action, other) for action in ("settings_open", "tip_not_useful")]
        before = await _what_vera_said(town)

        for action, value in pressed:
            await town.presses(action, value)

        assert await _what_vera_said(town) == before
        assert await town.taken() == []

    async def test_form_with_her_id_in_it_or_itself(self, town):
        [(logged,)] = await town.rows("SELECT id::text FROM logged_outcomes")
        before = await _what_vera_said(town)
        await town.types("/myusage log", VERA.id)
        await town.types("/myusage log")

        await town.fills(MALLORY.id, HERS_WRITTEN, MALLORY.id, private_metadata=logged)
        await town.fills(VERA.id, HERS_WRITTEN, MALLORY.id, private_metadata=logged)
        await town.fills(VERA.id, HERS_WRITTEN, MALLORY.id)

        assert await _what_vera_said(town) == before
        assert await town.taken() == []

    async def test_to_an_admins_word_is_not_ones_own_to_press(self, town):
        number = await _says(town, TO_VERA)

        for action in ("account_mine", "account_not_me"):
            await town.presses(action, number)

        assert await town.rows("SELECT objected_at FROM assertions") == [(None,)]
        assert await town.taken() == []
        assert await town.owners(account=FREE) == [VERA.id]


class TestAnAdminsWord:
    async def test_is_worth_nothing_for_a_day(self, town):
        await _says(town, TO_MALLORY)
        await town.passes(A_DAY - AN_HOUR)

        assert await town.taken_by_now() == []

    async def test_is_worth_nothing_against_an_address(self, town):
        await town.types("/usageadmin accounts import", BOSS.id)
        ack = await town.fills(BOSS.id, {LINES: f"{ACME},{ACCOUNT},{MALLORY.id}"}, BOSS.id)

        assert "was proven otherwise" in str(ack.body)
        assert await town.taken() == []
        assert await town.owners() == [VERA.id]

    @pytest.mark.parametrize("objects", [True, False], ids=["who objects", "who is silent"])
    async def test_takes_no_history_from_a_living_owner(self, town, objects):
        await _says(town, TO_VERA)
        await town.passes(2 * A_DAY)
        assert await town.owners(account=FREE) == [VERA.id]

        number = await _says(town, TO_MALLORY)
        if objects:
            await town.presses("account_mine", number, VERA.id)

        theirs = OWN if objects else OWN | {(ACME, FREE)}
        assert await town.taken(rightly=theirs) == []
        assert await town.owners(account=FREE) == [VERA.id if objects else MALLORY.id]

    async def test_is_not_for_whoever_got_hold_of_the_form(self, town):
        await town.provider_tells(FREE, None)
        await town.types("/usageadmin accounts import", BOSS.id)
        await town.fills(BOSS.id, {LINES: TO_MALLORY}, MALLORY.id)

        assert await town.rows("SELECT 1 FROM assertions") == []
        assert await town.taken() == []

    async def test_is_not_for_an_admins_own_gain(self, town):
        await town.provider_tells(FREE, None)
        await town.types("/usageadmin accounts import", BOSS.id)
        ack = await town.fills(BOSS.id, {LINES: f"{ACME},{FREE},{BOSS.id}"}, BOSS.id)

        assert "another admin has to say this of you" in str(ack.body)
        assert await town.taken(BOSS.id) == []


class TestASender:
    async def test_of_telemetry_under_veras_address_or_account(self, town):
        typed = (
            {"user.email": ADDRESS},
            {"user.email": ADDRESS.upper(), "user.account_id": "mal-otlp"},
            {"user.email": MALLORY.email, "user.account_id": ACCOUNT},
        )
        for number, told in enumerate(typed):
            call = claude_call(f"req_{number}", told=told, at=NOW - AN_HOUR)
            answer = await town.client.post(
                "/v1/logs",
                content=encoded(claude_logs(call)),
                headers={
                    "authorization": f"Bearer {OTLP_TOKEN}",
                    "content-type": "application/json",
                },
            )
            assert answer.status_code == 200

        assert await town.taken(rightly=OWN | {("otlp:claude_code", MALLORY.email)}) == []
        assert await town.owners() == [VERA.id]

    async def test_of_commits_under_veras_address(self, town, tmp_path):
        repo = Repo.create(tmp_path / "work")
        repo.now = NOW - 3 * A_DAY
        repo.commit(
            "Take over (#1)\n\nCo-authored-by: Mallory <mallory@example.com>",
            author=f"Mallory <{ADDRESS}>",
        )
        await town.upshot.collector.collect_outcomes(source(repo.path, cache_dir=tmp_path))
        await town.upshot.collector.settle()

        assert await town.taken(rightly=OWN | {("git", "mallory@example.com")}) == []
        assert await town.owners() == [VERA.id]

    async def test_of_usage_who_does_not_know_the_token(self, town):
        answer = await town.client.post(
            "/ingest/usage", content=b"{}", headers={"authorization": f"Bearer {OTLP_TOKEN}"}
        )

        assert answer.status_code == 401
        assert await town.taken() == []


async def _says(town, line: str) -> str:
    """The boss says it of an account that is used, and those concerned are told; its number."""
    await town.provider_tells(FREE, None, Decimal("1234.57"))
    await town.types("/usageadmin accounts import", BOSS.id)
    await town.fills(BOSS.id, {LINES: line}, BOSS.id)
    await town.passes(timedelta(minutes=1))
    [(number,)] = await town.rows("SELECT id::text FROM assertions WHERE linked_at IS NULL")
    return str(number)


async def _what_vera_said(town) -> list[tuple]:
    return await town.rows(
        "SELECT l.what, t.tier, p.opted_out_on, (SELECT min(c.tier) FROM outcome_credits c"
        "  WHERE c.person_id = p.id) FROM people p JOIN logged_outcomes l ON l.person_id = p.id"
        " JOIN tags t ON t.person_id = p.id WHERE p.slack_user_id = 'UVERA'"
    )
