"""The digest: two sides at once, and nothing said that is not known."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.digest import render_digest
from bot.domain.digest import Digest, OutcomeLine, SpendLine
from bot.domain.links import LinkLevel
from bot.domain.logged import LoggedKind
from bot.domain.outcomes import OutcomeKind
from bot.domain.people import PersonId
from bot.domain.periods import Period
from bot.domain.ratios import CostRange, SpendPerOutcome
from bot.domain.statistics import Difference
from bot.domain.usage import CostBasis
from bot.domain.usual import Usual
from bot.language import ENGLISH
from bot.playground.slack.block_kit import violations
from tests.blocks.making import MERGED, digest, merged, ratio, spend, usual

amounts = st.decimals(min_value=-(10**6), max_value=10**9, places=6)
counts = st.integers(0, 10**6)
dates = st.dates(date(2020, 1, 1), date(2035, 12, 31))
spend_lines = st.builds(
    SpendLine,
    provider=st.text(max_size=300),
    cost=st.none() | amounts,
    bases=st.frozensets(st.sampled_from(CostBasis)),
    has_unpriced=st.booleans(),
)
outcome_lines = st.builds(
    OutcomeLine,
    kind=st.sampled_from(OutcomeKind),
    settled=counts,
    pending=counts,
    reverted=counts,
    reopened=counts,
    shared=counts,
    with_evidence=counts,
    by_level=st.lists(
        st.tuples(st.sampled_from(LinkLevel), st.integers(1, 10**6)),
        max_size=len(LinkLevel),
        unique_by=lambda level: level[0],
    ).map(tuple),
)
ratios = st.builds(
    SpendPerOutcome,
    kind=st.sampled_from(OutcomeKind),
    low=amounts,
    high=amounts,
    settled=st.decimals(min_value=1, max_value=10**6, places=6),
    weeks=st.integers(1, 8),
    before=st.none() | st.builds(CostRange, low=amounts, high=amounts),
    difference=st.none() | st.sampled_from(Difference),
    explored=amounts,
    has_unpriced=st.booleans(),
)
usuals = st.builds(Usual, median=amounts, low=amounts, high=amounts, weeks=st.integers(4, 8))


def of_kinds(lines):
    return st.lists(lines, max_size=len(OutcomeKind), unique_by=lambda line: line.kind).map(tuple)


digests = st.builds(
    Digest,
    owner=st.integers(1).map(PersonId),
    period=st.builds(
        lambda first, more: Period.of_days(first, first + timedelta(days=more)),
        dates,
        st.integers(0, 92),
    ),
    is_closed=st.booleans(),
    spend=st.lists(spend_lines, max_size=30).map(tuple),
    active_days=st.integers(0, 31),
    usual=st.none() | usuals,
    outcomes=of_kinds(outcome_lines),
    spend_per_outcome=of_kinds(ratios),
    logged=st.lists(st.sampled_from(LoggedKind), max_size=300).map(tuple),
    data_through=st.lists(st.tuples(st.text(max_size=300), st.none() | dates), max_size=40).map(
        tuple
    ),
)


@settings(deadline=None)
@given(digests)
def test_any_digest_is_one_that_slack_takes(value):
    message = render_digest(ENGLISH, value)

    payload = {"channel": "U01ADA", "text": message.text, "blocks": list(message.blocks)}
    assert violations(payload, "message") == []
    assert len(message.text) < 3_900


@settings(deadline=None)
@given(digests)
def test_any_digest_ends_with_who_sees_it_and_how_to_stop_it(value):
    message = render_digest(ENGLISH, value)

    assert "Only you can see this message." in message.text
    assert [button["action_id"] for button in message.blocks[-1]["elements"]] == [
        "log_outcome",
        "settings_open",
        "digest_privacy",
        "digest_stop",
    ]


@settings(deadline=None)
@given(digests)
def test_no_button_carries_anything_about_the_reader(value):
    message = render_digest(ENGLISH, value)

    assert {button["value"] for button in message.blocks[-1]["elements"]} == {
        "log",
        "settings",
        "digest",
    }


def test_sets_spend_and_finished_work_side_by_side():
    _, sides, *_ = render_digest(ENGLISH, digest()).blocks

    spent, finished = (field["text"].split("\n")[0] for field in sides["fields"])
    assert (spent, finished) == ("*Spent: $41.20*", "*Finished: 5 merged changes*")


def test_says_what_became_of_the_work():
    text = render_digest(ENGLISH, digest()).text

    assert "3 settled\n2 still in their first 7 days\n1 more was reverted\n" in text


def test_tells_of_a_tools_help_as_a_count_only():
    assert "4 of the 5 show an AI tool's help" in render_digest(ENGLISH, digest()).text


def test_says_that_a_missing_mark_proves_nothing():
    assert "Work without an AI tool's mark may have" in render_digest(ENGLISH, digest()).text
    assert (
        "Work without"
        not in render_digest(ENGLISH, digest(outcomes=(merged(with_evidence=0),))).text
    )


def test_says_what_each_amount_means():
    text = render_digest(ENGLISH, digest()).text

    assert "Anthropic $30.10, billed\nOpenAI $11.10, list price\n" in text
    assert "An estimate or a list price is not what was billed." in text


def test_does_not_doubt_an_amount_that_is_billed():
    assert "is not what was billed" not in render_digest(ENGLISH, digest(spend=(spend(),))).text


def test_gives_spend_per_outcome_as_a_range():
    text = render_digest(ENGLISH, digest()).text

    assert "Spend per merged change: $22 to $82, over the last 8 weeks (12 settled)" in text


def test_gives_no_ratio_of_a_few():
    text = render_digest(ENGLISH, digest(spend_per_outcome=())).text

    assert "not enough finished work yet for a ratio" in text


@pytest.mark.parametrize(
    "changes", [{"spend": ()}, {"outcomes": ()}, {"spend": (spend(cost=None),)}]
)
def test_speaks_of_no_ratio_where_one_side_is_missing(changes):
    assert "for a ratio" not in render_digest(ENGLISH, digest(spend_per_outcome=(), **changes)).text


def test_says_where_a_range_leaves_something_out():
    text = render_digest(ENGLISH, digest(spend_per_outcome=(ratio(has_unpriced=True),))).text

    assert "12 settled, at the least: some use has no price" in text


@pytest.mark.parametrize(
    ("cost", "beside"),
    [("19", "was below that."), ("45", "was like that."), ("46", "was above that; large")],
)
def test_sets_a_whole_week_beside_ones_own_usual(cost, beside):
    assert beside in render_digest(ENGLISH, digest(spend=(spend(cost=cost),))).text


@pytest.mark.parametrize(
    "changes",
    [
        {"is_closed": False},
        {"period": Period.of_days(date(2026, 11, 2), date(2026, 11, 15))},
        {"data_through": (("anthropic", None),)},
        {"spend": (spend(cost=None),)},
        {"spend": (spend(has_unpriced=True),)},
    ],
    ids=["unfinished", "two weeks", "late", "no price", "not all prices"],
)
def test_compares_only_a_whole_and_known_week(changes):
    text = render_digest(ENGLISH, digest(**changes)).text

    assert "Your usual week: $20 to $45" in text
    assert "This week was" not in text


def test_does_not_make_up_a_usual_week():
    text = render_digest(ENGLISH, digest(usual=None)).text

    assert "Your usual week: not known yet. It takes 4 earlier weeks" in text


def test_a_usual_that_hardly_varies_is_one_amount():
    assert (
        "Your usual week: about $31"
        in render_digest(ENGLISH, digest(usual=usual("31", "31", "31"))).text
    )


def test_an_unknown_price_is_not_zero():
    text = render_digest(ENGLISH, digest(spend=(spend(cost=None), spend("openai", "2")))).text

    assert "Spent: at least $2.00\nAnthropic: used, no price known yet\nOpenAI $2.00" in text


def test_a_late_source_is_named_before_the_figures():
    late = (("anthropic", date(2026, 11, 12)), ("git", None))
    text = render_digest(ENGLISH, digest(data_through=late)).text

    lead = "Not everything is in yet. Anthropic has told up to November 12 and Git has told nothing"
    assert text.index(lead) < text.index("Spent:")


def test_an_unfinished_week_is_never_called_late():
    late = (("anthropic", date(2026, 11, 12)),)

    assert (
        "Not everything"
        not in render_digest(ENGLISH, digest(is_closed=False, data_through=late)).text
    )


def test_no_data_yet_is_not_zero():
    text = render_digest(ENGLISH, digest(spend=(), outcomes=(), data_through=(("git", None),))).text

    assert "Your figures are not in yet. Git has told nothing." in text
    assert "Data through: Git no data yet." in text
    assert "$" not in text


def test_a_long_list_of_providers_says_how_many_more_there_are():
    lines = tuple(spend(f"provider-{n}", str(n)) for n in range(1, 12))
    text = render_digest(ENGLISH, digest(spend=lines)).text

    assert "Spent: $66.00" in text
    assert "provider-8 $8.00, billed\nand 3 more providers\n" in text


def test_free_use_is_zero_which_is_known():
    text = render_digest(ENGLISH, digest(spend=(spend(cost="0"),), usual=usual("0", "0", "0"))).text

    assert "Spent: $0.00" in text
    assert "Your usual week: about under $0.01" not in text


def test_more_or_less_is_said_where_two_ranges_do_not_touch():
    before = CostRange(low=Decimal(90), high=Decimal(160))
    less = ratio(before=before, difference=Difference.LESS)
    more = ratio(before=before, difference=Difference.MORE)

    assert "That is less than in the 8 weeks before: $90 to $160" in told_of(less)
    assert "That is more than in the 8 weeks before: $90 to $160" in told_of(more)


def test_where_two_ranges_touch_no_difference_is_made_up():
    text = told_of(ratio(before=CostRange(low=Decimal(30), high=Decimal(99))))

    assert "$30 to $99, which is no difference one could tell" in text
    assert "That is more" not in text
    assert "That is less" not in text


def test_where_some_use_has_no_price_nothing_is_compared():
    before = CostRange(low=Decimal(90), high=Decimal(160))
    text = told_of(ratio(before=before, difference=Difference.LESS, has_unpriced=True))

    assert "before:" not in text


def test_experiments_are_named_beside_the_range_that_leaves_them_out():
    assert "$12 spent on experiments is no part of it" in told_of(ratio(explored=Decimal("12.4")))
    assert "experiments" not in told_of(ratio())


def test_work_that_is_open_again_is_not_finished():
    text = render_digest(ENGLISH, digest(outcomes=(merged(settled=0, pending=0, reopened=2),))).text

    assert "Finished: no merged changes" in text
    assert "2 were reopened" in text


def test_shared_work_is_told_as_shared():
    assert (
        "2 shared with others" in render_digest(ENGLISH, digest(outcomes=(merged(shared=2),))).text
    )


def test_what_was_logged_is_told_apart_from_what_was_finished():
    logged = (LoggedKind.DATA_CLEANED, LoggedKind.DID_NOT_WORK)
    text = render_digest(ENGLISH, digest(logged=logged)).text

    assert "Finished: 5 merged changes" in text
    assert "2 outcomes that you logged yourself" in text


def test_each_kind_has_its_own_ratio():
    tickets = ratio(kind=OutcomeKind.TICKET_SOLVED, low=Decimal(1), high=Decimal(2))
    text = render_digest(ENGLISH, digest(spend_per_outcome=(ratio(kind=MERGED), tickets))).text

    assert "Spend per merged change: $22 to $82" in text
    assert "Spend per ticket solved: $1.00 to $2.00" in text


def told_of(of: SpendPerOutcome) -> str:
    return render_digest(ENGLISH, digest(spend_per_outcome=(of,))).text
