"""Names that are long, run from right to left or mean harm, and very many of everything."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from bot.domain.coaching.nudges import NudgeKind
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import midnight
from bot.domain.preferences import Preferences
from bot.domain.usage import CostBasis
from db.logged import LoggedStore
from tests.factories import make_logged, make_outcome
from tests.services.odd_life import A_DAY, BRACES, NOW, READERS, WEEK, Life

WEDNESDAY = WEEK.monday + 2 * A_DAY
RAN = f"nudge_check {NudgeKind.TWO_WEEKS}:{WEEK.back(1).monday}"
HOSTILE = f"{BRACES} <!channel> <@U1> <https://evil.example.com|pay> `*x*` \u202eflip\u0007 & co"
LONG = "Ωmega" * 40
FROM_THE_RIGHT = ("\u202e" + "مرحبا بالعالم " * 20)[:200]
OWN_LINK = "https://work.example.com/1"


async def log(life: Life, *kinds: LoggedKind, what: str) -> None:
    store = LoggedStore(life.upshot.database)
    for person in life.people.values():
        for number, kind in enumerate(kinds):
            logged = make_logged(
                person.id,
                id=UUID(int=1_000 * person.id + number),
                kind=kind,
                what=what,
                done_on=WEDNESDAY,
            )
            await store.keep(logged)


async def test_ten_accounts_at_five_providers(life):
    providers = ("anthropic", "openai", "cursor", "openrouter", "chatgpt")
    for back in reversed(range(9)):
        for number, provider in enumerate(providers, start=1):
            await life.use(
                WEEK.back(back).monday + 2 * A_DAY,
                {"account": "-work", "cost": Decimal(number)},
                {"account": "-home", "cost": Decimal("0.5"), "model": "gpt-6"},
                provider=provider,
            )
    await life.chooses(Preferences(budget=50))

    heard = await life.hears()

    week = heard.english("of the week")
    assert "Spent: $17.50" in week
    assert "Anthropic $1.50, billed\nChatGPT $5.50, billed\nCursor $3.50, billed" in week
    assert "AI used on 1 day" in week
    assert "ChatGPT · claude-sonnet-5: Cost $10.00 · Requests 14" in heard.english(RAN)
    assert "So far $70 of $50 is recorded." in heard.english("budget:2026-10-01:100")


@pytest.mark.parametrize("name", [HOSTILE, LONG, FROM_THE_RIGHT], ids=["hostile", "long", "rtl"])
async def test_names_that_others_chose(life, name):
    for back in reversed(range(9)):
        day = WEEK.back(back).monday + 2 * A_DAY
        await life.use(day, {"model": name, "product": name, "cost": Decimal(30)})
        await life.use(day, {"model": name, "cost": Decimal(40)}, provider=f"ingest:{name}")
    finished = make_outcome(
        1,
        *READERS,
        source="github",
        source_id=name,
        title=name,
        url=OWN_LINK,
        completed_at=midnight(WEDNESDAY),
    )
    await life.finishes(finished, replace(finished, source_id="2", title=None, url=None))
    await log(life, LoggedKind.DATA_CLEANED, what=name[:140])

    heard = await life.hears()

    assert "Spent: $70.00" in heard.english("of the week")
    assert "2 merged changes" in heard.english("/myusage outcomes")
    assert "Merged change without a title" in heard.english("/myusage outcomes")
    for _, what, said in heard.everything():
        alive = said.parsed.replace(f"<{OWN_LINK}|", "")
        assert "<" not in alive, what
        assert "&amp;lt;" not in "\n".join(said.strings).replace(said.text, ""), what


async def test_a_hostile_name_is_shown_as_it_was_typed(life):
    await life.spends("30", range(4), model=HOSTILE)
    await log(life, LoggedKind.DATA_CLEANED, what=HOSTILE)

    heard = await life.hears()

    assert f"{BRACES} &lt;!channel&gt; &lt;@U1&gt;" in heard.english("/myusage outcomes")
    assert f"Anthropic · {BRACES} <!channel> <@U1>" in "\n".join(heard["ann"][RAN].strings)
    assert f"No list price is known of {BRACES}-&lt;!channel&gt;" in heard.english(
        "/myusage estimate 2M in 300k out"
    )


async def test_thirty_models_and_twenty_kinds_of_things(life):
    """Ten kinds of logged work, seven of finished work, three bases, at thirteen providers."""
    known = [
        {
            "model": f"{'model' * 15}-{number}",
            "product": f"product-{number}",
            "cost": Decimal("1234567.891"),
            "cost_basis": list(CostBasis)[number % 3],
        }
        for number in range(30)
    ]
    partly_known = [
        {"model": "free", "cost": None},
        {"model": "dear", "cost": Decimal(3)},
        {"model": "far", "cost": None, "currency": "EUR", "foreign_cost": Decimal(5)},
        {"model": "own", "cost": None, "currency": "credits:kiro", "foreign_cost": Decimal(5)},
    ]
    for back in reversed(range(5)):
        day = WEEK.back(back).monday + 2 * A_DAY
        await life.use(day, *known)
        for provider in ("openai", "cursor", "openrouter", "chatgpt"):
            await life.use(day, *partly_known, provider=provider)
        for letter in "abcdefgh":
            await life.use(day, {"cost": Decimal(7)}, provider=f"ingest:{letter * 60}")
    await life.finishes(*_of_every_kind())
    await log(life, *LoggedKind, what="What I did")
    await life.chooses(Preferences(budget=50))

    heard = await life.hears()

    week = heard.english("of the week")
    assert "Spent: at least $37,037,104.73" in week
    assert "and 5 more providers" in week
    assert "10 outcomes that you logged yourself" in week
    for kind in ("merged changes", "reviews given", "tasks done", "tickets solved", "deals won"):
        assert f"Finished: 2 {kind}\n2 still in their first 7 days\n2 more were reverted" in week
    assert "Only you can see this message." in week
    assert "and 42 more, with less spend or no known price" in heard.english(RAN)
    for _, what, said in heard.everything():
        if said.surface == "message":
            assert said.text.endswith("."), what


def _of_every_kind():
    becomes = ({}, {"reverted_at": NOW - A_DAY}, {"reopened_at": NOW - A_DAY})
    for back in range(5):
        for kind in OutcomeKind:
            for number, fate in enumerate((*becomes, *becomes)):
                yield make_outcome(
                    1,
                    *READERS,
                    source="github",
                    source_id=f"{back} {kind} {number}",
                    kind=kind,
                    completed_at=midnight(WEEK.back(back).monday + 2 * A_DAY),
                    title="t" * 200,
                    **fate,
                )
