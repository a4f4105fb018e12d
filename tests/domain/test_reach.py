"""A person waits for the sources that the person's own figures come from, and for no other."""

from __future__ import annotations

from datetime import date

from bot.domain.history import DayOfUse, FinishedWork, PersonalHistory
from bot.domain.outcomes import OutcomeKind, OutcomeState
from bot.domain.people import PersonId
from bot.domain.reach import concerning, late_for

FRIDAY = date(2026, 3, 20)
SATURDAY = date(2026, 3, 21)
ON = frozenset({"anthropic", "openai", "git", "jira"})
OF_WORK = frozenset({"git", "jira"})
EVERY = (
    ("anthropic", FRIDAY),
    ("git", FRIDAY),
    ("jira", None),
    ("openai", None),
    ("otlp:codex", None),
    ("retired", None),
)


def use(provider: str = "anthropic") -> DayOfUse:
    return DayOfUse(day=FRIDAY, provider=provider, cost=None, bases=frozenset())


def work(source: str = "git") -> FinishedWork:
    return FinishedWork(
        kind=OutcomeKind.MERGED_CHANGE,
        completed_on=FRIDAY,
        state=OutcomeState.DONE,
        has_evidence=False,
        source=source,
    )


def history(*facts: DayOfUse | FinishedWork, through=EVERY) -> PersonalHistory:
    return PersonalHistory(
        owner=PersonId(1),
        use=tuple(fact for fact in facts if isinstance(fact, DayOfUse)),
        work=tuple(fact for fact in facts if isinstance(fact, FinishedWork)),
        data_through=through,
    )


def names(found: PersonalHistory) -> list[str]:
    return [name for name, _ in found.data_through]


def test_whoever_uses_one_tool_of_several_hears_of_that_one():
    assert names(concerning(history(use(), work()), ON, OF_WORK)) == ["anthropic", "git"]


def test_whoever_uses_none_may_use_any_that_is_on_or_sends_by_itself():
    found = concerning(history(), ON, OF_WORK)

    assert names(found) == ["anthropic", "git", "jira", "openai", "otlp:codex"]


def test_what_has_not_told_of_a_day_is_late_for_it():
    assert late_for(history(), FRIDAY) == {"jira", "openai", "retired"}
    assert late_for(history(), SATURDAY) == {"anthropic", "git", "jira", "openai", "retired"}


def test_nobody_knows_how_late_a_sender_is():
    assert late_for(history(through=(("otlp:codex", None),)), SATURDAY) == frozenset()
