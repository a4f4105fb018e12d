"""Nobody is too odd to be coached: people with little, late or peculiar data, in three languages.

``life.hears()`` goes through everything that can be told or asked, and refuses what Slack would
refuse and what nobody should see; the tests add what a kind person would say.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import text

from bot.domain.coaching.nudges import NudgeKind
from bot.domain.coaching.rules import ShownTip, Verdict
from bot.domain.coaching.tips import RULES
from bot.domain.night import Night, PlanDigests
from bot.domain.periods import midnight
from bot.domain.preferences import Preferences
from bot.language.catalogues import language_of
from db.tips import TipStore
from tests.services.odd_life import A_DAY, NOW, READERS, WEEK, Life

DAYS_OF_NUDGES = f"{NudgeKind.TWO_WEEKS}:{WEEK.back(1).monday}"
ONE_DAY = f"{NudgeKind.COST_GUARD}:{WEEK.monday + 2 * A_DAY}"
NOT_YET = "Your usual week: not known yet. It takes 4 earlier weeks of AI use with a known price."


async def test_somebody_of_whom_nothing_is_known(life):
    heard = await life.hears()

    assert "Nothing was recorded for you in these days" in heard.english("of the week")
    assert "That is fine, and nothing follows from it." in heard.english("of October")
    assert "so today's work shows tomorrow at the earliest." in heard.english("/myusage week")
    assert "No tip fits your last four weeks. That is as good as a tip." in heard.english(
        "/myusage tips"
    )
    assert "much work leaves no trace" in heard.english("/myusage outcomes")
    assert "Nothing is known of these days any more." in heard.english(
        f"nudge_check {DAYS_OF_NUDGES}"
    )


async def test_somebody_without_a_usual_week(life):
    await life.spends("20", range(4))

    heard = await life.hears()

    assert NOT_YET in heard.english("of the week")
    assert "This week was" not in heard.english("of the week")
    assert NOT_YET.replace(":", ":*") in heard.english("home")


async def test_somebody_with_one_active_week(life):
    await life.spends("20", range(1))

    heard = await life.hears()

    week = heard.english("of the week")
    assert "Spent: $20.00\nAnthropic $20.00, billed\nAI used on 1 day" in week
    assert NOT_YET in week
    assert "by week" not in week
    assert "Day by day\nOctober 28: $20.00" in heard.english(f"nudge_check {DAYS_OF_NUDGES}")


async def test_somebody_whose_usual_week_starts_in_the_future(life):
    await life.spends("20", range(9))
    await life.chooses(Preferences(usual_since=date(2027, 3, 1)))

    heard = await life.hears()

    assert (
        "Your usual week: not known yet. It takes 4 weeks of AI use with a known price, "
        "from March 1, 2027 on."
    ) in heard.english("of the week")
    assert "is made of weeks from March 1, 2027 on." in heard.english("home")
    assert "is made of weeks from March 1, 2027 on." in heard.english("usual_restart ")


async def test_somebody_whose_figures_are_late(life):
    await life.spends("20", range(1, 9))
    await life.tells("anthropic", midnight(WEEK.monday))
    await life.tells("github", midnight(WEEK.monday + A_DAY))

    heard = await life.hears()

    assert (
        "Your figures are not in yet. Anthropic has told up to October 25 and GitHub has told up "
        "to October 26. That is no zero: what is missing is fetched again every night, and you "
        "need do nothing."
    ) in heard.english("of the week")
    assert "Not everything is in yet. Anthropic has told up to October 25" in heard.english(
        "of October"
    )


async def test_somebody_whose_sources_have_told_nothing_so_far(life):
    await life.spends("20", range(5))
    async with life.upshot.database.for_jobs() as connection:
        await connection.execute(text("UPDATE source_health SET data_through = NULL"))

    heard = await life.hears()

    week = heard.english("of the week")
    assert (
        "Not everything is in yet. Anthropic has told nothing and GitHub has told nothing." in week
    )
    assert "This week was" not in week
    assert "Data through: Anthropic no data yet and GitHub no data yet." in week


class TestTips:
    async def keep(self, life: Life, *shown: ShownTip) -> None:
        tips = [(person.id, tip) for person in life.people.values() for tip in shown]
        await TipStore(life.upshot.database).keep(tips)

    async def test_somebody_who_muted_all_of_them(self, life):
        await life.spends("20", range(9))
        for person in life.people.values():
            for rule in (*RULES, "a_rule_that_is_gone"):
                await TipStore(life.upshot.database).mute(person.id, rule, NOW)

        heard = await life.hears()

        assert "Try " not in heard.english("of the week")
        tips = heard.english("/myusage tips")
        assert "No tip fits your last four weeks." in tips
        assert "Tips that you found not useful\nA first\nA seat that is not used" in tips

    async def test_somebody_who_was_shown_one_whose_rule_there_is_no_more(self, life):
        await life.spends("20", range(9))
        gone = ShownTip(week=WEEK.back(4), rule="a_rule_that_is_gone")
        judged = replace(
            gone, week=WEEK.back(3), verdict=Verdict.WORKED, judged_in=WEEK, rule="another"
        )
        await self.keep(life, gone, judged, replace(gone, week=WEEK))

        heard = await life.hears()

        assert "it worked" not in heard.english("of the week")
        assert "Try " not in heard.english("of the week")
        # of the week before, which has no tip so far
        assert "Try logging one thing that you finished." in heard.english("of October")

    async def test_the_verdict_on_a_tip_that_there_is_comes_before_that_on_one_that_is_gone(
        self, life
    ):
        await life.spends("20", range(9))
        known = ShownTip(
            week=WEEK.back(4), rule="log_invisible", verdict=Verdict.WORKED, judged_in=WEEK
        )
        await self.keep(life, known, replace(known, week=WEEK.back(3), rule="a_rule_that_is_gone"))

        heard = await life.hears()

        assert (
            "“Logging one thing yourself” (September 28): it worked, and that is your doing."
        ) in heard.english("of the week")


class TestWhereSomebodyIs:
    async def test_an_unknown_time_zone_is_utc(self, life):
        await life.enroll(time_zone="Mars/Olympus")
        await life.spends("20", range(9))
        async with life.upshot.database.for_jobs() as connection:
            long_ago = {"at": NOW - timedelta(days=365)}
            await connection.execute(text("UPDATE people SET welcomed_at = :at"), long_ago)
        for step in ("directory", "settle"):
            await life.upshot.stores.health.finish_step(step, Night.at(NOW).day, NOW)
        planner = replace(life.upshot.tick.planner, providers=(), sources=(), has_slack=True)

        due = [work for work in await planner.due() if isinstance(work, PlanDigests)]
        heard = await life.hears()

        assert [len(work.people) for work in due] == [len(READERS)]
        assert "Your usual week: about $20" in heard.english("of the week")
        async with life.upshot.database.for_jobs() as connection:
            due_at = await connection.scalar(text("SELECT max(due_at) FROM deliveries"))
            assert due_at - NOW < timedelta(seconds=1)

    async def test_an_unknown_language_is_english(self, life):
        await life.enroll(locale="xx-Klingon", time_zone="")
        await life.spends("20", range(9))

        heard = await life.hears()

        for reader in READERS:
            assert "Your usual week: about $20" in heard[reader]["of the week"].text

    async def test_nobody_has_to_say_a_language(self, life):
        await life.enroll(locale=None, time_zone=None)
        await life.spends("20", range(9))

        heard = await life.hears()

        for reader in READERS:
            assert "Your usual week: about $20" in heard[reader]["of the week"].text

    async def test_everybody_else_is_spoken_to_in_their_own(self, life):
        await life.spends("20", range(9))

        heard = await life.hears()

        for reader, locale in READERS.items():
            say = language_of(locale)
            assert say("Only you can see this message.") in heard[reader]["of the week"].text
            assert say.money(Decimal(20)) in heard[reader]["of the week"].text


async def test_an_answer_about_one_day_names_it_once(life):
    heard = await life.hears()

    assert "It counts as exploration (October 28), and is set beside no outcomes." in (
        heard.english(f"nudge_exploration {ONE_DAY}")
    )
    assert "It counts as usual for you from October 19 on." in heard.english(
        f"nudge_expected {DAYS_OF_NUDGES}"
    )
    assert "Nothing was changed." in heard.english("nudge_never ")


async def test_whoever_stops_hears_that_nobody_is_told(life):
    await life.spends("12.34", range(3))

    heard = await life.hears()

    assert "Nobody is told that you stopped them." in heard.english("digest_stop ")
    assert "Your digests are on." in heard.english("digest_start ")
    assert "there is time to press Stop" in heard.english("welcome")
    assert "12" not in heard.english("welcome")
