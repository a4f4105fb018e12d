"""A request of telemetry, told as what each finished call adds to its account's day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from bot.domain.received import CountedEvent, Signal
from bot.domain.senders import OTLP
from bot.domain.usage import EXACT, CostBasis, TokenUsage, UsageRecord
from bot.pricing import unit_rates
from bot.telemetry import readings, sessions, tools
from bot.telemetry.readings import EVENTS, METRICS, Reading
from bot.telemetry.times import OLDEST, Times, day_of, moment_of
from bot.telemetry.tools import CLAUDE_CODE, CODEX, CURSOR, GEMINI_CLI, Sender
from bot.telemetry.wire import Event, Point, Wanted

LARGE_CONTEXT = 200_000
"""Tokens of one call, beyond which some models cost more."""
MOST_AT_ONCE = 50_000
"""Counted events of one request; collectors send some thousands."""

CUMULATIVE = (
    "cumulative sums are not counted, set"
    " OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta or send logs"
)
ANOTHER_TIME = f"older than {OLDEST.days} days, or in the future"

_OWN_ID = {CLAUDE_CODE: "request_id", CURSOR: "cursor.event.id"}
_OTHER_IDS = (
    "session.id",
    "conversation.id",
    "gen_ai.conversation.id",
    "gen_ai.response.id",
    "event.sequence",
)

# Elsewhere a metric of its own tells the money, or none tells how much of the input was cached.
_LISTED_BY_METRICS = {CODEX, GEMINI_CLI}

WANTED = Wanted(
    attributes=readings.NAMES
    | sessions.NAMES
    | tools.NAMES
    | {"event.name", *_OTHER_IDS, *_OWN_ID.values()},
    events=frozenset(EVENTS),
    metrics=frozenset(METRICS) | frozenset(sessions.COUNTERS),
)


class TooManyError(ValueError):
    """More than may be counted at once."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of a request, and how much of it was refused for which reason."""

    events: list[CountedEvent] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class _Series(NamedTuple):
    source: bytes
    sender: Sender
    day: date
    model: str | None
    is_of_sessions: bool


@dataclass(slots=True)
class _Sums:
    latest: int = 0
    values: dict[str, Decimal] = field(default_factory=dict)
    fingerprints: list[bytes] = field(default_factory=list)

    def add(self, name: str, nanos: int, point: Point) -> None:
        value = readings.exact(point.value)
        if value is not None:
            self.values[name] = EXACT.add(self.values.get(name, Decimal(0)), value)
        self.latest = max(self.latest, nanos)
        # One commit and one session at one moment are the same but for the name of the metric.
        self.fingerprints.append(sha256(point.metric.encode() + point.fingerprint).digest())

    def digest(self, source: bytes) -> str:
        digest = sha256(source)
        for fingerprint in sorted(self.fingerprints):
            digest.update(fingerprint)
        return digest.hexdigest()


def count_events(events: Iterable[Event], now: datetime, *, most: int = MOST_AT_ONCE) -> Counted:
    """Of logs: one event for each finished call."""
    counted, times = Counted(), Times(now)
    for event in events:
        attributes = event.attributes
        tool = _tool_of_event(event)
        if tool is None or not readings.is_finished_call(event.name, attributes):
            continue
        nanos = event.nanos or times.now
        if not times.allow(nanos):
            counted.refused[ANOTHER_TIME] += 1
            continue
        if len(counted.events) == most:
            raise TooManyError
        sender = tools.sender(tool, attributes)
        day, model = day_of(nanos), tools.model_of(attributes)
        reading = readings.read(tool, attributes)
        listed = None
        if reading.cost is None:
            prices = tools.prices_of(tool, attributes)
            listed = _list_cost(prices, model, day, reading.tokens, is_one_call=True)
        counted.events.append(
            CountedEvent(
                event_id=_id_of_call(event, sender, reading),
                usage=_usage(sender, day, model, reading, listed, requests=1),
                period_end=moment_of(nanos),
                email=sender.email,
                signal=Signal.LOGS,
            )
        )
    return counted


def count_points(points: Iterable[Point], now: datetime, *, most: int = MOST_AT_ONCE) -> Counted:
    """Of metrics: one event for all that a source sends at once of an account, model and day.

    What a tool counts of its sessions is an event of its own. A source that gets no answer sends
    the very same again.
    """
    counted, times = Counted(), Times(now)
    series: dict[_Series, _Sums] = {}
    for point in points:
        told = _told_by(point)
        if told is None:
            continue
        tool, name = told
        nanos = point.nanos or times.now
        if not point.is_delta:
            counted.refused[CUMULATIVE] += 1
        elif not times.allow(nanos):
            counted.refused[ANOTHER_TIME] += 1
        else:
            key = _series_of(point, tool, day_of(nanos))
            series.setdefault(key, _Sums()).add(name, nanos, point)
            if len(series) > most:
                raise TooManyError
    for key, sums in series.items():
        if not key.is_of_sessions:
            counted.events.append(_of_series(key, sums))
        elif (of_sessions := _of_sessions(key, sums)) is not None:
            counted.events.append(of_sessions)
    return counted


