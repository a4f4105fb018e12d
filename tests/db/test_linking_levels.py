"""A link says how sure it is that work had to do with AI use, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from bot.domain.links import PROVIDERS_OF, LinkLevel
from bot.domain.outcomes import Evidence, Mark, OutcomeKind
from bot.domain.usage import ChargeCategory
from db.usage import UsageStore
from tests.db.linked_work import DONE_AT, LinkedWork, change, ticket
from tests.factories import MONDAY, NOON, enroll, make_day, make_identity, make_record

COMMIT, TICKET = frozenset({"commit:abc"}), frozenset({"ticket:OPS-1"})
A_DAY = timedelta(days=1)
BY_CLAUDE = frozenset({Evidence("claude", Mark.COAUTHOR)})
IN_SESSION = frozenset({Evidence("claude", Mark.SESSION_LINK)})
PERIOD, TOOL, SESSION = LinkLevel
_COUNTED = text(
    "INSERT INTO session_counts (provider, day, account, tool, person_id, commits, pull_requests)"
    " SELECT :provider, :day, 'ada', 'claude_code', person_id, :commits, :pull_requests"
    " FROM accounts WHERE account = 'ada' LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Using:
    """What people use AI for, as the providers tell of it."""

    work: LinkedWork

    async def use(self, day: date = MONDAY, provider: str = "anthropic", **changes) -> None:
        record = make_record("ada", **changes)
        answer = make_day(record, day=day, provider=provider)
        await UsageStore(self.work.database).replace_day(answer, NOON)

    async def count(self, day: date = MONDAY, provider: str = "anthropic", **counts) -> None:
        facts = {"provider": provider, "day": day, "commits": None, "pull_requests": None, **counts}
        async with self.work.database.for_jobs() as connection:
            await connection.execute(_COUNTED, facts)

    async def level(self) -> int | None:
        """Of Ada's credit, the only one."""
        await self.work.link()
        [level] = (await self.work.levels()).values()
        return level


@pytest.fixture
async def work(database):
    await enroll(database, "ada", "bob")
    return LinkedWork(database)


@pytest.fixture
def ada(work):
    return Using(work)


class TestTheSamePeriod:
    @pytest.mark.parametrize(
        ("day", "level"),
        [
            (MONDAY - A_DAY, None),
            (MONDAY, PERIOD),
            (MONDAY + 6 * A_DAY, PERIOD),
            (MONDAY + 7 * A_DAY, None),
        ],
    )
    async def test_is_the_week_in_which_it_was_finished(self, ada, work, day, level):
        await work.tell(change("pull", "ada"))
        await ada.use(day, "openai")

        assert await ada.level() == level

    async def test_is_any_tool_at_all(self, ada, work):
        await work.tell(change("pull", "ada", evidence=BY_CLAUDE))
        await ada.use(provider="litellm")

        assert await ada.level() == PERIOD

    @pytest.mark.parametrize(
        "nothing",
        [
            {"tokens": None, "requests": 0, "cost": Decimal(0)},
            {"charge_category": ChargeCategory.PURCHASE, "cost_type": "seat"},
        ],
        ids=["told-to-be-nothing", "only-paid-for"],
    )
    async def test_needs_use(self, ada, work, nothing):
        await work.tell(change("pull", "ada", evidence=IN_SESSION))
        await ada.use(**nothing)

        assert await ada.level() is None

    async def test_is_nothing_for_work_that_is_not_finished(self, ada, work):
        await work.tell(change("pull", "ada", completed_at=None, evidence=IN_SESSION))
        await ada.use()

        assert await ada.level() is None

    async def test_of_a_stranger_is_not_known(self, ada, work):
        await work.tell(change("pull", "zoe", evidence=IN_SESSION))
        await ada.use()

        assert await ada.level() is None

    async def test_is_forgotten_when_the_use_is_taken_back(self, ada, work):
        await work.tell(change("pull", "ada"))
        await ada.use()
        assert await ada.level() == PERIOD

        empty = make_day(provider="anthropic")
        await UsageStore(work.database).replace_day(empty, NOON + A_DAY)

        assert await ada.level() is None


class TestTheSameTool:
    @pytest.mark.parametrize(
        ("days_before", "level"), [(-1, PERIOD), (0, TOOL), (13, TOOL), (14, None)]
    )
    async def test_was_used_in_the_two_weeks_up_to_it(self, ada, work, days_before, level):
        await work.tell(change("pull", "ada", evidence=BY_CLAUDE))
        await ada.use(MONDAY - days_before * A_DAY)

        assert await ada.level() == level

    @pytest.mark.parametrize(
        ("tool", "provider"),
        [(tool, name) for tool, names in PROVIDERS_OF.items() for name in names],
    )
    async def test_is_told_of_by_any_that_knows_it(self, ada, work, tool, provider):
        await work.tell(change("pull", "ada", evidence=frozenset({Evidence(tool, Mark.LABEL)})))
        await ada.use(provider=provider)

        assert await ada.level() == TOOL

    async def test_may_show_in_another_mention_of_the_work(self, ada, work):
        commit = change("commit", source="git", names=COMMIT, evidence=BY_CLAUDE)
        await work.tell(change("pull", "ada", names=COMMIT), commit)
        await ada.use()

        assert await ada.level() == TOOL

    async def test_is_each_ones_own(self, ada, work):
        await work.tell(change("pull", "ada", "bob", evidence=BY_CLAUDE))
        await ada.use()

        await work.link()

        assert await work.levels() == {("pull", "ada"): TOOL, ("pull", "bob"): None}

    async def test_is_the_persons_through_whichever_account(self, ada, work):
        await work.tell(
            change("pull", "king", evidence=BY_CLAUDE), identities={"king": make_identity("ada")}
        )
        await ada.use()

        assert await ada.level() == TOOL


