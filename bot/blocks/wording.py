"""How Upshot puts things: the only place of money, dates, titles and the sentences that recur."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from bot.blocks.escaping import escape
from bot.domain.outcomes import OutcomeKind
from bot.domain.periods import Period, month_of
from bot.domain.senders import INGEST, OTLP
from bot.domain.usage import CostBasis

ONLY_YOU = "Only you can see this message."
NO_PERSON = "Settings and health only: nobody's figures are shown here."
NO_DATA_YET = "no data yet"
WITHHELD = "withheld"
WHY_WITHHELD = "Withheld: not enough people this week for a figure that singles nobody out."
INNOCENT_CAUSES = "large migrations, evaluations and learning often look like this"
UNLINKED = f"Work often ends later than its spend; {INNOCENT_CAUSES}."
EVIDENCE_IS_PARTIAL = "Work without an AI tool's mark may have had its help too."
NOT_THE_BILL = "An estimate or a list price is not what was billed."

_MOST_NAMED = 12
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_TITLES = MappingProxyType(
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
_TOOLS = MappingProxyType(
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
        "unnamed": "a tool that is not named",
    }
)
_KINDS = MappingProxyType(
    {
        OutcomeKind.MERGED_CHANGE: ("merged change", "merged changes"),
        OutcomeKind.REVIEW_GIVEN: ("review given", "reviews given"),
        OutcomeKind.TASK_DONE: ("task done", "tasks done"),
        OutcomeKind.TICKET_SOLVED: ("ticket solved", "tickets solved"),
        OutcomeKind.DEAL_WON: ("deal won", "deals won"),
        OutcomeKind.PAGE_PUBLISHED: ("page published", "pages published"),
        OutcomeKind.LOGGED: ("outcome logged by its owner", "outcomes logged by their owners"),
    }
)
_BASES = MappingProxyType(
    {
        CostBasis.BILLED: "billed",
        CostBasis.PROVIDER_ESTIMATE: "provider's estimate",
        CostBasis.LIST_PRICE: "list price",
    }
)
_CENT = Decimal("0.01")


def money(amount: Decimal) -> str:
    """To the cent."""
    sign = "-" if amount <= -_CENT / 2 else ""
    return f"{sign}${abs(amount):,.2f}"


def foreign_money(currency: str, amount: Decimal) -> str:
    """In its own currency, which may be a virtual one such as ``credits:kiro``."""
    unit, _, whose = currency.partition(":")
    if whose:
        told = f"{amount.quantize(_CENT):,f}".rstrip("0").rstrip(".")
        return f"{told} {source_title(whose)} {escape(unit)}"
    return f"{escape(currency)} {amount:,.2f}"


def rough_money(amount: Decimal) -> str:
    """As exact as a range or a usual amount deserves."""
    if abs(amount) >= 10:
        return money(amount.quantize(Decimal(1))).removesuffix(".00")
    return "under $0.01" if 0 < amount < _CENT else money(amount)


def money_range(low: Decimal, high: Decimal) -> str:
    first, last = rough_money(low), rough_money(high)
    return f"about {first}" if first == last else f"{first} to {last}"


def basis(bases: Collection[CostBasis]) -> str:
    """What an amount of these bases means; nothing to say of none."""
    return " and ".join(title for known, title in _BASES.items() if known in bases)


def is_billed(bases: Collection[CostBasis]) -> bool:
    return set(bases) <= {CostBasis.BILLED}


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def number(value: Decimal) -> str:
    """With one decimal where it is not whole: shares of common work add up to such numbers."""
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.1f}"


def outcomes(kind: OutcomeKind, count: int) -> str:
    return plural(count, *_KINDS[kind])


def outcome_title(kind: OutcomeKind, *, many: bool = False) -> str:
    return _KINDS[kind][many]


def source_title(name: str) -> str:
    """What a source is called; one that sends its figures to us is ``ingest:NAME``, say."""
    own_name = name.removeprefix(INGEST).removeprefix(OTLP)
    return _TITLES.get(own_name) or escape(own_name)


def tool_title(tool: str) -> str:
    """What a tool is called that left its mark."""
    return _TOOLS.get(tool) or escape(tool.replace("_", " ").capitalize())


def day(when: date) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]}"


def day_and_year(when: date) -> str:
    return f"{day(when)} {when.year}"


def month(when: date) -> str:
    return f"{_MONTHS[when.month - 1]} {when.year}"


def span(first: date, last: date) -> str:
    """Two days and what is between them, as short as it can be said."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day_and_year(first)} - {day_and_year(last)}"
    if first.month != last.month:
        return f"{day(first)} - {day(last)}"
    return f"{first.day}-{day(last)}"


def length(period: Period) -> str:
    """What one calls a period of this length."""
    if period == month_of(period.first_day):
        return "month"
    return {timedelta(days=1): "day", timedelta(days=7): "week"}.get(
        period.end - period.start, "period"
    )


def ago(moment: datetime, now: datetime) -> str:
    minutes = max(int((now - moment).total_seconds()) // 60, 0)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{plural(minutes, 'minute')} ago"
    if minutes < 48 * 60:
        return f"{plural(minutes // 60, 'hour')} ago"
    return f"{plural(minutes // (24 * 60), 'day')} ago"


def listed(words: Sequence[str], *, most: int = _MOST_NAMED) -> str:
    """Words in a row, the last one after an "and"; a long row is cut and says so."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most:,} more"
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def data_through(sources: Iterable[tuple[str, date | None]]) -> str:
    """Up to which day each source has told; a missing day is no data yet, never zero."""
    told = [
        f"{source_title(name)} {NO_DATA_YET if through is None else day(through)}"
        for name, through in sources
    ]
    return f"Data through: {listed(told)}." if told else "No source of figures is on yet."
