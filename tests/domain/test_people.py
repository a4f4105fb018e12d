"""People: who gets a digest, and when two addresses are the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import DirectoryMember, Person, PersonId, Proof, normalized_email


def member(**changes: Any) -> DirectoryMember:
    values = {
        "slack_user_id": "U01ADA",
        "email": "ada@example.com",
        "time_zone": "Europe/Vienna",
        "locale": "en-GB",
    }
    return DirectoryMember(**values | changes)


def test_a_full_member_is_eligible():
    assert member().is_eligible


@pytest.mark.parametrize("kind", ["is_bot", "is_deactivated", "is_guest", "is_external"])
def test_bots_leavers_guests_and_strangers_are_not(kind):
    assert not member(**{kind: True}).is_eligible


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" Ada@Example.COM ", "ada@example.com"),
        ("ada+ai@example.com", "ada+ai@example.com"),
        ("ada", None),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_an_address_is_lower_cased_and_never_folded_further(written, address):
    assert normalized_email(written) == address


@given(st.emails())
def test_normalizing_twice_changes_nothing_more(address):
    once = normalized_email(address)

    assert once is not None
    assert normalized_email(once) == once


def test_lookalikes_are_different_people():
    assert normalized_email("\u0430da@example.com") != normalized_email("ada@example.com")


def test_a_sign_whose_lower_case_is_a_plain_letter_is_not_that_letter():
    assert normalized_email("kelvin@example.com") != normalized_email("\u212aelvin@example.com")


def test_a_person_is_known_by_an_id_of_ours():
    ada = Person(id=PersonId(7), slack_user_id="U01ADA", time_zone="Europe/Vienna", locale="en-GB")

    assert ada.id == 7


def test_the_admins_word_is_trusted_least():
    assert list(Proof)[-1] is Proof.ASSERTED
