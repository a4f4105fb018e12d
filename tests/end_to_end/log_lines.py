"""What is written to the log, and the figures in it that are no count of Upshot's own work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

COUNTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "planned": {"jobs": "how many jobs were due"},
        "deliveries_tried": {"count": "how many messages were handed to Slack at once"},
        "usage_received": {
            "senders": "how many platforms the lines are of",
            "accepted": "how many lines were taken of what was sent at once, for all people",
            "replaced": "how many of these had been sent before",
        },
        "day_collected": {"rows": "how many rows a provider's whole day is kept in"},
        "old_rows_deleted": {r"\w+(?:\.\w+)?": "how many rows of a table were kept long enough"},
    }
)
"""The keys of each event whose numbers may be told, and what they count."""
NAMES = (
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}",  # the id of a delivery
    r"\breference='[0-9a-f]{8}'",  # drawn anew for each failure
    r"\b\d{4}-W\d{2}\b",  # a week
    r"\b\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?",  # a day, a moment
    r"\bline \d+ column \d+ \(char \d+\)",  # where a text is no JSON any more
    r"\bJob \w+\[\d+\]\((?:people=\[[\d, ]*\])?",  # a job that failed, and whose it was, as ids
    r"\blasted \d+\.\d+ s\b",  # how long that took
    r"\bretry_num=\d+\b",  # how often a source was asked in vain
    r"\b(?:wait_for|waited_so_far)=[\d.]+",  # and the seconds until it is asked again
    r"https://sqlalche\.me/e/\d+/\w+",  # where an error is explained
)
_CODE = re.compile(
    r'^ +File "[^"\n]+", line \d+, in [^\n]+\n(?: {4,}[^\n]+\n)?(?: {4,}[ ~^]+\n)?'
    r"|\[SQL: .*?\]\n",
    re.MULTILINE | re.DOTALL,
)
"""A traceback's own lines, and a statement as the code has it: its values are hidden."""
_EVENT = re.compile(r"^timestamp='[^']+' level='\w+' event='(\w+)'")
_STARTS = re.compile(r"^(?=timestamp=')", re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w-])\d(?:[\d.,]*\d)?(?![\w])")
_NAMES = re.compile("|".join(NAMES))


def entries(log: str) -> list[str]:
    """One for each event, with its traceback if it has one."""
    return [entry for entry in _STARTS.split(log) if entry]


def figures_logged(log: str) -> Iterator[str]:
    """Each with the event that tells it, where it is no count that may be told."""
    for entry in entries(log):
        found = _EVENT.match(entry)
        event = found[1] if found else ""
        told = _NAMES.sub(" ", _CODE.sub(" ", entry.replace("\\n", "\n")))
        for key in COUNTS.get(event, {}):
            told = re.sub(rf"\b{key}=\d+\b", " ", told)
        yield from (f"{event or entry.splitlines()[0]}: {n}" for n in _NUMBER.findall(told))
