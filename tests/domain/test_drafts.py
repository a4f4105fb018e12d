"""Whatever is filled in, what is kept keeps the rules, and every fault has its field."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drafts import A_YEAR, Fault, Faults, LogDraft, TagDraft, read_log, read_tag
from bot.domain.logged import LONGEST_WHAT, Benefit, LoggedKind, LoggedOutcome, Tag, Visibility
from bot.domain.people import PersonId
from bot.domain.tiers import Tier

TODAY = date(2026, 3, 25)
AT = datetime(2026, 3, 25, 12, tzinfo=UTC)
GOOD = LogDraft(kind="data_cleaned", what="The list", done_on="2026-03-25", visibility="only_me")
TAG = TagDraft(tier="routine", first_day="2026-03-01", last_day="2026-03-25")


def log(draft: LogDraft) -> LoggedOutcome | Faults:
    return read_log(
        draft, logged=UUID(int=1), owner=PersonId(1), at=AT, today=TODAY, tools=["cursor"]
    )


def tag(draft: TagDraft) -> Tag | Faults:
    return read_tag(draft, today=TODAY, tools=["cursor"])


def maybe(*known: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(known) | st.text(max_size=150)


days = maybe("2026-03-25", "2026-03-26", "2025-01-01", "2026-02-30")


@given(
    st.builds(
        LogDraft,
        kind=maybe(*LoggedKind),
        what=maybe("The list", "x" * LONGEST_WHAT, " "),
        done_on=days,
        link=maybe("https://example.com/a", "https://a:b@example.com"),
        helped_by=st.lists(st.sampled_from(["cursor", "devin"]), max_size=3).map(tuple),
        benefit=maybe(*Benefit),
        tier=maybe(*Tier),
        visibility=maybe(*Visibility),
    )
)
def test_a_log_is_kept_by_the_rules_or_its_faults_are_named(draft):
    match log(draft):
        case Faults(of=faults):
            assert faults
            assert set(faults) <= {field.name for field in fields(LogDraft)}
        case LoggedOutcome() as kept:
            assert 0 < len(kept.what) <= LONGEST_WHAT
            assert kept.what.isprintable()
            assert TODAY - A_YEAR <= kept.done_on <= TODAY
            assert kept.link is None or kept.link.startswith(("https://", "http://"))
            assert set(kept.helped_by) <= {"cursor"}


@given(
    st.builds(TagDraft, tier=maybe(*Tier), provider=maybe("cursor"), first_day=days, last_day=days)
)
def test_a_tag_is_kept_by_the_rules_or_its_faults_are_named(draft):
    match tag(draft):
        case Faults(of=faults):
            assert faults
            assert set(faults) <= {field.name for field in fields(TagDraft)}
        case Tag() as kept:
            assert kept.first_day <= kept.last_day
            assert kept.provider in {None, "cursor"}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"what": None}, {"what": Fault.MISSING}),
        ({"what": "x" * (LONGEST_WHAT + 1)}, {"what": Fault.TOO_LONG}),
        ({"done_on": ""}, {"done_on": Fault.MISSING}),
        ({"done_on": "20260325"}, {"done_on": Fault.NO_DAY}),
        ({"done_on": "2025-03-23"}, {"done_on": Fault.TOO_LONG_AGO}),
        ({"link": "wiki.example.com"}, {"link": Fault.NO_LINK}),
        ({"kind": "x", "visibility": None}, {"kind": Fault.UNKNOWN, "visibility": Fault.MISSING}),
    ],
)
def test_names_each_fault(changes, faults):
    assert log(replace(GOOD, **changes)) == Faults(faults)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(" HTTPS://Example.com/A ", "https://Example.com/A"), ("", None), (None, None)],
)
def test_a_link_is_taken_as_keyboards_write_it(given, kept):
    assert log(replace(GOOD, link=given)).link == kept


@pytest.mark.parametrize("kind", LoggedKind)
def test_the_tier_is_that_of_the_kind_unless_it_is_chosen(kind):
    assert log(replace(GOOD, kind=kind)).tier is kind.tier
    assert log(replace(GOOD, kind=kind, tier="production")).tier is Tier.PRODUCTION


def test_a_tag_may_reach_into_what_is_to_come_but_not_far():
    assert tag(replace(TAG, last_day="2026-04-30")).last_day == date(2026, 4, 30)
    assert tag(replace(TAG, last_day="2028-04-30")) == Faults({"last_day": Fault.TOO_FAR_AHEAD})
