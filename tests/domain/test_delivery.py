"""A message is the same message whoever plans it and however often."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.delivery import DeliveryKind
from bot.domain.people import PersonId
from tests.factories import MONDAY, NOON, make_delivery, make_message


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": NOON + timedelta(days=1)},
        {"message": make_message("other words")},
        {"person": PersonId(7)},
    ],
)
def test_it_is_the_same_one_at_another_time_and_in_other_words(change):
    delivery = make_delivery()
    again = replace(delivery, **change)

    assert (again.dedup_key, again.id) == (delivery.dedup_key, delivery.id)


@pytest.mark.parametrize(
    "change",
    [
        {"channel": "UBOB"},
        {"kind": DeliveryKind.WELCOME},
        {"period_start": MONDAY + timedelta(weeks=1)},
        {"topic": "minimum_group_size=8"},
    ],
)
def test_it_is_another_one_to_another_reader_or_about_something_else(change):
    delivery = make_delivery()
    other = replace(delivery, **change)

    assert other.dedup_key != delivery.dedup_key
    assert other.id != delivery.id


def test_its_id_is_what_it_always_was():
    """Planned by an older version, it is found by a newer one."""
    delivery = make_delivery("UADA", kind=DeliveryKind.DIGEST, period_start=date(2026, 3, 16))

    assert delivery.dedup_key == "UADA:digest:2026-03-16"
    assert str(delivery.id) == "58df7e03-2644-58dd-a697-c8193ffa9a0e"
