"""The privacy page: who can see what, what cannot be promised, and the settings in force."""

from __future__ import annotations

from decimal import Decimal

from bot.blocks import wording
from bot.blocks.escaping import code, mention
from bot.blocks.kit import bold, context, divider, header, message, section
from bot.domain.commands import CommandNames
from bot.domain.health import PrivacyFacts
from bot.domain.messages import Message
from bot.language import Language


def render_privacy(say: Language, facts: PrivacyFacts, names: CommandNames) -> Message:
    through = wording.data_through(say, facts.data_through)
    return message(
        say("Who can see your figures in Upshot, and what is kept of you."),
        header("privacy-title", say("Who can see what")),
        section("privacy-you", _you(say)),
        section("privacy-limits", _limits(say)),
        section("privacy-team", _team(say, facts)),
        section("privacy-kept", _kept(say, facts)),
        divider("privacy-line"),
        section("privacy-settings", *_settings(say, facts)),
        section("privacy-rights", _rights(say, names)),
        context("privacy-foot", through, say(wording.ONLY_YOU)),
    )


def _you(say: Language) -> str:
    return say(
        "*You see your own figures, and in Upshot nobody else does.* Colleagues, managers "
        "and the admins of this bot cannot see them: no screen, command, export or log of it "
        "has them."
    )


def _limits(say: Language) -> str:
    return say(
        "*What we cannot promise.* Whoever runs the server or its database could read "
        "your rows there: they are stored per person, because your digest is computed from them. "
        "And your employer gets the same figures from the AI providers' own admin pages, "
        "with or without this bot."
    )


def _team(say: Language, facts: PrivacyFacts) -> str:
    imprecise = say("*Team figures* are imprecise on purpose.")
    shown = say.plural(
        facts.minimum_group_size,
        "One is shown only if at least {count} person took part in it and none of them holds more "
        "than {most} of it; else it is withheld, whatever the reason, in the same words.",
        "One is shown only if at least {count} people took part in it and none of them holds more "
        "than {most} of it; else it is withheld, whatever the reason, in the same words.",
        most=say.percent(Decimal(facts.dominance_percent) / 100),
    )
    confidential = say("Such figures are confidential, not anonymous.")
    return f"{imprecise} {shown} {confidential}"


def _kept(say: Language, facts: PrivacyFacts) -> str:
    kept = say(
        "*What is kept of you:* for each day the AI services and models you used, how "
        "much of them, what it cost and how many of their suggestions you took; for each piece "
        "of finished work its title and link, when it was done, whether it still stands and "
        "whether an AI tool's mark is on it; the tips and notes you were sent, and what you "
        "answered; what you logged, tagged or set yourself, which you can change and delete. "
        "Titles and your own words are shown to you alone."
    )
    settled = say.plural(
        facts.settle_days,
        "Work counts as settled once it stood for {count} day.",
        "Work counts as settled once it stood for {count} days.",
    )
    never = say("Never what you asked, what was answered, your code or the name of a file.")
    return f"{kept} {settled} {never}"


def _settings(say: Language, facts: PrivacyFacts) -> tuple[str, ...]:
    return (
        bold(say("In force right now")),
        _sources(say, [wording.source_title(name) for name in facts.sources]),
        _admins(say, [mention(user) for user in facts.admins]),
    )


def _sources(say: Language, titles: list[str]) -> str:
    if not titles:
        return say("Figures come from: no source yet.")
    return say("Figures come from: {sources}.", sources=say.listed(titles))


def _admins(say: Language, people: list[str]) -> str:
    if not people:
        return say("Admins, who change settings and see nobody's figures: nobody yet.")
    return say(
        "Admins, who change settings and see nobody's figures: {people}.",
        people=say.listed(people),
    )


def _rights(say: Language, names: CommandNames) -> str:
    return say(
        "*What you can do:* ask for your figures with {usage}, and for your work with "
        "{outcomes}; press *Stop* under any digest, and nobody is told; ask the admins above "
        "what else you want to know or to have changed.",
        usage=code(names.usage),
        outcomes=code(f"{names.usage} outcomes"),
    )
