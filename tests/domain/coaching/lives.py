"""Simulated people with one habit each, who do or do not follow a tip in the three weeks after it.

Each works some days a week; how much a day varies by a standard deviation of 0.6 of its logarithm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from types import MappingProxyType

from bot.domain.coaching.facts import Facts, ModelWeek, Seat, SessionWeek
from bot.domain.history import DayOfUse, FinishedWork, LoggedWork
from bot.domain.usage import TokenUsage
from tests.domain.coaching.making import (
    RATES,
    UNTIL,
    facts,
    finished,
    logged,
    model_week,
    seat,
    session_week,
    used,
    week,
)

SIGMA = 0.6
TOLD_IN = 3
"""So many weeks ago was the digest that the tip stood in."""
ALL_WEEKS = range(15 + TOLD_IN, -1, -1)
SINCE = range(TOLD_IN)
LATELY = range(TOLD_IN, TOLD_IN + 4)
OPUS, SONNET = "claude-opus-5", "claude-sonnet-5"
LAST = UNTIL.period.last_day
TOLD = tuple((name, LAST) for name in ("anthropic", "copilot", "cursor"))


@dataclass
class Life:
    """What is known of one person, week by week."""

    chance: Random
    follows: bool
    use: list[DayOfUse] = field(default_factory=list)
    models: list[ModelWeek] = field(default_factory=list)
    sessions: list[SessionWeek] = field(default_factory=list)
    logs: list[LoggedWork] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    work: list[FinishedWork] = field(default_factory=list)

    def has_changed(self, back: int) -> bool:
        return self.follows and back in SINCE

    def days(self) -> Iterator[tuple[int, float]]:
        """The days worked of a week, and how much on each."""
        for weekday in range(5):
            if self.chance.random() < 0.85:
                yield weekday, self.chance.lognormvariate(0, SIGMA)

    def around(self, share: float, spread: float = 0.1) -> float:
        return min(max(self.chance.gauss(share, spread), 0.0), 1.0)

    def known(self, until: int) -> Facts:
        """As it was known when the week *until* weeks back was closed."""
        last = week(until)
        return facts(
            *(use for use in self.models if use.week <= last),
            use=[entry for entry in self.use if entry.day <= last.period.last_day],
            seats=self.seats,
            work=[piece for piece in self.work if piece.completed_on <= last.period.last_day],
            sessions=[entry for entry in self.sessions if entry.week <= last],
            logs=[entry for entry in self.logs if entry.done_on <= last.period.last_day],
            data_through=TOLD,
            until=last,
        )

    def spend(self, back: int, weekday: int, cost: Decimal) -> None:
        self.use.append(used(back, str(cost), weekday=weekday))


def _million(millions: float) -> int:
    return round(millions * 1_000_000)


def _input(millions: float, cached: float, output: float = 0.02) -> TokenUsage:
    return TokenUsage(
        input_uncached=_million(millions * (1 - cached) / 3),
        cache_read=_million(millions * cached),
        cache_write=_million(millions * (1 - cached) * 2 / 3),
        output=_million(millions * output),
    )


def _coded(
    life: Life,
    back: int,
    tokens_on_a_day: Callable[[float], Mapping[str, TokenUsage]],
    **changes: object,
) -> None:
    """A week with a coding tool: *tokens_on_a_day* by model, for how much was done on it."""
    total: defaultdict[str, TokenUsage] = defaultdict(
        lambda: TokenUsage(input_uncached=0, cache_read=0, cache_write=0, output=0)
    )
    for weekday, much in life.days():
        day = tokens_on_a_day(much)
        life.spend(back, weekday, sum(RATES[model].cost(day[model]) for model in day))
        for model, tokens in day.items():
            total[model] += tokens
    for model, tokens in total.items():
        cost = RATES[model].cost(tokens)
        life.models.append(model_week(back, model=model, tokens=tokens, cost=cost, **changes))


def prefers_the_costly_model(life: Life) -> None:
    share, spread = life.chance.uniform(0.75, 0.95), life.chance.uniform(0.02, 0.25)
    for back in ALL_WEEKS:
        usual = share / 2 if life.has_changed(back) else share

        def day(much: float, usual: float = usual) -> Mapping[str, TokenUsage]:
            costly = life.around(usual, spread)
            # a token of the smaller model costs three fifths
            return {
                OPUS: _input(5 * much * costly, 0.93),
                SONNET: _input(5 * much * (1 - costly) * 5 / 3, 0.93),
            }

        _coded(life, back, day)


def loses_the_cache(life: Life) -> None:
    usual, now = life.chance.uniform(0.9, 0.97), life.chance.uniform(0.6, 0.8)
    spread = life.chance.uniform(0.01, 0.1)
    for back in ALL_WEEKS:
        share = now if back in LATELY or (back in SINCE and not life.follows) else usual
        _coded(
            life,
            back,
            lambda much, share=share: {OPUS: _input(6 * much, life.around(share, spread))},
        )


def drags_everything_along(life: Life) -> None:
    for back in ALL_WEEKS:
        is_usual = back not in (*LATELY, *SINCE) or life.has_changed(back)
        times = 1 if is_usual else 4
        requests = life.chance.randint(200, 400)

        def day(
            much: float, times: int = times, requests: int = requests
        ) -> Mapping[str, TokenUsage]:
            size = life.chance.lognormvariate(0, 0.25) * times * requests / 5 * 0.05
            return {OPUS: _input(size, 0.93, 0.02 / times)}

        _coded(life, back, day, requests=requests)


def thinks_longer_than_usual(life: Life) -> None:
    for back in ALL_WEEKS:
        is_usual = back not in (*LATELY, *SINCE) or life.has_changed(back)
        output = 0.02 if is_usual else 0.08
        requests = life.chance.randint(200, 400)

        def day(
            _much: float, requests: int = requests, output: float = output
        ) -> Mapping[str, TokenUsage]:
            spread = life.chance.lognormvariate(0, 0.25)
            return {OPUS: _input(requests / 100, 0.93, output * spread)}

        _coded(life, back, day, requests=requests)


def runs_many_agents(life: Life) -> None:
    life.work = [finished(back) for back in ALL_WEEKS for _ in range(2)]
    for back in ALL_WEEKS:
        is_usual = back not in (*LATELY, *SINCE) or life.has_changed(back)
        times = 1 if is_usual else 8
        requests = 0
        millions = 0.0
        for weekday, much in life.days():
            requests += round(60 * times * much)
            millions += 3 * times * much
            life.spend(back, weekday, Decimal(str(round(times * much, 2))))
        tokens = _input(millions, 0.93)
        cost = RATES[OPUS].cost(tokens)
        life.models.append(
            model_week(back, model=OPUS, tokens=tokens, cost=cost, requests=requests)
        )


def starts_heavily(life: Life) -> None:
    for back in ALL_WEEKS:
        fresh = 20_000 if life.has_changed(back) else 90_000
        sessions = life.chance.randint(15, 30)
        anew = round(sessions * fresh * life.chance.lognormvariate(0, 0.1))
        tokens = TokenUsage(
            input_uncached=anew // 4,
            cache_read=anew * 4,
            cache_write=anew * 3 // 4,
            output=anew // 9,
        )
        for weekday, _ in life.days():
            life.spend(back, weekday, Decimal(2))
        cost = RATES[OPUS].cost(tokens)
        life.models.append(
            model_week(back, model=OPUS, tokens=tokens, cost=cost, requests=sessions * 6)
        )
        life.sessions.append(session_week(back, sessions=sessions))


def sends_the_same_prompt(life: Life) -> None:
    _called(life, lambda back: 0.55 if life.has_changed(back) else 0.0)


def waits_for_nobody(life: Life) -> None:
    _called(life, lambda _: 0.3, lambda back: 0.75 if life.has_changed(back) else 1.0)


def _called(
    life: Life,
    cached: Callable[[int], float],
    paid: Callable[[int], float] = lambda _: 1.0,
) -> None:
    """By a program, through an API."""
    for back in ALL_WEEKS:
        requests = sum(round(400 * much) for _, much in life.days())
        share = life.around(cached(back), 0.02)
        tokens = _input(requests * 0.008, share)
        full = RATES[OPUS].cost(tokens)
        cost = full * Decimal(str(round(life.around(paid(back), 0.03), 4)))
        life.spend(back, 1, cost)
        life.models.append(
            model_week(
                back,
                product="messages_api",
                model=OPUS,
                tokens=tokens,
                cost=cost,
                requests=requests,
            )
        )


def holds_an_unused_seat(life: Life) -> None:
    life.seats = [seat("copilot", "19")]
    gives_back = life.chance.random() < 0.5
    for back in ALL_WEEKS:
        for weekday, _ in life.days():
            life.spend(back, weekday, Decimal(3))
        if not (life.has_changed(back) and gives_back):
            life.use.append(used(back, "4.4", weekday=6, provider="copilot", is_use=False))
        if life.has_changed(back) and not gives_back:
            life.use.append(used(back, "0", weekday=1, provider="copilot"))


def hardly_uses_the_second_tool(life: Life) -> None:
    life.seats = [seat("cursor", "37"), seat("copilot", "18")]
    gives_back = life.chance.random() < 0.5
    for back in ALL_WEEKS:
        has_changed = life.has_changed(back)
        of_second = 0.8 if has_changed and not gives_back else 0.07
        for weekday, _ in life.days():
            life.use.append(used(back, "1", weekday=weekday, provider="cursor"))
            if life.chance.random() < of_second:
                life.use.append(used(back, "0", weekday=weekday, provider="copilot"))
        life.use.append(used(back, "2", weekday=6, provider="cursor", is_use=False))
        if not (has_changed and gives_back):
            life.use.append(used(back, "2", weekday=6, provider="copilot", is_use=False))


def pays_by_the_token(life: Life) -> None:
    for back in ALL_WEEKS:
        product = "claude_code_subscription" if life.has_changed(back) else "claude_code"
        _coded(life, back, lambda much: {OPUS: _input(18 * much, 0.93)}, product=product)


def takes_few_suggestions(life: Life) -> None:
    usual, now = life.chance.uniform(0.5, 0.9), life.chance.uniform(0.05, 0.2)
    for back in ALL_WEEKS:
        share = now if back in LATELY or (back in SINCE and not life.follows) else usual
        offers = [round(12 * much) for _, much in life.days()]
        taken = [
            sum(life.chance.random() < daily for _ in range(day))
            for day, daily in ((day, life.around(share)) for day in offers)
        ]
        life.sessions.append(session_week(back, offered=sum(offers), accepted=sum(taken)))


def leaves_no_trace(life: Life) -> None:
    for back in ALL_WEEKS:
        for weekday, much in life.days():
            life.spend(back, weekday, Decimal(str(round(much, 2))))
    if life.follows:
        life.logs.append(logged(life.chance.choice(SINCE)))


HABITS: Mapping[str, Callable[[Life], None]] = MappingProxyType(
    {
        "right_size": prefers_the_costly_model,
        "stay_in_session": loses_the_cache,
        "clear_context": drags_everything_along,
        "effort": thinks_longer_than_usual,
        "parallel_agents": runs_many_agents,
        "trim_context": starts_heavily,
        "cache_prompt": sends_the_same_prompt,
        "batch": waits_for_nobody,
        "unused_seat": holds_an_unused_seat,
        "two_subscriptions": hardly_uses_the_second_tool,
        "flat_plan": pays_by_the_token,
        "smaller_tasks": takes_few_suggestions,
        "log_invisible": leaves_no_trace,
    }
)


def lived(rule: str, seed: int, *, follows: bool) -> Life:
    """A person with the habit that the tip *rule* is about."""
    life = Life(chance=Random(f"{rule}-{seed}"), follows=follows)
    HABITS[rule](life)
    return life
