"""What ``demo --check`` reports, counted at the other end: at Slack's and the providers'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

from sqlalchemy import text

from bot.app import Upshot
from bot.blocks.delivery import stamp_of
from bot.domain.coaching.rules import Verdict as TipVerdict
from bot.domain.ledger import Scope
from bot.domain.retention import Cutoffs
from bot.playground.asking import Answers
from bot.playground.company import TOOLS, Company
from bot.playground.company.people import PROVIDERS
from bot.playground.in_house import SOURCE
from bot.playground.providers.kiro import reported_at
from bot.playground.readers import Readers
from bot.playground.slack.messages import Message
from bot.playground.slack.person import Ack
from bot.playground.sources import KINDS_OF_WORK, OF_USE
from bot.playground.world import World

CENT = Decimal("0.01")
KIRO = "kiro"
KEPT_AS: Mapping[str, str] = {"in_house": f"ingest:{SOURCE}"}
WEEKS_TO_A_TIP = 8
"""In fewer, little is known of what is usual for anybody."""
AGREEMENT = Decimal("0.95")
"""How often what is said of a tip must be what its reader did about it."""
_IS_WITHHELD = f"scope = '{Scope.TEAM}' AND body::jsonb -> 'figures' = 'null'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The figures of the report; amounts are US dollars to the cent, as text.

    ``…_chosen`` is what there ought to be, by the sources that the company was given.
    """

    people: int
    weeks: int
    sources: int
    sources_chosen: int
    usage_records: int
    outcomes: int
    outcome_kinds: int
    outcome_kinds_chosen: int
    outcomes_logged: int
    digests_planned: int
    digests_delivered: int
    digests_duplicated: int
    tips_shown: int
    tips_judged: int
    tips_judged_rightly: int
    budget_notes: int
    nudges: int
    team_summaries_posted: int
    weeks_released: int
    teams_withheld: int
    ledger_holds: bool
    invoice_difference_usd: str
    slash_commands_answered: int
    slash_commands_asked: int
    seconds: float

    @property
    def problems(self) -> list[str]:
        """Everything that does not hold, as sentences; none where all is well."""
        claims = {
            "fewer sources told something than there are": self.sources >= self.sources_chosen,
            "no digest was planned": self.digests_planned > 0,
            "a planned digest was not delivered": self.digests_delivered == self.digests_planned,
            "a digest was delivered twice": self.digests_duplicated == 0,
            "no team summary was posted with figures": self.team_summaries_posted > 0,
            "no tip was shown": self.tips_shown > 0 or self.weeks < WEEKS_TO_A_TIP,
            "what is said of tips is not what became of them": (
                self.tips_judged_rightly >= AGREEMENT * self.tips_judged
            ),
            "no team was withheld": self.teams_withheld > 0,
            "the ledger does not hold": self.ledger_holds,
            "the invoices do not add up": Decimal(self.invoice_difference_usd) == 0,
            "there are no outcomes": self.outcomes > 0 or not self.outcome_kinds_chosen,
            "fewer kinds of outcomes reach people than there are": (
                self.outcome_kinds >= self.outcome_kinds_chosen
            ),
            "what was logged is not in the list": self.outcomes_logged > 0,
            "a slash command was not answered well": (
                self.slash_commands_answered == self.slash_commands_asked
            ),
        }
        return [problem for problem, holds in claims.items() if not holds]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "problems": self.problems}


async def judge(
    upshot: Upshot, world: World, readers: Readers, seconds: float, answers: Answers
) -> Verdict:
    """Compare what Upshot says it did with what arrived, and what it says of tips with the truth.

    Whoever took a tip up changed that one habit for good. Nobody else changed any, but those whose
    agents ran on by themselves: of them nothing is said here.
    """
    now = upshot.clock.now()
    ran = {runaway.person for runaway in world.company.runaways}
    judged = [tip for tip in await _judged_tips(upshot) if tip[0] not in ran]
    truths = [
        TipVerdict.WORKED if rule in readers.heeded[person] else TipVerdict.NO_EFFECT
        for person, rule, _ in judged
    ]
    planned = await _ids(upshot, "digest", "state <> 'skipped'")
    arrived = Counter(_stamps(world.slack.dms_to(person) for person in world.company.people))
    delivered = {delivery for delivery in planned if arrived[delivery]}
    return Verdict(
        people=await upshot.stores.people.count(),
        weeks=(now.date() - world.company.installed_on).days // 7,
        sources=await _sources(upshot),
        sources_chosen=len(world.sources & frozenset(OF_USE)),
        usage_records=await _count(upshot, "usage_records"),
        outcomes=await _count(upshot, "outcomes"),
        outcome_kinds=await _outcome_kinds(upshot),
        outcome_kinds_chosen=len(_kinds_of(world.sources)),
        outcomes_logged=answers.logged,
        digests_planned=len(planned),
        digests_delivered=len(delivered),
        digests_duplicated=sum(count - 1 for count in arrived.values()),
        tips_shown=await _count(upshot, "shown_tips"),
        tips_judged=len(judged),
        tips_judged_rightly=sum(
            verdict == truth for (_, _, verdict), truth in zip(judged, truths, strict=True)
        ),
        budget_notes=await _count(upshot, "budget_steps"),
        nudges=await _count(upshot, "nudges"),
        team_summaries_posted=await _posted_summaries(upshot, world),
        weeks_released=await _count(upshot, "ledger", f"scope = '{Scope.WORKSPACE}'"),
        teams_withheld=await _count(upshot, "ledger", _IS_WITHHELD),
        ledger_holds=all(chain.broken is None for chain in await upshot.auditing.verify()),
        invoice_difference_usd=str(await _invoice_difference(upshot, world)),
        slash_commands_answered=sum(map(_is_answered, answers.acks)),
        slash_commands_asked=len(answers.acks),
        seconds=round(seconds, 1),
    )


