"""What the digest draws: the last weeks of spend, and what this one was for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from slackblocks import Block

from bot.blocks import wording
from bot.blocks.kit import bar_chart, context
from bot.domain.digest import Digest
from bot.domain.tiers import Tier
from bot.language import Language, mark

FEWEST_WEEKS = 2
_TIERS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.EXPLORATION: mark("exploration {amount}"),
        Tier.ROUTINE: mark("the daily work {amount}"),
        Tier.PRODUCTION: mark("what runs by itself {amount}"),
    }
)


def weeks_drawn(say: Language, digest: Digest) -> Iterator[Block]:
    """A chart, and the same in words: for screen readers, and where Slack draws no charts."""
    weeks = digest.by_week
    if len(weeks) < FEWEST_WEEKS:
        return
    bars = {say.short_day(week.monday): max(week.cost, Decimal(0)) for week in weeks}
    yield bar_chart(
        "digest-chart",
        say("Your spend on AI by week"),
        bars,
        name=say("Spend"),
        unit=say("US dollars"),
    )
    told = [
        say(
            "{day} {amount}",
            day=say.short_day(week.monday),
            amount=wording.rough_money(say, week.cost),
        )
        for week in weeks
    ]
    yield context(
        "digest-weeks",
        say("Your spend on AI by week: {weeks}.", weeks=say.listed(told, most=len(told))),
    )


def tiers_in_words(say: Language, digest: Digest) -> Iterator[str]:
    """What the money was for, where it was for more than the daily work."""
    tiers = dict(digest.by_tier)
    if not set(tiers) - {Tier.ROUTINE}:
        return
    told = [
        say(_TIERS[tier], amount=wording.rough_money(say, amount)) for tier, amount in tiers.items()
    ]
    yield say("*What it was for:* {tiers}.", tiers=say.listed(told))