class TestASession:
    @pytest.mark.parametrize("mark", [mark for mark in Mark if mark.names_session])
    async def test_is_named_by_some_marks(self, ada, work, mark):
        await work.tell(change("pull", "ada", evidence=frozenset({Evidence("claude", mark)})))
        await ada.use()

        assert await ada.level() == SESSION

    @pytest.mark.parametrize("mark", [mark for mark in Mark if not mark.names_session])
    async def test_is_not_named_by_the_others(self, ada, work, mark):
        await work.tell(change("pull", "ada", evidence=frozenset({Evidence("claude", mark)})))
        await ada.use()

        assert await ada.level() == TOOL

    async def test_is_of_a_tool_that_was_used(self, ada, work):
        await work.tell(change("pull", "ada", evidence=IN_SESSION))
        await ada.use(provider="cursor")

        assert await ada.level() == PERIOD

    @pytest.mark.parametrize(
        ("counts", "level"),
        [
            ({"commits": 2}, SESSION),
            ({"pull_requests": 1}, SESSION),
            ({"commits": 0, "pull_requests": 0}, TOOL),
            ({}, TOOL),
        ],
        ids=["commits", "pull-requests", "none", "not-told"],
    )
    async def test_is_counted_by_the_tool_itself(self, ada, work, counts, level):
        await work.tell(change("pull", "ada", evidence=BY_CLAUDE))
        await ada.use()
        await ada.count(**counts)

        assert await ada.level() == level

    @pytest.mark.parametrize(("days_before", "level"), [(-1, None), (0, 2), (13, 2), (14, None)])
    async def test_was_in_the_two_weeks_up_to_it(self, ada, work, days_before, level):
        await work.tell(change("pull", "ada", evidence=BY_CLAUDE))
        await ada.count(MONDAY - days_before * A_DAY, commits=1)

        assert await ada.level() == level

    async def test_that_made_commits_says_nothing_of_work_that_is_no_change(self, ada, work):
        await work.tell(ticket("OPS-1", "ada", evidence=BY_CLAUDE))
        await ada.use()
        await ada.count(commits=1)

        assert await ada.level() == TOOL

    async def test_that_made_commits_speaks_for_the_ticket_that_they_closed(self, ada, work):
        await work.tell(change("pull", closes=TICKET, evidence=BY_CLAUDE))
        await work.tell(ticket("OPS-1", "ada", names=TICKET))
        await ada.count(commits=1)

        assert await ada.level() == SESSION

    async def test_of_another_tool_says_nothing(self, ada, work):
        await work.tell(change("pull", "ada", evidence=BY_CLAUDE))
        await ada.use()
        await ada.count(provider="cursor", commits=1)

        assert await ada.level() == TOOL

    async def test_given_a_review_is_no_session_of_its_own(self, ada, work):
        kind = OutcomeKind.REVIEW_GIVEN
        await work.tell(change("review", "ada", kind=kind, evidence=BY_CLAUDE))
        await ada.use()
        await ada.count(commits=1)

        assert await ada.level() == TOOL


class TestFirstUses:
    @staticmethod
    async def kept(work) -> dict[str, date]:
        await work.link(DONE_AT)
        return dict(await work.rows("SELECT provider, first_day FROM first_uses"))

    async def test_are_the_first_days_with_use_of_each_tool(self, ada, work):
        await ada.use(MONDAY, tokens=None, requests=0, cost=Decimal(0))
        for days in (2, 1, 3):
            await ada.use(MONDAY + days * A_DAY)
        await ada.use(MONDAY, "openai")

        assert await self.kept(work) == {"anthropic": MONDAY + A_DAY, "openai": MONDAY}

    async def test_move_with_what_becomes_known(self, ada, work):
        await ada.use(MONDAY)
        assert await self.kept(work) == {"anthropic": MONDAY}

        await ada.use(MONDAY - A_DAY)

        assert await self.kept(work) == {"anthropic": MONDAY - A_DAY}

    async def test_are_forgotten_when_they_are_not_true_any_more(self, ada, work):
        await ada.use(MONDAY)
        await self.kept(work)

        await UsageStore(work.database).replace_day(make_day(), NOON + A_DAY)

        assert await self.kept(work) == {}

    async def test_are_nobodys_where_nobody_is_known(self, ada, work):
        await UsageStore(work.database).replace_day(make_day(make_record("zoe")), NOON)

        assert await self.kept(work) == {}

    async def test_are_left_alone_while_they_are_true(self, ada, work):
        await ada.use(MONDAY)
        await self.kept(work)
        written = await work.rows("SELECT xmin FROM first_uses")

        await self.kept(work)

        assert await work.rows("SELECT xmin FROM first_uses") == written
