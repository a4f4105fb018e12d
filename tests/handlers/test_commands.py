"""What is typed is answered at once, in private, and with nobody else's figures."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest

from bot.domain.ledger_entries import entries_of
from bot.domain.teams import TeamSource
from db.database import make_engine
from db.ledger import LedgerStore
from db.migrate import driver_url
from db.teams import TeamStore
from db.usage import UsageStore
from tests.factories import MONDAY, NOON, make_day, make_membership, make_record, make_team
from tests.releases import WITHHELD, make_making, make_release, make_week_release

USAGE = ["", "week", "month", "privacy", "help", "WEEK", " week\N{NO-BREAK SPACE}", "nonsense"]
TEAM = ["", "Compilers", "compilers", "help", "nonsense"]
ADMIN = [
    "",
    "help",
    "thresholds",
    "thresholds show",
    "thresholds set settle_days 9",
    "thresholds set minimum_group_size 9",
    "thresholds set settle_days 900",
    "thresholds set nonsense 9",
    "thresholds set digest_day friday",
    "thresholds set",
    "admins",
    "admins add <@UADA>",
    "admins add <@UADA|ada>",
    "admins add @ada",
    "admins remove <@UBOSS>",
    "admins nonsense",
    "providers",
    "status",
    "audit",
    "audit 3",
    "audit nonsense",
    "nonsense",
]
HOSTILE = [
    "<!channel>",
    "*" * 3000,
    "\N{RIGHT-TO-LEFT OVERRIDE}",
    "' OR 1=1 --",
    "%s{}",
    "🎉" * 500,
]
EVERY = [
    *(f"/myusage {text}" for text in [*USAGE, *HOSTILE]),
    *(f"/teamusage {text}" for text in [*TEAM, *HOSTILE]),
    *(f"/usageadmin {text}" for text in [*ADMIN, *HOSTILE]),
    "/renamed",
]


@pytest.fixture
async def team(upshot):
    await sync_teams(upshot)


async def sync_teams(upshot, *more):
    """So long ago that all of it has taken effect; *more* are in a team beside the usual ones."""
    usual = [make_membership(name) for name in ("ada", "bob", "cyd", "dan", "eve")]
    teams, long_ago = [make_team(), make_team("Parsers")], MONDAY - timedelta(weeks=20)
    await TeamStore(upshot.database).sync(TeamSource.FILE, teams, [*usual, *more], today=long_ago)


@pytest.mark.parametrize("user", ["UBOSS", "UADA"])
async def test_every_command_is_answered_in_private_and_in_valid_blocks(types, team, user):
    answers = {command: await types(command, user) for command in EVERY}

    assert [c for c, answer in answers.items() if not answer.is_private_and_whole] == []


async def test_nothing_is_ever_posted_where_others_see_it(types, team, slack):
    for command in EVERY:
        await types(command, "UBOSS")

    assert slack.message_count == 0


class TestMyUsage:
    @pytest.fixture(autouse=True)
    async def figures(self, upshot):
        records = make_record("ada", cost=Decimal("12.34")), make_record("bob", cost=Decimal(77))
        await UsageStore(upshot.database).replace_day(make_day(*records, day=NOON.date()), NOON)

    @pytest.mark.parametrize("words", ["", " week", " month", " MONTH"])
    async def test_shows_ones_own_figures_and_nobody_elses(self, types, words):
        answer = await types(f"/myusage{words}")

        assert "12.34" in answer.text
        assert "77" not in answer.text

    @pytest.mark.parametrize("word", ["nonsense", "bob", "<@UBOB>", "week bob"])
    async def test_answers_an_unknown_word_with_the_help(self, types, word):
        answer = await types(f"/myusage {word}")

        assert "What /myusage can do" in answer.text
        assert "12.34" not in answer.text

    async def test_tells_what_is_kept_and_who_sees_it(self, types):
        answer = await types("/myusage privacy")

        assert "<@UBOSS>" in str(answer.ack.body["blocks"])

    async def test_answers_by_another_name_too(self, types):
        assert "12.34" in (await types("/spending")).text

    @pytest.mark.parametrize("user", ["UGUEST", "WOUT"])
    @pytest.mark.parametrize("command", ["/myusage", "/myusage privacy", "/teamusage"])
    async def test_knows_no_guest_and_no_stranger(self, types, user, command):
        answer = await types(command, user)

        assert "does not know you" in answer.text


class TestTeamUsage:
    @pytest.fixture
    def release(self, upshot, team):
        async def release(compilers, *, parsers=WITHHELD) -> None:
            told = make_week_release(compilers, parsers=parsers)
            await LedgerStore(upshot.database).keep(entries_of(told, make_making()))

        return release

    async def test_shows_what_was_released_and_where_one_counts(self, types, release):
        await release(make_release(1200))

        answer = await types("/teamusage")

        assert "1,200" in answer.text
        assert "Where you count: in the figures of Compilers." in answer.text

    async def test_shows_nothing_of_a_week_that_was_withheld(self, types, release):
        await release(WITHHELD)

        assert "$" not in (await types("/teamusage")).text

    async def test_shows_nothing_of_a_team_one_is_not_in(self, types, release):
        await release(make_release(1200))

        for command in ("/teamusage", "/teamusage Compilers"):
            assert "1,200" not in (await types(command, "UFAY")).text

    async def test_finds_the_team_that_is_named(self, types, upshot, release):
        lead = make_membership("ada", "Parsers", role="manager")
        await sync_teams(upshot, lead)
        await release(make_release(1200), parsers=make_release(800))

        named = [(await types(f"/teamusage {name}")).text for name in ("", "parsers")]

        assert ["1,200" in text for text in named] == [True, False]
        assert ["$800" in text for text in named] == [False, True]
        assert "You may also ask for: /teamusage Parsers" in named[0]

    async def test_does_not_say_whether_there_is_a_team_that_one_may_not_see(self, types, release):
        await release(make_release(1200), parsers=make_release(800))

        there, nowhere = [
            (await types(f"/teamusage {name}")).text for name in ("Parsers", "Nowhere")
        ]

        assert "What /teamusage can do" in there
        assert there.replace("Parsers", "Nowhere") == nowhere


class TestUsageAdmin:
    @pytest.mark.parametrize("words", [word for word in ADMIN if word])
    @pytest.mark.parametrize("user", ["UADA", "UGUEST", "WOUT"])
    async def test_is_refused_to_everybody_else(self, types, upshot, user, words):
        before = await upshot.administration.thresholds()

        answer = await types(f"/usageadmin {words}", user)

        assert "for the admins of Upshot" in answer.text
        assert await upshot.administration.thresholds() == before
        assert await upshot.administration.admins() == ("UBOSS",)

    async def test_sets_a_threshold_and_says_from_when(self, types, upshot):
        at_once = await types("/usageadmin thresholds set settle_days 9", "UBOSS")
        later = await types("/usageadmin thresholds set minimum_group_size 9", "UBOSS")

        assert "settle_days is 9 now" in at_once.text
        assert "will be 9 from" in later.text
        assert (await upshot.stores.administration.thresholds(NOON.date()))["settle_days"] == 9

    async def test_says_what_it_would_have_accepted(self, types):
        answer = await types("/usageadmin thresholds set minimum_group_size 4", "UBOSS")

        assert "from 5 to 50" in answer.text

    async def test_makes_a_member_an_admin_who_may_do_the_same_at_once(self, types):
        await types("/usageadmin admins add <@UADA|ada>", "UBOSS")
        assert "for the admins" not in (await types("/usageadmin status", "UADA")).text

        await types("/usageadmin admins remove <@UADA>", "UBOSS")
        assert "for the admins" in (await types("/usageadmin status", "UADA")).text

    @pytest.mark.parametrize("user", ["UGUEST", "WOUT", "UNOBODY"])
    async def test_makes_nobody_an_admin_but_full_members(self, types, upshot, user):
        answer = await types(f"/usageadmin admins add <@{user}>", "UBOSS")

        assert "Nothing was changed" in answer.text
        assert await upshot.administration.admins() == ("UBOSS",)

    async def test_keeps_the_admins_of_the_settings(self, types, upshot):
        answer = await types("/usageadmin admins remove <@UBOSS>", "UBOSS")

        assert "named in the settings" in answer.text

    async def test_shows_nobodys_figures(self, types, upshot):
        day = make_day(make_record("ada", cost=Decimal("12.34")), day=NOON.date())
        await UsageStore(upshot.database).replace_day(day, NOON)

        for words in ADMIN:
            assert "12.34" not in str((await types(f"/usageadmin {words}", "UBOSS")).ack.body)


class TestTrouble:
    """The database is gone, say."""

    COMMANDS = ("/myusage", "/teamusage", "/usageadmin status")

    @pytest.fixture
    def without_database(self, urls, server):
        """Its worker is thrown out, and not let in again until the test is over."""
        worker = make_engine(urls.worker).url.username
        server.execute(f"ALTER ROLE {worker} NOLOGIN")
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s",
            worker,
        )
        yield
        server.execute(f"ALTER ROLE {worker} LOGIN")

    async def test_is_told_in_a_sentence_with_a_reference(self, types, without_database):
        answers = [await types(command, "UBOSS") for command in self.COMMANDS]

        assert all(answer.is_private_and_whole for answer in answers)
        assert all("could not do that" in answer.text for answer in answers)
        assert all(re.search(r"reference: \W*[0-9a-f]{8}", answer.text) for answer in answers)

    async def test_that_lasts_is_told_before_slack_gives_up(self, types, urls):
        with psycopg.connect(driver_url(urls.superuser)) as other:
            other.execute("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")

            answer = await types("/myusage")

        assert answer.is_private_and_whole
        assert "could not do that" in answer.text

    async def test_is_over_when_the_database_is_back(self, types, urls, server):
        worker = make_engine(urls.worker).url.username
        server.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s",
            worker,
        )

        assert "could not" not in (await types("/myusage")).text
