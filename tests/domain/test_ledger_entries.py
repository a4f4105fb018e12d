"""What the ledger holds of a release: all that was said, and nothing that was known before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.disclosure.contributions import Cell
from bot.domain.disclosure.figures import Banded, Rounded, Share, TeamRelease, Withheld
from bot.domain.disclosure.parameters import Parameters, p_of
from bot.domain.ledger import Scope
from bot.domain.ledger_entries import as_kept, entries_of, member_set, released_week
from bot.domain.teams import ReleasedWeek
from bot.domain.tiers import Tier
from tests.factories import MONDAY, NOON, WEEK
from tests.releases import COMPILERS, KEY, PARSERS, make_making, make_week_release

SHOWN = TeamRelease(
    figures={
        Cell.SPEND: Rounded(value=Decimal("1E+3"), step=Decimal(500)),
        Cell.MERGED_CHANGE: Banded(low=Decimal(0), high=Decimal("7.5")),
    },
    tiers={Tier.ROUTINE: Share.FROM_75, Tier.EXPLORATION: Share.UNDER_10},
    adoption=Share.FROM_50,
)


def entries(**changes):
    making = make_making(**changes)
    return entries_of(make_week_release(SHOWN), making)


def test_has_an_entry_for_each_team_one_for_the_pool_and_one_for_the_workspace():
    found = [(entry.scope, entry.team) for entry in entries()]

    assert found == [
        (Scope.TEAM, COMPILERS),
        (Scope.TEAM, PARSERS),
        (Scope.OTHER, None),
        (Scope.WORKSPACE, None),
    ]


def test_is_written_canonically():
    for entry in entries():
        again = json.dumps(json.loads(entry.body), sort_keys=True, separators=(",", ":"))
        assert entry.body == again
        assert entries() == entries()


@pytest.mark.parametrize("rules", [Parameters(), Parameters(minimum=12, strict=True)])
@pytest.mark.parametrize("release", [SHOWN, TeamRelease(), Withheld()])
def test_is_read_as_it_was_written(release, rules):
    release = make_week_release(release, other=replace(SHOWN, adoption=None))
    team, _, other, _ = entries_of(release, make_making(parameters=rules))

    assert released_week(team.body, other.body, rules.p) == ReleasedWeek(
        team="Compilers",
        week=WEEK,
        release=release.teams[COMPILERS],
        other=release.other,
        coverage=Share.OVER_90,
        parameters=rules,
    )


def test_tells_what_is_not_known_as_nothing():
    release = replace(make_week_release(Withheld()), coverage=None)
    team, _, other, _ = entries_of(release, make_making(names={}))

    found = released_week(team.body, other.body, Parameters().p)

    assert (found.team, found.coverage) == ("", None)


def test_holds_neither_a_count_nor_an_amount_from_before_nor_the_secret_p():
    p = p_of(KEY)
    body = json.loads(entries(parameters=Parameters(p=p))[0].body)

    assert set(body) == {
        "week",
        "scope",
        "team",
        "members",
        "figures",
        "tiers",
        "adoption",
        "parameters",
        "caps",
        "coverage",
        "released_at",
    }
    assert set(body["parameters"]) == {"version", "minimum", "share", "strict"}
    assert str(p) not in json.dumps(body)
    assert body["figures"]["spend"] == {"value": "1000", "step": "500"}


def test_is_the_same_whatever_the_reason_for_withholding():
    withheld = make_week_release(Withheld())
    compilers, parsers, *_ = (json.loads(e.body) for e in entries_of(withheld, make_making()))

    different = {name for name in compilers if compilers[name] != parsers[name]}

    assert different == {"team", "members"}


def test_tells_a_set_of_members_by_one_tag_whatever_their_order():
    assert member_set(KEY, [b"a", b"b"]) == member_set(KEY, [b"b", b"a"])
    assert member_set(KEY, [b"a", b"b"]) != member_set(KEY, [b"a"])
    assert len(member_set(KEY, [b"a"] * 3)) == len(member_set(KEY, [b"a"] * 300))


class TestColumns:
    def as_kept(self, entry, **changes) -> str:
        columns = {
            "monday": MONDAY,
            "scope": entry.scope.value,
            "team": entry.team or 0,
            "released_at": entry.released_at,
        }
        return as_kept(entry.body, **{**columns, **changes})

    def test_say_the_same_as_the_body(self):
        for entry in entries():
            assert self.as_kept(entry) == entry.body

    @pytest.mark.parametrize(
        "change",
        [
            {"monday": MONDAY + timedelta(weeks=1)},
            {"monday": MONDAY + timedelta(days=1)},
            {"scope": "other"},
            {"team": PARSERS},
            {"team": 0},
            {"released_at": NOON + timedelta(microseconds=1)},
        ],
    )
    def test_make_another_body_where_they_were_changed(self, change):
        [compilers, *_] = entries()

        assert self.as_kept(compilers, **change) != compilers.body

    def test_may_stand_beside_anything(self):
        columns = {"monday": MONDAY, "scope": "team", "team": 1, "released_at": NOON}

        assert as_kept("no json", **columns) == "no json"
        assert as_kept("[]", **columns) == "[]"
        assert as_kept("{}", **columns) != "{}"

    def test_tell_a_moment_in_any_zone(self):
        [compilers, *_] = entries(released_at=NOON)

        there = datetime.fromisoformat("2026-03-25T14:00:00+02:00")

        assert there.astimezone(UTC) == NOON
        assert self.as_kept(compilers, released_at=there) == compilers.body
