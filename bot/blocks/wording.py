"""How Upshot puts things: the words that recur, and what an amount or a name is called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from bot.blocks.escaping import escape
from bot.domain.evidence import UNNAMED_TOOL
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import Period, month_of
from bot.domain.senders import INGEST, OTLP
from bot.domain.tiers import Tier
from bot.domain.usage import CostBasis
from bot.language import Language, mark, mark_plural

Length = Literal["day", "week", "month", "period"]

ONLY_YOU = mark("Only you can see this message.")
NO_PERSON = mark("Settings and health only: nobody's figures are shown here.")
NO_DATA_YET = mark("no data yet")
WITHHELD = mark("withheld")
WHY_WITHHELD = mark("Withheld: not enough people this week for a figure that singles nobody out.")
UNLINKED = mark(
    "Work often ends later than its spend; "
    "large migrations, evaluations and learning often look like this."
)
EVIDENCE_IS_PARTIAL = mark("Work without an AI tool's mark may have had its help too.")
NOT_THE_BILL = mark("An estimate or a list price is not what was billed.")

_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "anthropic": "Anthropic",
        "asana": "Asana",
        "bedrock": "Amazon Bedrock",
        "chatgpt": "ChatGPT",
        "claude_code": "Claude Code",
        "codex": "Codex",
        "confluence": "Confluence",
        "copilot": "GitHub Copilot",
        "cursor": "Cursor",
        "devin": "Devin",
        "focus": "FOCUS files",
        "gemini_cli": "Gemini CLI",
        "gemini_code_assist": "Gemini Code Assist",
        "git": "Git",
        "github": "GitHub",
        "gitlab": "GitLab",
        "google_cloud": "Google Cloud",
        "jira": "Jira",
        "kiro": "Kiro",
        "langfuse": "Langfuse",
        "linear": "Linear",
        "litellm": "LiteLLM",
        "openai": "OpenAI",
        "openrouter": "OpenRouter",
        "salesforce": "Salesforce",
        "servicenow": "ServiceNow",
        "windsurf": "Windsurf",
        "zendesk": "Zendesk",
    }
)
_TOOLS: Mapping[str, str] = MappingProxyType(
    {
        "amazon_q": "Amazon Q",
        "claude": "Claude",
        "codex": "Codex",
        "coderabbit": "CodeRabbit",
        "copilot": "GitHub Copilot",
        "copilot_autofix": "Copilot Autofix",
        "gemini": "Gemini CLI",
        "gitlab_duo": "GitLab Duo",
        "mistral_vibe": "Mistral Vibe",
    }
)
_COUNTED: Mapping[OutcomeKind, tuple[str, str]] = MappingProxyType(
    {
        OutcomeKind.MERGED_CHANGE: mark_plural("{count} merged change", "{count} merged changes"),
        OutcomeKind.REVIEW_GIVEN: mark_plural("{count} review given", "{count} reviews given"),
        OutcomeKind.TASK_DONE: mark_plural("{count} task done", "{count} tasks done"),
        OutcomeKind.TICKET_SOLVED: mark_plural("{count} ticket solved", "{count} tickets solved"),
        OutcomeKind.DEAL_WON: mark_plural("{count} deal won", "{count} deals won"),
        OutcomeKind.PAGE_PUBLISHED: mark_plural(
            "{count} page published", "{count} pages published"
        ),
        OutcomeKind.LOGGED: mark_plural(
            "{count} outcome logged by its owner", "{count} outcomes logged by their owners"
        ),
    }
)
_KINDS: Mapping[OutcomeKind, str] = MappingProxyType(
    {
        OutcomeKind.MERGED_CHANGE: mark("merged change"),
        OutcomeKind.REVIEW_GIVEN: mark("review given"),
        OutcomeKind.TASK_DONE: mark("task done"),
        OutcomeKind.TICKET_SOLVED: mark("ticket solved"),
        OutcomeKind.DEAL_WON: mark("deal won"),
        OutcomeKind.PAGE_PUBLISHED: mark("page published"),
        OutcomeKind.LOGGED: mark("outcome logged by its owner"),
    }
)
_MANY_OF_KIND: Mapping[OutcomeKind, str] = MappingProxyType(
    {
        OutcomeKind.MERGED_CHANGE: mark("merged changes"),
        OutcomeKind.REVIEW_GIVEN: mark("reviews given"),
        OutcomeKind.TASK_DONE: mark("tasks done"),
        OutcomeKind.TICKET_SOLVED: mark("tickets solved"),
        OutcomeKind.DEAL_WON: mark("deals won"),
        OutcomeKind.PAGE_PUBLISHED: mark("pages published"),
        OutcomeKind.LOGGED: mark("outcomes logged by their owners"),
    }
)
_TIERS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.EXPLORATION: mark("exploration"),
        Tier.ROUTINE: mark("routine"),
        Tier.PRODUCTION: mark("production"),
    }
)
_BASES: Mapping[CostBasis, str] = MappingProxyType(
    {
        CostBasis.BILLED: mark("billed"),
        CostBasis.PROVIDER_ESTIMATE: mark("provider's estimate"),
        CostBasis.LIST_PRICE: mark("list price"),
    }
)
_CENT = Decimal("0.01")


def foreign_money(say: Language, currency: str, amount: Decimal) -> str:
    """In its own currency, which may be a virtual one such as ``credits:kiro``."""
    unit, _, whose = currency.partition(":")
    if not whose:
        return say.money(amount, escape(currency))
    told, tool = say.number(amount, decimals=2), source_title(whose)
    if unit == "credits":
        return say("{amount} {tool} credits", amount=told, tool=tool)
    return f"{told} {tool} {escape(unit)}"


def rough_money(say: Language, amount: Decimal) -> str:
    """As exact as a range or a usual amount deserves."""
    if _is_under_a_cent(amount):
        return say("under {amount}", amount=say.money(_CENT))
    return say.money(amount, cents=abs(amount) < 10)


def exact_money(say: Language, amount: Decimal) -> str:
    """To the cent; less than one is not nothing."""
    return rough_money(say, amount) if _is_under_a_cent(amount) else say.money(amount)


def money_above(say: Language, amount: Decimal) -> str:
    """A rough amount that something is under: a cent at the least."""
    return rough_money(say, _CENT if _is_under_a_cent(amount) else amount)


def money_range(say: Language, low: Decimal, high: Decimal) -> str:
    first, last = rough_money(say, low), rough_money(say, high)
    if first == last:
        return first if _is_under_a_cent(high) else say("about {amount}", amount=first)
    return say("{low} to {high}", low=first, high=last)


def _is_under_a_cent(amount: Decimal) -> bool:
    return 0 < amount < _CENT


def basis(say: Language, bases: Collection[CostBasis]) -> str:
    """What an amount of these bases means; nothing to say of none."""
    return say.listed([say(title) for known, title in _BASES.items() if known in bases])


def is_billed(bases: Collection[CostBasis]) -> bool:
    return set(bases) <= {CostBasis.BILLED}


def outcomes(say: Language, kind: OutcomeKind, count: int) -> str:
    return say.plural(count, *_COUNTED[kind])


def outcome_title(say: Language, kind: OutcomeKind, *, many: bool = False) -> str:
    return say((_MANY_OF_KIND if many else _KINDS)[kind])


def capital(text: str) -> str:
    """*text* where a line begins: its other words keep the capitals that they have."""
    return text[:1].upper() + text[1:]


def tier(say: Language, known: Tier) -> str:
    return say(_TIERS[known])


def source_title(name: str) -> str:
    return escape(source_name(name))


def source_name(name: str) -> str:
    """What a source is called, for where Slack parses nothing: one that sends its figures to us is
    ``ingest:NAME``, say.
    """
    own_name = name.removeprefix(INGEST).removeprefix(OTLP)
    return _TITLES.get(own_name, own_name)


def tool_title(say: Language, tool: str) -> str:
    """What a tool is called that left its mark."""
    if tool == UNNAMED_TOOL:
        return say("a tool that is not named")
    return _TOOLS.get(tool) or escape(tool.replace("_", " ").capitalize())


def length(period: Period) -> Length:
    """Which of the texts there are for periods goes with this one."""
    if period == month_of(period.first_day):
        return "month"
    lengths: dict[timedelta, Length] = {timedelta(days=1): "day", timedelta(days=7): "week"}
    return lengths.get(period.end - period.start, "period")


def ago(say: Language, moment: datetime, now: datetime) -> str:
    minutes = max(int((now - moment).total_seconds()) // 60, 0)
    if minutes < 1:
        return say("just now")
    if minutes < 120:
        return say.plural(minutes, "{count} minute ago", "{count} minutes ago")
    if minutes < 48 * 60:
        return say.plural(minutes // 60, "{count} hour ago", "{count} hours ago")
    return say.plural(minutes // (24 * 60), "{count} day ago", "{count} days ago")


def data_through(say: Language, sources: Iterable[tuple[str, date | None]]) -> str:
    """Up to which day each source has told; a missing day is no data yet, never zero."""
    told = [_told(say, source_title(name), through) for name, through in sources]
    if not told:
        return say("No source of figures is on yet.")
    return say("Data through: {sources}.", sources=say.listed(told))


def _told(say: Language, source: str, through: date | None) -> str:
    if through is None:
        return say("{source} no data yet", source=source)
    return say("{source} {day}", source=source, day=say.day(through))
