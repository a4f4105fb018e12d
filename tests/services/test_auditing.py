"""A chain is verified from end to end, however long it is; the first break is named."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.keyed import Key
from bot.domain.ledger import BEGINNING, Sealed, seal
from bot.services.auditing import AT_ONCE, Auditing, Verified

KEY = Key(b"a secret of the tests")
LONG = 2 * AT_ONCE + 1


def chain_of(bodies: list[str], previous: bytes = BEGINNING) -> list[Sealed]:
    rows = []
    for body in bodies:
        sealed = seal(KEY, "ledger", previous, body)
        rows.append(Sealed(body=body, previous=previous, seal=sealed))
        previous = sealed
    return rows


def a_chain(length: int) -> list[Sealed]:
    return chain_of(
        [json.dumps({"week": f"W{n}", "figures": {"spend": "12"}}) for n in range(length)]
    )


async def verified(rows: list[Sealed], key: Key = KEY, kept=()) -> Verified:
    async def read() -> AsyncIterator[Sealed]:
        for row in rows:
            yield row

    [found] = await Auditing(key=key, chains={"ledger": read}).verify(kept)
    return found


@pytest.mark.parametrize("length", [1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, LONG])
async def test_holds(length):
    rows = a_chain(length)

    assert await verified(rows) == Verified(
        chain="ledger", entries=length, last=rows[-1].seal, broken=None
    )


async def test_holds_where_nothing_was_written_yet():
    assert await verified([]) == Verified(chain="ledger", entries=0, last=None, broken=None)


async def test_holds_after_its_beginning_was_deleted():
    assert (await verified(a_chain(LONG)[7:])).entries == LONG - 7


@pytest.mark.parametrize("place", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, LONG - 1])
async def test_names_the_first_that_was_changed(place):
    rows = a_chain(LONG)
    rows[place] = replace(rows[place], body=rows[place].body.replace("12", "13"))

    found = await verified(rows)

    assert found.entries == place
    assert found.last == (rows[place - 1].seal if place else None)
    assert found.broken == f"week 'W{place}'"


@pytest.mark.parametrize("place", [1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1])
async def test_names_the_one_after_a_gap(place):
    rows = a_chain(LONG)
    del rows[place]

    assert (await verified(rows)).entries == place


async def test_holds_for_nobody_with_another_key():
    assert (await verified(a_chain(3), Key(b"another secret of others"))).entries == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"week":"2026-W12","scope":"team","team":{"id":3,"name":"Compilers"},"figures":{}}',
         "week '2026-W12', scope 'team', team 3"),
        ('{"at":"2026-03-25T12:00:00+00:00","action":"team_added","actor":"ab12"}',
         "at '2026-03-25T12:00:00+00:00', action 'team_added'"),
        ("nonsense", "no readable entry"),
        ("[1]", "no readable entry"),
        ("{}", "no readable entry"),
        ('{"week":{"spend":12},"team":7}', "no readable entry"),
        ('{"week":"\\u001b[31m\\u202e"}', r"week '\x1b[31m\u202e'"),
    ],
)  # fmt: skip
async def test_tells_when_and_what_and_no_figure(body, said):
    broken = Sealed(body=body, previous=b"", seal=b"")

    assert (await verified([broken])).broken == said


class TestAKeptSeal:
    @pytest.mark.parametrize("place", [0, AT_ONCE - 1, AT_ONCE, LONG - 1])
    async def test_is_there_still(self, place):
        rows = a_chain(LONG)
        kept = rows[place].seal.hex()[:16]

        assert (await verified(rows, kept=[kept])).seen == {kept}

    async def test_shows_that_the_end_was_cut_off(self):
        """Which the chain itself cannot know."""
        rows = a_chain(LONG)
        kept = rows[-1].seal.hex()[:16]

        found = await verified(rows[:-1], kept=[kept])

        assert (found.broken, found.seen) == (None, frozenset())

    async def test_counts_only_in_a_part_that_holds(self):
        rows = a_chain(LONG)
        kept = rows[1].seal.hex()[:16]
        rows[0] = replace(rows[0], body="changed")

        assert (await verified(rows, kept=[kept])).seen == frozenset()