def _told_by(point: Point) -> tuple[str, str] | None:
    """Which tool tells what; ``None`` for what is not counted."""
    attributes = point.attributes
    if counter := sessions.COUNTERS.get(point.metric):
        name = sessions.name_of(counter, attributes)
        return None if name is None else (counter.tool, name)
    metric = METRICS[point.metric]
    tool = metric.tool or _tool_of_gen_ai(point)
    kind = attributes.get(metric.kind, "") if metric.kind else ""
    name = metric.kinds.get(str(kind))
    if tool is None or name is None or not readings.is_of_a_model(attributes):
        return None
    return tool, name


def _series_of(point: Point, tool: str, day: date) -> _Series:
    is_of_sessions = point.metric in sessions.COUNTERS
    model = None if is_of_sessions else tools.model_of(point.attributes)
    sender = tools.sender(tool, point.attributes)
    return _Series(point.source, sender, day, model, is_of_sessions)


def _of_sessions(key: _Series, sums: _Sums) -> CountedEvent | None:
    tool, account = key.sender.tool, key.sender.account
    told = None if account is None else sessions.count_of(account, tool, sums.values)
    if told is None or not told.is_known:
        return None
    return CountedEvent(
        event_id=f"sessions {sums.digest(key.source)}",
        usage=UsageRecord(provider=OTLP + tool, account=account, day=key.day),
        period_end=moment_of(sums.latest),
        email=key.sender.email,
        signal=Signal.METRICS,
        sessions=told,
    )


def _of_series(key: _Series, sums: _Sums) -> CountedEvent:
    source, sender, day, model, _ = key
    # `read` takes the names that the tool's events use; what was added up, it takes as told once.
    reading = readings.read(sender.tool, sums.values)
    listed = None
    if sender.tool in _LISTED_BY_METRICS:
        listed = _list_cost(tools.prices_of(sender.tool, {}), model, day, reading.tokens)
    return CountedEvent(
        event_id=f"points {sums.digest(source)}",
        usage=_usage(sender, day, model, reading, listed, requests=None),
        period_end=moment_of(sums.latest),
        email=sender.email,
        signal=Signal.METRICS,
    )


def _usage(
    sender: Sender,
    day: date,
    model: str | None,
    reading: Reading,
    listed: Decimal | None,
    *,
    requests: int | None,
) -> UsageRecord:
    if reading.cost is not None:
        basis: CostBasis | None = CostBasis.PROVIDER_ESTIMATE
    else:
        basis = None if listed is None else CostBasis.LIST_PRICE
    return UsageRecord(
        provider=OTLP + sender.tool,
        account=sender.account,
        day=day,
        product=sender.product,
        model=model,
        tokens=reading.tokens,
        requests=requests,
        cost=listed if reading.cost is None else reading.cost,
        cost_basis=basis,
    )


def _list_cost(
    prices: str | None,
    model: str | None,
    day: date,
    tokens: TokenUsage | None,
    *,
    is_one_call: bool = False,
) -> Decimal | None:
    if prices is None or model is None or tokens is None:
        return None
    # Only of a single call is it known how large its context was.
    context = tokens.input_uncached + tokens.cache_read + tokens.cache_write
    is_large = is_one_call and context > LARGE_CONTEXT
    # Some write whose model it is in front of it.
    rates = unit_rates(prices, model.rpartition("/")[2], day, large_context=is_large)
    return None if rates is None else rates.cost(tokens)


def _tool_of_event(event: Event) -> str | None:
    if event.name == readings.INFERENCE:
        return _tool_of_gen_ai(event)
    if event.name == readings.API_REQUEST:
        known = tools.tool_of(event.attributes, event.scope)
        return known if known in {CLAUDE_CODE, CURSOR} else None
    return EVENTS[event.name]


def _tool_of_gen_ai(sent: Event | Point) -> str | None:
    """Who keeps to the conventions; ``None`` who tells the same under names of its own as well."""
    tool = tools.tool_of(sent.attributes, sent.scope) or tools.in_house_name(sent.attributes)
    return tool if readings.tells_in_gen_ai(tool) else None


def _id_of_call(event: Event, sender: Sender, reading: Reading) -> str:
    attributes = event.attributes
    own = attributes.get(_OWN_ID.get(sender.tool, ""))
    if own:
        return f"call {own}"
    told = [attributes.get(name) for name in _OTHER_IDS]
    return repr((sender.account, event.nanos, event.trace, told, reading))
