"""What is sent is looked at like what is fetched, and told apart from it by its name."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.senders import is_sender
from bot.domain.usage import oddities
from tests.factories import make_record


def test_nothing_sent_is_nothing_odd():
    assert oddities(()) == ()


def test_what_a_person_should_look_at_is_told():
    assert oddities([make_record(), make_record("bob", cost=Decimal(-1))]) == (
        "negative amounts of use: 1",
    )


def test_a_sender_is_told_from_a_provider_by_its_name():
    assert is_sender("ingest:acme-agents")
    assert is_sender("otlp:codex")
    assert not is_sender("anthropic")