def _is_answered(ack: Ack) -> bool:
    return (
        ack.status == 200
        and ack.error is None
        and not ack.violations
        and ack.body["response_type"] == "ephemeral"
        and "did not work" not in ack.body["text"]
    )


def _stamps(conversations: Iterable[Iterable[Message]]) -> Iterable[str]:
    for messages in conversations:
        for message in messages:
            stamp = stamp_of(message.blocks)
            if stamp is not None:
                yield stamp


async def _ids(upshot: Upshot, kind: str, condition: str) -> set[str]:
    async with upshot.database.for_jobs() as connection:
        rows = await connection.scalars(
            text(f"SELECT id::text FROM deliveries WHERE kind = :kind AND {condition}"),  # noqa: S608
            {"kind": kind},
        )
        return set(rows)


async def _judged_tips(upshot: Upshot) -> list[tuple[str, str, str]]:
    """Who was shown which tip, and what was said of it later."""
    query = text(
        "SELECT p.slack_user_id, t.rule, t.verdict FROM shown_tips t"
        " JOIN people p ON p.id = t.person_id WHERE t.verdict <> 'unknown'"
    )
    async with upshot.database.for_jobs() as connection:
        return [(person, rule, said) for person, rule, said in await connection.execute(query)]


async def _sources(upshot: Upshot) -> int:
    """How many told of somebody's use."""
    async with upshot.database.for_jobs() as connection:
        query = text("SELECT count(DISTINCT provider) FROM usage_records WHERE person_id > 0")
        return await connection.scalar(query) or 0


async def _outcome_kinds(upshot: Upshot) -> int:
    """How many are credited to somebody."""
    query = text(
        "SELECT count(DISTINCT o.kind) FROM outcomes o"
        " JOIN outcome_credits c USING (workspace_id, source, source_id) WHERE c.person_id > 0"
    )
    async with upshot.database.for_jobs() as connection:
        return await connection.scalar(query) or 0


async def _count(upshot: Upshot, table: str, condition: str = "true") -> int:
    async with upshot.database.for_jobs() as connection:
        query = text(f"SELECT count(*) FROM {table} WHERE {condition}")  # noqa: S608
        return await connection.scalar(query) or 0


async def _posted_summaries(upshot: Upshot, world: World) -> int:
    """Summaries with figures that stand in their team's channel."""
    planned = await _ids(upshot, "team_summary", "true")
    channels = (world.slack.messages_in(team.channel_id) for team in world.company.teams)
    posted = [stamp for stamp in _stamps(channels) if stamp in planned]
    withheld = await _count(upshot, "ledger", _IS_WITHHELD)
    return len(set(posted)) - withheld


async def _invoice_difference(upshot: Upshot, world: World) -> Decimal:
    """What the providers charged less what is kept, summed over the days that are kept, without
    their signs.
    """
    now, kept = upshot.clock.now(), await _kept(upshot)
    thresholds = await upshot.stores.administration.thresholds(now.date())
    first = Cutoffs.on(now.date(), thresholds["retention_days"]).facts
    differences = (
        abs(charged - kept.get((KEPT_AS.get(source, source), day.isoformat()), Decimal(0)))
        for source, day, charged in _charged(world.company, now)
        if source in world.sources and day >= first
    )
    return sum(differences, Decimal(0)).quantize(CENT)


def _charged(company: Company, now: datetime) -> Iterator[tuple[str, date, Decimal]]:
    """What each source charged on each day that is over."""
    for day in takewhile(lambda day: day < now.date(), company.days):
        for provider in PROVIDERS:
            yield provider, day, company.invoice(provider, day, now)
        for tool in TOOLS:
            if tool == KIRO:
                # its reports are written once: what was corrected is in them from the start
                if reported_at(day) <= now:
                    yield tool, day, company.tool_invoice(tool, day, company.settled_at)
            else:
                yield tool, day, company.tool_invoice(tool, day, now)


def _kinds_of(sources: frozenset[str]) -> frozenset[str]:
    """The kinds of work that reach people by *sources*."""
    return frozenset[str]().union(*(KINDS_OF_WORK.get(source, ()) for source in sources))


async def _kept(upshot: Upshot) -> dict[tuple[str, str], Decimal]:
    query = text(
        "SELECT d.provider, d.day::text, coalesce(d.unattributed, 0) + coalesce(sum(u.cost)"
        " FILTER (WHERE d.billed IS NULL OR u.cost_basis <> 'provider_estimate'), 0)"
        " FROM provider_days d LEFT JOIN usage_records u USING (workspace_id, provider, day)"
        " GROUP BY d.provider, d.day, d.unattributed"
    )
    async with upshot.database.for_jobs() as connection:
        return {(provider, day): total for provider, day, total in await connection.execute(query)}
