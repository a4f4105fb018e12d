"""The digest's two sides: what was spent on AI, and what was finished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.blocks import links, wording
from bot.blocks.kit import bold
from bot.domain.digest import Digest, OutcomeLine, SpendLine
from bot.domain.outcomes import OutcomeKind
from bot.language import Language, mark

_MOST_LINES = 8
_NONE_FINISHED: Mapping[OutcomeKind, str] = MappingProxyType(
    {
        OutcomeKind.MERGED_CHANGE: mark("Finished: no merged changes"),
        OutcomeKind.REVIEW_GIVEN: mark("Finished: no reviews given"),
        OutcomeKind.TASK_DONE: mark("Finished: no tasks done"),
        OutcomeKind.TICKET_SOLVED: mark("Finished: no tickets solved"),
        OutcomeKind.DEAL_WON: mark("Finished: no deals won"),
        OutcomeKind.PAGE_PUBLISHED: mark("Finished: no pages published"),
        OutcomeKind.LOGGED: mark("Finished: no outcomes logged by their owners"),
    }
)


def spent(say: Language, digest: Digest) -> str:
    if not digest.spend:
        return "\n".join(
            (bold(say("Spent: nothing recorded")), say("No AI use is known for these days"))
        )
    lines = [_spend_line(say, line) for line in digest.spend[:_MOST_LINES]]
    if hidden := len(digest.spend) - len(lines):
        lines.append(say.plural(hidden, "and {count} more provider", "and {count} more providers"))
    used = say.plural(digest.active_days, "AI used on {count} day", "AI used on {count} days")
    return "\n".join((bold(_total(say, digest)), *lines, used, *_corrected(say, digest)))


def _corrected(say: Language, digest: Digest) -> Iterator[str]:
    """Why there is less than nothing."""
    if digest.total is not None and digest.total < 0:
        yield say("Credits and corrections came to more than was spent.")


def _total(say: Language, digest: Digest) -> str:
    if digest.total is not None:
        amount = _amount(say, digest.total, at_least=is_unpriced(digest))
        return say("Spent: {amount}", amount=amount)
    if digest.foreign:
        amounts = [wording.foreign_money(say, *foreign) for foreign in digest.foreign]
        return say("Spent: {amount}", amount=say.listed(amounts))
    return say("Spent: no price known yet")


def _spend_line(say: Language, line: SpendLine) -> str:
    title = wording.source_title(line.provider)
    apart = say.listed([wording.foreign_money(say, *foreign) for foreign in line.foreign])
    if line.cost is None:
        return f"{title}: {apart or say('used, no price known yet')}"
    amount = _amount(say, line.cost, at_least=line.has_unpriced)
    told = ", ".join(filter(None, (f"{title} {amount}", wording.basis(say, line.bases))))
    return say("{spend}; apart from it {amounts}", spend=told, amounts=apart) if apart else told


def is_unpriced(digest: Digest) -> bool:
    """Whether some of the use has no price, so that a sum is no more than a part."""
    return any(line.has_unpriced or line.cost is None for line in digest.spend)


def _amount(say: Language, amount: Decimal, *, at_least: bool) -> str:
    if at_least:
        return say("at least {amount}", amount=say.money(amount))
    return wording.exact_money(say, amount)


def finished(say: Language, digest: Digest, settle_days: int) -> str:
    lines = [part for line in digest.outcomes for part in _outcome(say, line, settle_days)]
    if digest.logged:
        lines.append(_logged(say, len(digest.logged), is_all=not lines))
    nothing = (bold(say("Finished: nothing recorded")), say(wording.UNLINKED))
    return "\n".join(lines or nothing)


def _logged(say: Language, count: int, *, is_all: bool) -> str:
    if is_all:
        return bold(
            say.plural(
                count,
                "Finished: {count} outcome that you logged yourself",
                "Finished: {count} outcomes that you logged yourself",
            )
        )
    return say.plural(
        count,
        "{count} outcome that you logged yourself",
        "{count} outcomes that you logged yourself",
    )


def _outcome(say: Language, line: OutcomeLine, settle_days: int) -> Iterator[str]:
    if line.finished:
        some = wording.outcomes(say, line.kind, line.finished)
        yield bold(say("Finished: {outcomes}", outcomes=some))
    else:
        yield bold(say(_NONE_FINISHED[line.kind]))
    if line.settled:
        yield say.plural(line.settled, "{count} settled", "{count} settled")
    if line.pending:
        yield _pending(say, line.pending, settle_days)
    if line.reverted:
        yield _reverted(say, line)
    if line.reopened:
        yield _reopened(say, line)
    if line.shared:
        yield say.plural(line.shared, "{count} shared with others", "{count} shared with others")
    yield from links.of_many(say, line)


def _pending(say: Language, count: int, settle_days: int) -> str:
    first_days = say.plural(settle_days, "first day", "first {count} days")
    return say.plural(
        count,
        "{count} still in its {first_days}",
        "{count} still in their {first_days}",
        first_days=first_days,
    )


def _reverted(say: Language, line: OutcomeLine) -> str:
    if line.finished:
        return say.plural(line.reverted, "{count} more was reverted", "{count} more were reverted")
    return say.plural(line.reverted, "{count} was reverted", "{count} were reverted")


def _reopened(say: Language, line: OutcomeLine) -> str:
    if line.finished:
        return say.plural(line.reopened, "{count} more was reopened", "{count} more were reopened")
    return say.plural(line.reopened, "{count} was reopened", "{count} were reopened")
