"""Links of accounts to people, and admins' words that are to become some."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from bot.domain.accounts import AccountLink, Assertion
from bot.domain.people import PersonId, Proof

AT = datetime(2026, 11, 19, 9, tzinfo=UTC)


def test_a_link_without_an_end_is_open():
    still = AccountLink(source="git", account="ada", proof=Proof.IDP)
    ended = AccountLink(source="git", account="ada", proof=Proof.IDP, valid_to=date(2026, 11, 2))

    assert still.is_open
    assert not ended.is_open


def test_an_assertion_holds_after_a_day_at_the_earliest():
    said = Assertion(
        id=UUID(int=1),
        source="git",
        account="ada",
        person=PersonId(1),
        asserted_by="UBOSS",
        asserted_at=AT,
    )

    assert said.effective_at == AT + timedelta(hours=24)
