import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.crediting import credits_for
from bot.domain.outcomes import Credit, Role

people = st.sampled_from(["ada", "bob", "cleo"])


def test_a_persons_work_is_theirs_and_their_co_authors():
    assert credits_for("ada", ["ada", "bob", "bob"], merger="cleo") == (
        Credit("ada", Role.AUTHOR),
        Credit("bob", Role.COAUTHOR),
    )


@pytest.mark.parametrize(
    ("others", "assignees", "merger", "credits_"),
    [
        (["ada", "ada"], ["bob"], "cleo", (Credit("ada", Role.COAUTHOR),)),
        (["ada", "bob"], ["bob"], "cleo", (Credit("bob", Role.ASSIGNEE),)),
        ([], ["ada", "bob"], "cleo", (Credit("cleo", Role.MERGER),)),
        (["ada", "bob"], [], None, ()),
        ([], [], None, ()),
    ],
)
def test_a_machines_work_goes_to_the_one_who_stands_behind_it(others, assignees, merger, credits_):
    assert credits_for(None, others, assignees=assignees, merger=merger) == credits_


@given(st.none() | people, st.lists(people), st.lists(people), st.none() | people)
def test_nobody_is_credited_twice(author, others, assignees, merger):
    credited = [
        credit.account for credit in credits_for(author, others, assignees=assignees, merger=merger)
    ]

    assert len(credited) == len(set(credited))
