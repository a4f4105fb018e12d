"""A tip in the digest, and the list of tips: what fits now, how others went, which are muted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Context, Decimal

from slackblocks import Block, Button

from bot.blocks import tips_of_tokens, tips_of_tools
from bot.blocks.controls import log_button
from bot.blocks.escaping import code, plain
from bot.blocks.kit import actions, beside, bold, button, context, header, message, section
from bot.blocks.tips_told import TITLES, title, verdict_line
from bot.blocks.wording import ONLY_YOU
from bot.domain.coaching.rules import CHECKED_AFTER, QUIET_WEEKS, Finding, ShownTip
from bot.domain.coaching.tips import celebrate
from bot.domain.commands import CommandNames
from bot.domain.messages import Message
from bot.language import Language

TEXTS = {**tips_of_tokens.TEXTS, **tips_of_tools.TEXTS}
MOST_FITTING, MOST_EARLIER = 4, 4
"""As many as can be read aloud in one message."""
_LONGEST_SPOKEN = 75
_ROUGHLY = Context(prec=2)


def tip_section(say: Language, tip: Finding) -> list[Block]:
    """Something to try, what it may save at most, and a button for who has no use for it."""
    first, rest = TEXTS[tip.rule](say, tip)
    lines = (bold(first), rest, _saving(say, tip))
    return [beside(f"tip-{_slug(tip.rule)}", _mute_button(say, tip.rule), *filter(None, lines))]


def render_tips(
    say: Language,
    fitting: Sequence[Finding],
    shown: Sequence[ShownTip],
    muted: Collection[str],
    names: CommandNames,
) -> Message:
    """For its owner only; a tip of a rule that there is no more is left out."""
    return message(
        say("Tips from your own figures. Open them where nobody reads over your shoulder."),
        header("tips-title", say("Tips that fit your last four weeks")),
        *(_fitting(say, fitting) if fitting else _nothing(say)),
        *_earlier(say, shown),
        *_muted(say, muted),
        context("tips-foot", _how(say, names), say(ONLY_YOU)),
        actions("tips-actions", log_button(say)),
    )


def render_tip_muted(say: Language, names: CommandNames) -> Message:
    return message(
        say("That tip will not come again."),
        section(
            "tip-muted",
            say(
                "*That tip will not come again.* Others still may. To have it back: {command}.",
                command=code(f"{names.usage} tips"),
            ),
        ),
        context("tip-foot", say(ONLY_YOU)),
    )


def _saving(say: Language, tip: Finding) -> str:
    """At most, and no more exact than it can be; use within a plan is on no bill."""
    if tip.saving is None:
        return ""
    amount = say.money(max(_ROUGHLY.plus(tip.saving), Decimal(1)), cents=False)
    if tip.values.get("plan"):
        return say("By the token, that would be up to about {amount} in four weeks.", amount=amount)
    return say("This may save up to about {amount} in four weeks.", amount=amount)


def _mute_button(say: Language, rule: str) -> Button:
    spoken = say("Not useful: {tip}", tip=title(say, rule))
    return button(say("Not useful"), "tip_not_useful", value=rule, spoken_as=_spoken(spoken))


def _again_button(say: Language, rule: str) -> Button:
    spoken = say("Show again: {tip}", tip=title(say, rule))
    return button(say("Show again"), "tip_again", value=rule, spoken_as=_spoken(spoken))


def _fitting(say: Language, fitting: Sequence[Finding]) -> Iterator[Block]:
    for tip in fitting[:MOST_FITTING]:
        yield from tip_section(say, tip)
    if (more := len(fitting) - MOST_FITTING) > 0:
        yield section("tips-more", say.plural(more, "and {count} more", "and {count} more"))


def _nothing(say: Language) -> Iterator[Block]:
    yield section(
        "tips-nothing",
        say("*No tip fits your last four weeks.* That is as good as a tip."),
        say(
            "One comes up where your own figures show something to try that may spare you money "
            "or time. Small savings are not worth a word, and where Upshot knows too little it "
            "says nothing."
        ),
    )


def _earlier(say: Language, shown: Sequence[ShownTip]) -> Iterator[Block]:
    known = [tip for tip in shown if tip.rule in TITLES and tip.rule != celebrate.NAME]
    latest = sorted(known, key=lambda tip: tip.week, reverse=True)[:MOST_EARLIER]
    if latest:
        lines = (f"• {verdict_line(say, tip)}" for tip in latest)
        yield section("tips-earlier", bold(say("Tips in your digests, and how they went")), *lines)


def _muted(say: Language, muted: Collection[str]) -> Iterator[Block]:
    known = [rule for rule in TITLES if rule in muted]
    if known:
        yield section("tips-muted", bold(say("Tips that you found not useful")))
    for rule in known:
        yield beside(f"muted-{_slug(rule)}", _again_button(say, rule), title(say, rule))


def _how(say: Language, names: CommandNames) -> str:
    return say(
        "A digest has one tip at the most, none twice within {quiet} weeks, and tells how it went "
        "{checked} weeks later. No tips at all: {command}.",
        quiet=say.number(QUIET_WEEKS),
        checked=say.number(CHECKED_AFTER),
        command=code(f"{names.usage} settings"),
    )


def _slug(rule: str) -> str:
    return rule.replace("_", "-")


def _spoken(label: str) -> str:
    return plain(label, most=_LONGEST_SPOKEN)
