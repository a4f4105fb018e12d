"""What a planned job would cost, model beside model, and how to ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from slackblocks import Block

from bot.blocks import wording
from bot.blocks.escaping import code, escape
from bot.blocks.kit import context, header, message, section, table
from bot.domain.commands import CommandNames
from bot.domain.estimate import ASSUMED_CACHED, EXTENTS, Estimate, Job, ModelCost, Size, Thing
from bot.domain.job_vocabulary import EXAMPLES
from bot.domain.job_words import Trouble, Unread
from bot.domain.messages import Message
from bot.language import Language, mark

_MOST_UNPRICED = 6
_LONGEST_MODEL = 60
_CENTS_UNDER = 1_000

_TAKEN_AS: Mapping[tuple[Thing, Size], str] = MappingProxyType(
    {
        (Thing.CHANGE, Size.SMALL): mark(
            "*A small change* is taken as {input} tokens in and {output} out."
        ),
        (Thing.CHANGE, Size.MEDIUM): mark(
            "*A medium change* is taken as {input} tokens in and {output} out."
        ),
        (Thing.CHANGE, Size.LARGE): mark(
            "*A large change* is taken as {input} tokens in and {output} out."
        ),
        (Thing.DOCUMENT, Size.SMALL): mark(
            "*A small document* is taken as {input} tokens in and {output} out."
        ),
        (Thing.DOCUMENT, Size.MEDIUM): mark(
            "*A medium document* is taken as {input} tokens in and {output} out."
        ),
        (Thing.DOCUMENT, Size.LARGE): mark(
            "*A large document* is taken as {input} tokens in and {output} out."
        ),
        (Thing.CODE_BASE, Size.SMALL): mark(
            "*A small code base* is taken as {input} tokens in and {output} out."
        ),
        (Thing.CODE_BASE, Size.MEDIUM): mark(
            "*A medium code base* is taken as {input} tokens in and {output} out."
        ),
        (Thing.CODE_BASE, Size.LARGE): mark(
            "*A large code base* is taken as {input} tokens in and {output} out."
        ),
    }
)
_ASSUMED: Mapping[Thing, str] = MappingProxyType(
    {
        Thing.CHANGE: mark(
            "That is an assumption: the median developer was reported to use 32 million tokens a "
            "week with Claude Code, here for some six changes. An agent reads the same again with "
            "every step, mostly from a cache."
        ),
        Thing.DOCUMENT: mark(
            "That is an assumption: {units} pages of 500 words, read once; "
            "a token is about three quarters of an English word."
        ),
        Thing.CODE_BASE: mark(
            "That is an assumption: {units} lines of about ten tokens, each read once."
        ),
    }
)
_TROUBLES: Mapping[Trouble, str] = MappingProxyType(
    {
        Trouble.NO_JOB: mark("*Which job?* Tell how many tokens go in and out, or its size."),
        Trouble.UNKNOWN_WORD: mark("*I do not understand* {word} *here.*"),
        Trouble.TWO_WAYS: mark(
            "{word} *can be read in two ways*, with a decimal mark or with thousands. "
            "Write it without the mark, or with one or two digits after it."
        ),
        Trouble.UNCLEAR: mark(
            "*I cannot tell which number is what.* "
            "Say `in` or `out` with each, and first how many requests there are, if several."
        ),
        Trouble.SHARE: mark("{word} *is more than all of the input.* Say up to `100% cached`."),
        Trouble.TOO_MANY: mark(
            "*That is more than a trillion tokens*, which no price list is made for. "
            "Ask for a part of it, and multiply."
        ),
        Trouble.TOO_MANY_MODELS: mark("*Those are too many models for one answer.* Name a few."),
    }
)


def render_estimate(say: Language, estimate: Estimate, names: CommandNames) -> Message:
    return message(
        say("What a job would cost, before any of it is run."),
        header("estimate-title", say("What it would cost")),
        section("estimate-job", *_job(say, estimate.job)),
        *_costs(say, estimate),
        *_unpriced(say, estimate),
        context("estimate-foot", *_foot(say, estimate, names)),
    )


def render_estimate_help(say: Language, names: CommandNames, asked: Unread) -> Message:
    """In answer to what could not be read, or to no job at all."""
    examples = [code(f"{names.usage} estimate {example}") for example in EXAMPLES]
    return message(
        say("How to ask what a job would cost."),
        header("estimate-help-title", say("How to ask what a job would cost")),
        section("estimate-help-trouble", say(_TROUBLES[asked.trouble], word=code(asked.word))),
        section("estimate-help-examples", say("For example:"), *examples),
        section(
            "estimate-help-sizes",
            say(
                "The sizes are `small`, `medium` and `large`, of a `change`, a `document` or a "
                "`code base`. Names of models may follow."
            ),
        ),
        context("estimate-help-foot", say(wording.ONLY_YOU)),
    )


def _job(say: Language, job: Job) -> Iterator[str]:
    read, written = say.number(job.input), say.number(job.output)
    if job.described is not None:
        yield say(_TAKEN_AS[job.described], input=read, output=written)
        yield say(_ASSUMED[job.described[0]], units=say.number(EXTENTS[job.described].units))
    elif job.times is not None:
        yield say.plural(
            job.times,
            "*{count} request* with {input} tokens in and {output} out.",
            "*{count} requests*, each with {input} tokens in and {output} out.",
            input=read,
            output=written,
        )
    else:
        yield say("*{input} tokens in and {output} out.*", input=read, output=written)
    if job.times is not None:
        yield say(
            "All {count} together: {input} tokens in and {output} out.",
            count=say.number(job.times),
            input=say.number(job.all_input),
            output=say.number(job.all_output),
        )


def _costs(say: Language, estimate: Estimate) -> Iterator[Block]:
    if not estimate.costs:
        return
    if 0 < estimate.used < len(estimate.costs):
        yield section(
            "estimate-order", say("First the models that you used lately, then current ones.")
        )
    titles = (
        say("Model"),
        say("As usual"),
        say("In a batch"),
        say("{share} cached", share=_cached_share(say, estimate.job)),
    )
    yield table("estimate-costs", titles, [[*_row(say, cost)] for cost in estimate.costs])


def _row(say: Language, cost: ModelCost) -> Iterator[str]:
    yield cost.model
    for amount in (cost.standard, cost.batch, cost.cached):
        yield say("not known") if amount is None else _money(say, amount)


def _money(say: Language, amount: Decimal) -> str:
    """With cents for longer than elsewhere: a batch should look like the half that it is."""
    if amount < 1:
        return wording.rough_money(say, amount)
    return say.money(amount, cents=amount < _CENTS_UNDER)


def _cached_share(say: Language, job: Job) -> str:
    return say.percent(ASSUMED_CACHED if job.cached_share is None else job.cached_share)


def _unpriced(say: Language, estimate: Estimate) -> Iterator[Block]:
    if estimate.unpriced:
        models = [escape(name, most=_LONGEST_MODEL) for name in estimate.unpriced]
        listed = say.listed(models, most=_MOST_UNPRICED)
        yield section(
            "estimate-unpriced", say("No list price is known of {models}.", models=listed)
        )


def _foot(say: Language, estimate: Estimate, names: CommandNames) -> Iterator[str]:
    if estimate.costs:
        yield _about_the_cache(say, estimate.job)
        yield say("A batch costs less and may take up to a day.")
        if estimate.job.has_long_requests:
            yield say("At the prices of requests that are longer than 200,000 tokens.")
        yield _about_prices(say, estimate)
    yield say(
        "Ask again for another job: {command}.",
        command=code(f"{names.usage} estimate {EXAMPLES[0]}"),
    )
    yield say(wording.ONLY_YOU)


def _about_the_cache(say: Language, job: Job) -> str:
    share = _cached_share(say, job)
    if job.cached_share is None:
        return say(
            "Cached is an assumption: {share} of the input is read from a cache, "
            "and was written there once.",
            share=share,
        )
    return say(
        "Cached as you said: {share} of the input is read from a cache, "
        "and was written there once.",
        share=share,
    )


def _about_prices(say: Language, estimate: Estimate) -> str:
    day = say.day_and_year(estimate.day)
    if estimate.has_own_prices:
        return say(
            "Your company's own prices, and list prices of {day} where it has none: "
            "an estimate and not a bill.",
            day=day,
        )
    return say("List prices of {day}: an estimate and not a bill.", day=day)
