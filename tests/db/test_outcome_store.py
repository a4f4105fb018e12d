"""Finished work is kept as its source last told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import text

from bot.domain.outcomes import Credit, Evidence, Mark, Role
from bot.domain.people import Identity, Proof
from bot.domain.periods import midnight
from db.outcomes import OutcomeStore
from tests.factories import MONDAY, NOON, enroll, make_batch, make_outcome

DONE_AT = midnight(MONDAY) + timedelta(hours=10)


@pytest.fixture
def outcomes(database):
    return OutcomeStore(database)


async def states(database) -> dict[str, str]:
    async with database.for_jobs() as connection:
        return dict((await connection.execute(text("SELECT source_id, state FROM outcomes"))).all())


async def credits_of(database) -> set[tuple[str, str, str]]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(
            text("SELECT source_id, account, role FROM outcome_credits")
        )
        return {tuple(row) for row in rows}


async def facts(database) -> tuple[object, ...]:
    """What is kept of the only one for linking to look at."""
    async with database.for_jobs() as connection:
        row = await connection.execute(
            text("SELECT restored_at, reopened_at, project, names, closes, closed_by FROM outcomes")
        )
        return tuple(row.one())


async def titles(database) -> dict[str, tuple[str | None, str | None]]:
    async with database.for_jobs() as connection:
        rows = await connection.execute(text("SELECT account, title, url FROM outcome_credits"))
        return {account: (title, url) for account, title, url in rows}


class TestReplacing:
    async def test_keeps_the_work_and_the_marks_of_tools(self, outcomes, database):
        evidence = frozenset({Evidence("claude_code", Mark.COAUTHOR)})
        work = make_outcome(1, "ada", evidence=evidence, size=3)

        await outcomes.replace("git", make_batch(work))

        async with database.for_jobs() as connection:
            row = await connection.execute(
                text("SELECT source_id, kind, completed_at, size, evidence, state FROM outcomes")
            )
            kept = tuple(row.one())
        marks = ["claude_code:coauthor"]
        assert kept == ("app#1", "merged_change", DONE_AT, 3, marks, "done")

    async def test_takes_the_place_of_what_was_said_before(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada", "bob")))
        by_bob = make_outcome(1, credits=(Credit("bob", Role.MERGER),))

        await outcomes.replace("git", make_batch(by_bob))

        assert await credits_of(database) == {("app#1", "bob", "merger")}

    async def test_lets_what_vanished_vanish_when_the_batch_is_all_there_is(
        self, outcomes, database
    ):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada"), make_outcome(2, "ada")))

        await outcomes.replace("git", make_batch(make_outcome(2, "ada")))

        assert set(await states(database)) == {"app#2"}
        assert await credits_of(database) == {("app#2", "ada", "author")}

    async def test_keeps_what_a_part_does_not_tell_of(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada")))

        await outcomes.replace("git", make_batch(make_outcome(2, "bob"), complete=False))

        assert set(await states(database)) == {"app#1", "app#2"}
        assert len(await credits_of(database)) == 2

    async def test_leaves_other_sources_alone(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada")))
        await outcomes.replace("github", make_batch(make_outcome(9, "ada")))

        await outcomes.replace("git", make_batch())

        assert set(await states(database)) == {"app#9"}

    async def test_gives_the_credit_to_whose_account_it_is(self, outcomes, database):
        [ada] = await enroll(database, "ada")

        await outcomes.replace("git", make_batch(make_outcome(1, "ada", "zoe")))

        async with database.for_jobs() as connection:
            rows = await connection.execute(text("SELECT account, person_id FROM outcome_credits"))
            assert dict(rows.all()) == {"ada": ada.id, "zoe": None}

    async def test_keeps_work_that_is_nobodys(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1)))

        assert set(await states(database)) == {"app#1"}


class TestWhatIsTold:
    async def test_is_kept_with_all_that_linking_needs(self, outcomes, database):
        work = make_outcome(
            1,
            restored_at=NOON,
            reopened_at=NOON + timedelta(days=1),
            project="app",
            names=frozenset({"github:acme/app#1", "commit:abc"}),
            closes=frozenset({"ticket:OPS-2", "ticket:OPS-1"}),
            closed_by=frozenset({"commit:def"}),
        )

        await outcomes.replace("git", make_batch(work))

        assert await facts(database) == (
            NOON,
            NOON + timedelta(days=1),
            "app",
            ["commit:abc", "github:acme/app#1"],
            ["ticket:OPS-1", "ticket:OPS-2"],
            ["commit:def"],
        )

    async def test_is_taken_back_when_it_is_told_no_more(self, outcomes, database):
        names = frozenset({"commit:abc"})
        told = make_outcome(1, names=names, closes=names, closed_by=names, project="app")
        await outcomes.replace("git", make_batch(replace(told, reopened_at=NOON)))

        await outcomes.replace("git", make_batch(make_outcome(1)))

        assert await facts(database) == (None, None, None, [], [], [])

    @pytest.mark.parametrize(
        ("changes", "state"),
        [
            ({}, "done"),
            ({"completed_at": None}, "open"),
            ({"reverted_at": NOON}, "reverted"),
            ({"reopened_at": NOON}, "reopened"),
            ({"completed_at": NOON - timedelta(days=1000)}, "done"),
        ],
        ids=["finished", "unfinished", "reverted", "reopened", "long-ago"],
    )
    async def test_is_not_settled_before_it_is_judged(self, outcomes, database, changes, state):
        await outcomes.replace("git", make_batch(make_outcome(1, **changes)))

        assert await states(database) == {"app#1": state}


class TestWorkThatIsNotDoneAnyMore:
    """A source may say so by its id alone."""

    @staticmethod
    async def tell(outcomes, *works, at=NOON, **changes) -> None:
        batch = make_batch(*works, complete=False, data_through=at, **changes)
        await outcomes.replace("git", batch)

    @staticmethod
    async def reopened(database) -> dict[str, object]:
        async with database.for_jobs() as connection:
            rows = await connection.execute(text("SELECT source_id, reopened_at FROM outcomes"))
            return dict(rows.all())

    async def test_is_reopened_since_that_was_first_told(self, outcomes, database):
        await self.tell(outcomes, make_outcome(1), make_outcome(2))

        for days in (0, 1):
            at = NOON + timedelta(days=days)
            await self.tell(outcomes, at=at, unfinished=frozenset({"app#1", "app#7"}))

        assert await self.reopened(database) == {"app#1": NOON, "app#2": None}

    async def test_is_done_again_when_it_is_told_as_done(self, outcomes, database):
        await self.tell(outcomes, make_outcome(1))
        await self.tell(outcomes, unfinished=frozenset({"app#1"}))

        await self.tell(outcomes, make_outcome(1))

        assert await self.reopened(database) == {"app#1": None}

    async def test_goes_with_its_credits_when_it_is_withdrawn(self, outcomes, database):
        await self.tell(outcomes, make_outcome(1, "ada"), make_outcome(2, "ada"))

        await self.tell(outcomes, withdrawn=frozenset({"app#1", "app#7"}))

        assert set(await states(database)) == {"app#2"}
        assert await credits_of(database) == {("app#2", "ada", "author")}

    async def test_of_another_source_has_only_its_id(self, outcomes, database):
        await outcomes.replace("github", make_batch(make_outcome(1, "ada")))

        same = frozenset({"app#1"})
        await self.tell(outcomes, unfinished=same, withdrawn=same)

        assert await self.reopened(database) == {"app#1": None}
        assert len(await credits_of(database)) == 1


class TestTitles:
    TITLED: ClassVar = {"title": "Fix  the\nroof", "url": "https://git.example.com/acme/app/1"}

    async def test_stand_with_those_who_are_credited(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada", "zoe", **self.TITLED)))

        shown = ("Fix the roof", "https://git.example.com/acme/app/1")
        assert await titles(database) == {"ada": shown, "zoe": shown}

    async def test_stand_nowhere_else(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, **self.TITLED)))

        async with database.for_jobs() as connection:
            rows = await connection.execute(text("SELECT o::text FROM outcomes o"))
            assert "roof" not in rows.scalar_one()
        assert await titles(database) == {}

    async def test_are_those_told_last(self, outcomes, database):
        await outcomes.replace("git", make_batch(make_outcome(1, "ada", **self.TITLED)))

        await outcomes.replace("git", make_batch(make_outcome(1, "ada", title="Mend the roof")))

        assert await titles(database) == {"ada": ("Mend the roof", None)}

    async def test_never_lead_to_anything_but_a_page(self, outcomes, database):
        with_password = make_outcome(1, "ada", url="https://ada:secret@git.example.com/1")

        await outcomes.replace("git", make_batch(with_password))

        assert await titles(database) == {"ada": (None, None)}

    async def test_are_seen_by_nobody_who_is_not_credited(self, outcomes, database):
        [_, bob] = await enroll(database, "ada", "bob")
        await outcomes.replace("git", make_batch(make_outcome(1, "ada", **self.TITLED)))

        async with database.for_person(bob.id) as connection:
            seen = await connection.execute(text("SELECT title FROM outcome_credits"))
            assert seen.all() == []


class TestIdentities:
    """An account is whose address it has, and an address has a proof."""

    @staticmethod
    async def tell(outcomes, email: str, proof: Proof) -> None:
        work = make_outcome(1, "octo")
        named = {"octo": Identity(email=email, proof=proof)}
        await outcomes.replace("git", make_batch(work, identities=named))

    @staticmethod
    async def kept(database) -> tuple[str, str, str]:
        async with database.for_jobs() as connection:
            row = await connection.execute(
                text(
                    "SELECT a.email, a.proof, p.slack_user_id FROM accounts a"
                    " LEFT JOIN people p ON p.id = a.person_id WHERE a.account = 'octo'"
                )
            )
            return tuple(row.one())

    @pytest.mark.parametrize("proof", [Proof.ADMIN_EMAIL, Proof.IDP, Proof.ASSERTED])
    async def test_are_kept_with_their_proof(self, outcomes, database, proof):
        await enroll(database, "ada")

        await self.tell(outcomes, "Ada@Example.com", proof)

        assert await self.kept(database) == ("ada@example.com", proof, "UADA")

    @pytest.mark.parametrize("known", [Proof.ADMIN_EMAIL, Proof.IDP])
    async def test_that_anybody_can_type_do_not_replace_what_is_vouched_for(
        self, outcomes, database, known
    ):
        await enroll(database, "ada", "bob")
        await self.tell(outcomes, "ada@example.com", known)

        await self.tell(outcomes, "bob@example.com", Proof.ASSERTED)

        assert await self.kept(database) == ("ada@example.com", known, "UADA")

    @pytest.mark.parametrize("better", [Proof.ADMIN_EMAIL, Proof.IDP, Proof.ASSERTED])
    async def test_that_are_as_good_or_better_replace_what_was_typed(
        self, outcomes, database, better
    ):
        await self.tell(outcomes, "ada@example.com", Proof.ASSERTED)
        await enroll(database, "bob")

        await self.tell(outcomes, "bob@example.com", better)

        assert await self.kept(database) == ("bob@example.com", better, "UBOB")

    async def test_that_are_not_told_leave_the_account_nobodys(self, outcomes, database):
        await enroll(database, "octo")

        await outcomes.replace("git", make_batch(make_outcome(1, "octo"), identities={}))

        assert await self.kept(database) == (None, None, None)


class TestProjects:
    LATER = NOON + timedelta(days=1)

    @staticmethod
    async def tell(outcomes, *readable: str, project: str = "app", at=NOON, source="git") -> None:
        work = make_outcome(1, project=project)
        batch = make_batch(work, readable=frozenset(readable), data_through=at)
        await outcomes.replace(source, batch)

    async def test_are_those_that_can_be_read(self, outcomes):
        await self.tell(outcomes, "app", "web")

        assert await outcomes.known_projects("git") == {"app": None, "web": None}

    async def test_are_remembered_when_they_are_lost(self, outcomes):
        await self.tell(outcomes, "app", "web")

        await self.tell(outcomes, "app", at=self.LATER)

        assert await outcomes.known_projects("git") == {"app": None, "web": self.LATER}

    async def test_are_known_by_their_work_alone(self, outcomes):
        await outcomes.replace("git", make_batch(make_outcome(1, project="app")))

        await self.tell(outcomes, "web", at=self.LATER)

        assert await outcomes.known_projects("git") == {"app": self.LATER, "web": None}

    async def test_are_lost_since_they_were_missed_first(self, outcomes):
        await self.tell(outcomes, "app", "web")
        for days in (1, 2, 3):
            await self.tell(outcomes, "app", at=NOON + timedelta(days=days))

        assert (await outcomes.known_projects("git"))["web"] == self.LATER

    async def test_are_found_again(self, outcomes):
        await self.tell(outcomes, "app", "web")
        await self.tell(outcomes, "app", at=self.LATER)

        await self.tell(outcomes, "app", "web", at=self.LATER)

        assert await outcomes.known_projects("git") == {"app": None, "web": None}

    async def test_are_of_the_one_source(self, outcomes):
        await self.tell(outcomes, "app", source="github")

        await self.tell(outcomes, "web", project="web", source="git")

        assert await outcomes.known_projects("github") == {"app": None}

    async def test_are_not_lost_by_a_source_that_does_not_say_what_it_can_read(self, outcomes):
        await self.tell(outcomes, "app")

        await outcomes.replace("git", make_batch(readable=None, data_through=self.LATER))

        assert await outcomes.known_projects("git") == {"app": None}
