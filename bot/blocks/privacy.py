"""The privacy page: who can see what, what cannot be promised, and the settings in force."""

from __future__ import annotations

from bot.blocks import wording
from bot.blocks.escaping import code, mention
from bot.blocks.kit import bold, context, divider, header, message, section
from bot.domain.commands import CommandNames
from bot.domain.health import PrivacyFacts
from bot.domain.messages import Message
from bot.language import Language


def render_privacy(say: Language, facts: PrivacyFacts, names: CommandNames) -> Message:
    return message(
        "Who can see your figures in Upshot, and what is kept of you.",
        header("privacy-title", "Who can see what"),
        section("privacy-you", _you()),
        section("privacy-limits", _limits()),
        section("privacy-team", _team(facts)),
        section("privacy-kept", _kept(facts)),
        divider("privacy-line"),
        section("privacy-settings", *_settings(facts)),
        section("privacy-rights", _rights(names)),
        context("privacy-foot", wording.data_through(facts.data_through), wording.ONLY_YOU),
    )


def _you() -> str:
    return (
        f"{bold('You see your own figures, and in Upshot nobody else does.')} Colleagues, managers "
        "and the admins of this bot cannot see them: no screen, command, export or log of it "
        "has them."
    )


def _limits() -> str:
    return (
        f"{bold('What we cannot promise.')} Whoever runs the server or its database could read "
        "your rows there: they are stored per person, because your digest is computed from them. "
        "And your employer gets the same figures from the AI providers' own admin pages, "
        "with or without this bot."
    )


def _team(facts: PrivacyFacts) -> str:
    return (
        f"{bold('Team figures')} are imprecise on purpose. One is shown only if at least "
        f"{wording.plural(facts.minimum_group_size, 'person', 'people')} took part in it and none "
        f"of them holds more than {facts.dominance_percent} % of it; else it is withheld, "
        "whatever the reason, in the same words. Such figures are confidential, not anonymous."
    )


def _kept(facts: PrivacyFacts) -> str:
    return (
        f"{bold('What is kept of you:')} for each day the AI services and models you used, how "
        "much of them and what it cost; for each piece of finished work its title and link, "
        "when it was done, whether it still stands and whether an AI tool's mark is on it; what "
        "you logged or tagged yourself, which you can change and delete. Titles and your own "
        "words are shown to you alone. Work counts as settled once it stood for "
        f"{wording.plural(facts.settle_days, 'day')}. "
        "Never what you asked, what was answered, your code or the name of a file."
    )


def _settings(facts: PrivacyFacts) -> tuple[str, ...]:
    sources = [wording.source_title(name) for name in facts.sources]
    admins = [mention(user) for user in facts.admins]
    return (
        bold("In force right now"),
        f"Figures come from: {wording.listed(sources) if sources else 'no source yet'}.",
        f"Admins, who change settings and see nobody's figures: {_or_nobody(admins)}.",
    )


def _or_nobody(people: list[str]) -> str:
    return wording.listed(people) if people else "nobody yet"


def _rights(names: CommandNames) -> str:
    return (
        f"{bold('What you can do:')} ask for your figures with {code(names.usage)}, and for "
        f"your work with {code(f'{names.usage} outcomes')}; press "
        f"{bold('Stop')} under any digest, and nobody is told; ask the admins above "
        "what else you want to know or to have changed."
    )
