"""What a planned job would cost, asked for at the door."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from db.usage import UsageStore
from db.used_models import UsedModelStore
from tests.factories import NOON, make_day, make_record

TODAY = NOON.date()


@pytest.fixture(autouse=True)
async def use(upshot):
    """Ada's and Bob's, of today and of long ago."""
    store = UsageStore(upshot.database)
    today = (
        make_record("ada", model="claude-opus-5", cost=Decimal(1)),
        make_record("ada", model="composer-9", cost=Decimal(5)),
        make_record("bob", model="gpt-5-mini"),
    )
    long_ago = make_record("ada", model="claude-haiku-4-5")
    await store.replace_day(make_day(*today, day=TODAY), NOON)
    await store.replace_day(make_day(long_ago, day=TODAY - timedelta(days=29)), NOON)


async def test_is_told_of_the_models_that_the_asker_used_lately_first(types):
    """The price list knows prices of batches since the autumn after that day only."""
    answer = await types("/myusage estimate 2M in 300k out")

    assert answer.is_private_and_whole
    [first, *_] = [line for line in answer.text.split("\n") if "As usual" in line]
    assert first == "claude-opus-5: As usual $17.50 · In a batch not known · 90% cached $9.65"
    assert "No list price is known of composer-9." in answer.text


async def test_tells_nothing_of_what_others_use(types):
    assert "gpt-5-mini" not in (await types("/myusage estimate 2M in")).text
    assert "gpt-5-mini" in (await types("/myusage estimate 2M in", "UBOB")).text


async def test_is_told_to_who_never_used_anything(types):
    answer = await types("/myusage Estimate medium change", "UCYD")

    assert answer.is_private_and_whole
    assert "claude-sonnet-5-5: As usual" in answer.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Which job?"),
        ("my <!channel> thesis", "I do not understand"),
        ("1.500k in", "can be read in two ways"),
        ("2M 300k", "I cannot tell which number is what."),
        ("9T in", "more than a trillion tokens"),
        ("1k in 120%", "more than all of the input"),
    ],
)
async def test_that_is_not_clear_is_answered_with_examples(types, words, said):
    answer = await types(f"/myusage estimate {words}")

    assert answer.is_private_and_whole
    assert said in answer.text
    assert "/myusage estimate 500 x 4k in 1k out" in answer.text


async def test_has_the_models_of_four_weeks_the_costliest_first(upshot):
    ada = await upshot.services.people.find("UADA")
    models = UsedModelStore(upshot.database).models_of

    assert await models(ada.id, TODAY - timedelta(weeks=4)) == ["composer-9", "claude-opus-5"]
    assert await models(ada.id, TODAY + timedelta(days=1)) == []
