"""What people log and tag themselves, in words: none of them better than another."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.drafts import Fault
from bot.domain.logged import Benefit, LoggedKind, Visibility
from bot.domain.tiers import Tier
from bot.language import mark

KINDS: Mapping[LoggedKind, str] = MappingProxyType(
    {
        LoggedKind.TICKET_RESOLVED: mark("Ticket or case resolved"),
        LoggedKind.DOCUMENT_PUBLISHED: mark("Document or page published"),
        LoggedKind.ANALYSIS_DELIVERED: mark("Analysis or report delivered"),
        LoggedKind.CAMPAIGN_SHIPPED: mark("Campaign or post shipped"),
        LoggedKind.PROPOSAL_SENT: mark("Contract or proposal sent"),
        LoggedKind.MEETING_PREPARED: mark("Meeting prepared, or its minutes written"),
        LoggedKind.DATA_CLEANED: mark("Data cleaned"),
        LoggedKind.PROCESS_AUTOMATED: mark("Process automated"),
        LoggedKind.TECHNIQUE_LEARNED: mark("Learned a technique"),
        LoggedKind.DID_NOT_WORK: mark("Tried it, did not work"),
    }
)
BENEFITS: Mapping[Benefit, str] = MappingProxyType(
    {
        Benefit.UNDER_AN_HOUR: mark("Saved less than an hour"),
        Benefit.HOURS: mark("Saved one to four hours"),
        Benefit.OVER_FOUR_HOURS: mark("Saved more than four hours"),
        Benefit.NEW_THING: mark("Something new became possible"),
        Benefit.NONE: mark("No benefit"),
    }
)
TIERS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.EXPLORATION: mark("Exploration: trying things out"),
        Tier.ROUTINE: mark("Routine: the daily work"),
        Tier.PRODUCTION: mark("Production: runs by itself"),
    }
)
VISIBILITIES: Mapping[Visibility, str] = MappingProxyType(
    {
        Visibility.ONLY_ME: mark("Only me"),
        Visibility.COUNTED: mark("Count it in my team's totals, without its words"),
    }
)
FAULTS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.MISSING: mark("Please fill this in."),
        Fault.UNKNOWN: mark("Please choose one of those that are offered."),
        Fault.TOO_LONG: mark("This is too long: please shorten it."),
        Fault.NO_LINK: mark(
            "A link begins with https:// or http:// and holds no name or password."
        ),
        Fault.NO_DAY: mark("This is no date that the calendar knows."),
        Fault.IN_THE_FUTURE: mark("This day is still to come."),
        Fault.TOO_FAR_AHEAD: mark("This is more than a year ahead."),
        Fault.TOO_LONG_AGO: mark("This is more than a year ago."),
        Fault.ENDS_TOO_EARLY: mark("The last day is before the first."),
        Fault.GONE: mark("This entry is not there any more: close the form and log it anew."),
    }
)
