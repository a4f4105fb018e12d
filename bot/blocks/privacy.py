"""The privacy page: who can see what, what cannot be promised, and the settings in force."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.blocks import wording
from bot.blocks.agreement import in_force
from bot.blocks.escaping import code, escape, mention
from bot.blocks.kit import bold, context, divider, header, message, section
from bot.domain.commands import CommandNames
from bot.domain.health import PrivacyFacts
from bot.domain.messages import Message
from bot.domain.teams import HomeTeam
from bot.language import Language


def render_privacy(say: Language, facts: PrivacyFacts, names: CommandNames) -> Message:
    through = wording.data_through(say, facts.data_through)
    return message(
        say("Who can see your figures in Upshot, and what is kept of you."),
        header("privacy-title", say("Who can see what")),
        section("privacy-you", _you(say)),
        section("privacy-limits", _limits(say)),
        section("privacy-team", _team(say, facts), *_homes(say, facts.homes)),
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
    return " ".join((imprecise, shown, *_strict(say, facts), confidential))


def _strict(say: Language, facts: PrivacyFacts) -> list[str]:
    if not facts.is_strict:
        return []
    return [say("Strict mode is on: bands are shown, never an amount.")]


def _homes(say: Language, homes: Sequence[HomeTeam]) -> list[str]:
    """Where the reader counts, and where from a later day on."""
    if not homes:
        return []
    now, *later = homes
    if now.team is None:
        told = say("You count in no team's figures.")
    else:
        told = say("You count in the team {team}.", team=bold(escape(now.team.name)))
    return [told, *(_home_to_be(say, home) for home in later)]


def _home_to_be(say: Language, home: HomeTeam) -> str:
    day = say.day(home.since)
    if home.team is None:
        return say("From {day} on you count in no team's figures.", day=day)
    team = bold(escape(home.team.name))
    return say("From {day} on you count in the team {team}.", day=day, team=team)


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
    deleted = say.plural(
        facts.retention_days,
        "What is older than {count} day is deleted.",
        "What is older than {count} days is deleted.",
    )
    return f"{kept} {deleted} {settled} {never}"


def _settings(say: Language, facts: PrivacyFacts) -> tuple[str, ...]:
    return (
        bold(say("In force right now")),
        _sources(say, [wording.source_title(name) for name in facts.sources]),
        _admins(say, [mention(user) for user in facts.admins]),
        in_force(say, facts.agreement),
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
        "*What you can do:* {export} gives you all that is kept of you. {optout} ends the "
        "collecting. {forget} deletes all of it at once, but for a keyed mark that keeps you out. "
        "Admins learn that somebody did, never who. *Stop* under any digest ends the digests "
        "alone. What else you want to know or to have changed, ask the admins above.",
        export=code(f"{names.usage} export"),
        optout=code(f"{names.usage} optout"),
        forget=code(f"{names.usage} forget"),
    )
