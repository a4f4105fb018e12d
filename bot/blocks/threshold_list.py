"""All thresholds at a glance: what each is in words, its value, its name and what it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from slackblocks import Block

from bot.blocks import wording
from bot.blocks.escaping import code
from bot.blocks.kit import bold, context, header, message, section
from bot.blocks.threshold_wording import changes, fixed, limits, shown
from bot.domain.commands import CommandNames
from bot.domain.health import ThresholdValue
from bot.domain.messages import Message
from bot.domain.thresholds import THRESHOLDS
from bot.language import Language, mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is looked for together; ``labels`` are shorter than what is said of one alone."""

    name: str
    title: str
    labels: Mapping[str, str]


GROUPS = (
    Group(
        name="privacy",
        title=mark("Team figures and privacy"),
        labels={
            "minimum_group_size": mark("People behind a team's figure, at least"),
            "dominance_share": mark("One person's part of a team's figure, at most"),
            "strict_mode": mark("Bands instead of amounts, from ten people on"),
        },
    ),
    Group(
        name="digests",
        title=mark("Personal digests"),
        labels={
            "digest_day": mark("Day, for all who have not chosen their own"),
            "digest_hour": mark("Hour, in each person's time zone"),
        },
    ),
    Group(
        name="summaries",
        title=mark("Team summaries"),
        labels={
            "summary_day": mark("Day"),
            "summary_hour": mark("Hour, in the team's time zone"),
            "adoption_target": mark("Target for the share of seats in use, 0 for none"),
        },
    ),
    Group(
        name="nudges",
        title=mark("Nudges, tips and amounts"),
        labels={
            "nudge_times_usual": mark("Times the usual week before a person is asked"),
            "tip_minimum_saving": mark("US dollars a tip must be able to save in four weeks"),
            "monthly_budget": mark("US dollars a person and month, 0 for none"),
            "team_budget": mark("US dollars a team and month, 0 for none"),
        },
    ),
    Group(
        name="keeping",
        title=mark("Finished work and keeping"),
        labels={
            "settle_days": mark("Days until finished work counts as settled"),
            "minimum_outcomes": mark("Settled outcomes before spend per outcome is shown"),
            "retention_days": mark("Days that the rows about people are kept"),
        },
    ),
)


def render_thresholds(
    say: Language, values: Sequence[ThresholdValue], names: CommandNames
) -> Message:
    command = code(f"{names.admin} thresholds set NAME VALUE")
    return message(
        say("What is set in Upshot."),
        header("thresholds-title", say("Thresholds")),
        *_groups(say, {value.name: value for value in values}),
        context(
            "thresholds-foot",
            say("To change one: {command}", command=command),
            say(wording.NO_PERSON),
        ),
    )


def _groups(say: Language, values: Mapping[str, ThresholdValue]) -> Iterator[Block]:
    for group in GROUPS:
        known = {label: values[name] for name, label in group.labels.items() if name in values}
        if known:
            lines = (_line(say, say(label), value) for label, value in known.items())
            yield section(f"thresholds-{group.name}", bold(say(group.title)), *lines)


def _line(say: Language, label: str, value: ThresholdValue) -> str:
    known = THRESHOLDS[value.name]
    now = bold(shown(say, known, value.value))
    later = f"; {changes(say, known, value)}" if value.waiting else ""
    bounds = f"{limits(say, known)}{_fixed(say, value)}"
    return f"• {label}: {now}{later} · {code(known.name)} ({bounds})"


def _fixed(say: Language, value: ThresholdValue) -> str:
    if value.fixed is None:
        return ""
    bound = fixed(say, THRESHOLDS[value.name], value.fixed)
    return say("; fixed by agreement: {bound}", bound=bound)
