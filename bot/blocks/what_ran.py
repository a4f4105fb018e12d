"""What ran: the days that a nudge was about, by tool and model and by day, for their owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from slackblocks import Block

from bot.blocks import wording
from bot.blocks.kit import bold, context, header, message, section, table
from bot.domain.coaching.facts import ModelWeek, requests_of, tokens_of
from bot.domain.history import DayOfUse, total_cost, used_in
from bot.domain.messages import Message
from bot.domain.periods import IsoWeek, Period
from bot.language import Language

MOST_MODELS, MOST_DAYS = 12, 31


def render_what_ran(
    say: Language,
    first_day: date,
    last_day: date,
    *,
    use: Sequence[DayOfUse],
    models: Sequence[ModelWeek],
) -> Message:
    """From *first_day* to *last_day*; models are known by the week, so of the weeks around them."""
    of_days = [e for e in used_in(Period.of_days(first_day, last_day), use) if e.is_use]
    first, last = IsoWeek.of(first_day), IsoWeek.of(last_day)
    of_weeks = [entry for entry in models if first <= entry.week <= last]
    body = [*_by_day(say, of_days), *_by_model(say, of_weeks, first, last)]
    return message(
        say("What ran, as far as Upshot knows. Open it where nobody reads over your shoulder."),
        header("ran-title", say("What ran, {days}", days=say.span(first_day, last_day))),
        *(body or [_nothing(say)]),
        context("ran-foot", *_foot(say, is_known=bool(body))),
    )


def _foot(say: Language, *, is_known: bool) -> Iterator[str]:
    if is_known:
        yield say(wording.NOT_THE_BILL)
    yield say(wording.ONLY_YOU)


def _nothing(say: Language) -> Block:
    return section(
        "ran-nothing",
        say("*Nothing is known of these days any more.* Older figures are not kept for ever."),
    )


def _by_day(say: Language, use: Sequence[DayOfUse]) -> Iterator[Block]:
    spend: defaultdict[date, list[DayOfUse]] = defaultdict(list)
    for entry in use:
        spend[entry.day].append(entry)
    if spend:
        lines = (
            say("{day}: {amount}", day=say.day(day), amount=_amounts(say, spend[day]))
            for day in sorted(spend)[:MOST_DAYS]
        )
        yield section("ran-days", bold(say("Day by day")), *lines)


def _by_model(
    say: Language, use: Sequence[ModelWeek], first: IsoWeek, last: IsoWeek
) -> Iterator[Block]:
    """The dearest first; what has no known price comes last."""
    groups: defaultdict[tuple[str, str], list[ModelWeek]] = defaultdict(list)
    for entry in use:
        groups[entry.provider, entry.model or ""].append(entry)
    if not groups:
        return
    ordered = sorted(groups.items(), key=lambda group: _dearest_first(group[1]))
    days = say.span(first.monday, last.period.last_day)
    yield section("ran-weeks", say("*By tool and model*, {days}", days=days))
    titles = (say("Tool and model"), say("Cost"), say("Requests"), say("Tokens"))
    yield table("ran-models", titles, [_row(say, *group) for group in ordered[:MOST_MODELS]])
    if (hidden := len(ordered) - MOST_MODELS) > 0:
        yield context(
            "ran-more",
            say.plural(
                hidden,
                "and {count} more, with less spend or no known price",
                "and {count} more, with less spend or no known price",
            ),
        )


def _row(say: Language, named: tuple[str, str], use: Sequence[ModelWeek]) -> tuple[str, ...]:
    provider, model = named
    return (
        " · ".join(filter(None, (wording.source_name(provider), model))),
        _money(say, _cost(use)),
        _count(say, requests_of(use)),
        _count(say, _tokens(use)),
    )


def _cost(use: Iterable[ModelWeek]) -> Decimal | None:
    """As it was charged; ``None`` where no price is known."""
    known = [entry.cost for entry in use if entry.cost is not None]
    return sum(known, Decimal(0)) if known else None


def _tokens(use: Sequence[ModelWeek]) -> int | None:
    told = tokens_of(use)
    if told is None:
        return None
    return told.input_uncached + told.cache_read + told.cache_write + told.output


def _dearest_first(use: Sequence[ModelWeek]) -> tuple[bool, Decimal]:
    cost = _cost(use)
    return cost is None, -(cost or Decimal(0))


def _amounts(say: Language, use: Sequence[DayOfUse]) -> str:
    """What *use* cost, in each currency that it was charged in."""
    dollars = total_cost(use)
    told = [] if dollars is None else [wording.exact_money(say, dollars)]
    foreign: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in use:
        if entry.foreign_cost is not None:
            foreign[entry.currency] += entry.foreign_cost
    told += [wording.foreign_money(say, *amount) for amount in sorted(foreign.items())]
    return say.listed(told) or say("no price known")


def _money(say: Language, amount: Decimal | None) -> str:
    return say("no price in US dollars") if amount is None else wording.exact_money(say, amount)


def _count(say: Language, number: int | None) -> str:
    return say("not told") if number is None else say.number(number)
