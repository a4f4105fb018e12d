"""Amounts that are below zero, next to nothing, beyond belief or not in dollars, said truly."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.coaching.nudges import NudgeKind
from bot.domain.periods import midnight
from bot.domain.preferences import Preferences
from bot.domain.usage import ChargeCategory
from tests.factories import make_outcome
from tests.services.odd_life import A_DAY, READERS, SUNDAY, WEEK

WEDNESDAY = WEEK.monday + 2 * A_DAY
RAN = f"nudge_check {NudgeKind.TWO_WEEKS}:{WEEK.back(1).monday}"
A_DOLLAR = Preferences(budget=1)
CORRECTED = "Credits and corrections came to more than was spent."


async def test_a_correction_larger_than_the_week(life):
    await life.spends("20", range(1, 9))
    credit = {"cost": Decimal("-75.50"), "charge_category": ChargeCategory.CREDIT}
    await life.use(WEDNESDAY, {"cost": Decimal(10)}, credit)
    await life.chooses(A_DOLLAR)

    heard = await life.hears()

    week = heard.english("of the week")
    assert f"Spent: -$65.50\nAnthropic -$65.50, billed\nAI used on 1 day\n{CORRECTED}" in week
    assert "Your usual week: about $20" in week
    assert "This week was" not in week
    assert "October 28: -$65.50" in heard.english(RAN)
    # sixty dollars spent before, and 65.50 given back
    assert "Spent: -$5.50" in heard.english("of October")
    assert not any("budget" in what for _, what, _ in heard.everything())


async def test_a_correction_larger_than_the_month_so_far(life):
    await life.spends("20", range(9))
    await life.use(SUNDAY, {"cost": Decimal(-500)})
    await life.chooses(A_DOLLAR)

    heard = await life.hears()

    assert "Spent: -$500.00" in heard.english("/myusage month")
    assert CORRECTED in heard.english("/myusage month")
    assert "Spent: $80.00" in heard.english("of October")
    assert CORRECTED not in heard.english("of October")
    assert "So far $80 of $1 is recorded." in heard.english("budget:2026-10-01:100")
    assert not any("budget:2026-11" in what for _, what, _ in heard.everything())


async def test_a_correction_beside_much_finished_work(life):
    await life.spends("20", range(1, 9))
    await life.use(WEDNESDAY, {"cost": Decimal(-900)})
    await life.finishes(*_merged(weeks=range(1, 3), each_week=5))

    heard = await life.hears()

    assert "Finished: 10 merged changes" in heard.english("of October")
    assert "Spend per" not in heard.english("of October")


class TestOtherCurrencies:
    NOT_IN_DOLLARS = "Your usual week: not known, as it is made of spend in US dollars alone."

    async def test_euros_alone(self, life):
        await life.spends(None, range(9), currency="EUR", foreign_cost=Decimal("12.5"))
        await life.chooses(A_DOLLAR)

        heard = await life.hears()

        week = heard.english("of the week")
        assert "Spent: €12.50\nAnthropic: €12.50\nAI used on 1 day" in week
        assert self.NOT_IN_DOLLARS in week
        assert "no price known" not in week
        assert "October 28: €12.50" in heard.english(RAN)
        assert "Cost no price in US dollars" in heard.english(RAN)
        assert "Ausgegeben: 12,50 €" in heard["bea"]["of the week"].text.replace("\xa0", " ")
        assert not any("budget" in what for _, what, _ in heard.everything())

    async def test_credits_alone(self, life):
        amount = {"currency": "credits:chatgpt", "foreign_cost": Decimal(120)}
        await life.spends(None, range(9), provider="chatgpt", **amount)

        heard = await life.hears()

        assert "Spent: 480 ChatGPT credits" in heard.english("of October")
        assert self.NOT_IN_DOLLARS in heard.english("of October")
        assert "October 21: 120 ChatGPT credits" in heard.english(RAN)

    async def test_euros_beside_dollars(self, life):
        await life.spends(None, range(9), currency="EUR", foreign_cost=Decimal("12.5"))
        await life.spends("7", range(9), provider="openai")
        await life.chooses(Preferences(budget=10))

        heard = await life.hears()

        week = heard.english("of the week")
        assert "Spent: at least $7.00\nAnthropic: €12.50\nOpenAI $7.00, billed" in week
        assert "Your usual week: about $7.00" in week
        assert "This week was" not in week
        assert "October 28: $7.00 and €12.50" in heard.english(RAN)
        note = heard.english("budget:2026-10-01:100")
        assert "So far $28 of $10 is recorded." in note
        assert "Use without a known price in US dollars is not in it." in note


class TestNextToNothing:
    async def test_is_not_nothing(self, life):
        await life.spends("0.000001", range(9))
        await life.chooses(A_DOLLAR)

        heard = await life.hears()

        week = heard.english("of the week")
        assert "Spent: under $0.01\nAnthropic under $0.01, billed" in week
        assert "Your usual week: under $0.01, half of them under $0.01 (your last 8 weeks" in week
        assert "October 28: under $0.01" in heard.english(RAN)
        for _, _, said in heard.everything():
            assert "under under" not in said.text

    async def test_is_what_a_costly_day_is_set_beside(self, life):
        for back in range(12):
            for day in range(7):
                cost = "300" if (back, day) == (0, 6) else "0.001"
                await life.use(WEEK.back(back).monday + day * A_DAY, {"cost": Decimal(cost)})
        await life.chooses(A_DOLLAR)

        heard = await life.hears()

        assert "November 1: $300. Half of your active days cost less than $0.01." in heard.english(
            f"nudge:{SUNDAY}:cost_guard"
        )
        assert "Your amount for November 2026 is spent." in heard.english("budget:2026-11-01:100")


async def test_more_than_anybody_has(life):
    await life.spends(str(10**12), range(9))
    await life.use(WEDNESDAY, {"cost": Decimal(10**13)})
    await life.chooses(A_DOLLAR)

    heard = await life.hears()

    week = heard.english("of the week")
    assert "Spent: $10,000,000,000,000.00" in week
    assert "This week was above that; large migrations, evaluations and learning" in week
    assert "So far $13,000,000,000,000 of $1 is recorded." in heard.english("budget:2026-10-01:100")


async def test_two_weeks_far_above_the_usual_ones(life):
    for back in range(12):
        for day in range(5):
            cost = Decimal("60" if back < 2 else "8")
            await life.use(WEEK.back(back).monday + day * A_DAY, {"cost": cost})
    await life.finishes(*_merged(weeks=range(2, 12), each_week=3))
    await life.chooses(Preferences(budget=500))

    heard = await life.hears()

    nudge = heard.english(f"nudge:{WEEK.back(1).monday}:two_weeks")
    assert (
        "$300 and $300 in the weeks from October 19 and October 26; your usual week is about $40."
    ) in nudge
    assert "Large migrations, evaluations and learning often look like this, and are fine." in nudge
    assert "Only you can see this message." in nudge
    assert "Only you can see this message." in heard.english("budget:2026-10-01:100")


def _merged(*, weeks: range, each_week: int):
    for back in weeks:
        for number in range(each_week):
            for reader in READERS:
                yield make_outcome(
                    1,
                    reader,
                    source="github",
                    source_id=f"{reader} {back} {number}",
                    completed_at=midnight(WEEK.back(back).monday),
                )
