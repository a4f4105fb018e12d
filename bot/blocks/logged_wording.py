"""What people log and tag themselves, in words: none of them better than another."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.drafts import Fault
from bot.domain.logged import Benefit, LoggedKind, Visibility
from bot.domain.tiers import Tier

KINDS: Mapping[LoggedKind, str] = MappingProxyType(
    {
        LoggedKind.TICKET_RESOLVED: "Ticket or case resolved",
        LoggedKind.DOCUMENT_PUBLISHED: "Document or page published",
        LoggedKind.ANALYSIS_DELIVERED: "Analysis or report delivered",
        LoggedKind.CAMPAIGN_SHIPPED: "Campaign or post shipped",
        LoggedKind.PROPOSAL_SENT: "Contract or proposal sent",
        LoggedKind.MEETING_PREPARED: "Meeting prepared, or its minutes written",
        LoggedKind.DATA_CLEANED: "Data cleaned",
        LoggedKind.PROCESS_AUTOMATED: "Process automated",
        LoggedKind.TECHNIQUE_LEARNED: "Learned a technique",
        LoggedKind.DID_NOT_WORK: "Tried it, did not work",
    }
)
BENEFITS: Mapping[Benefit, str] = MappingProxyType(
    {
        Benefit.UNDER_AN_HOUR: "Saved less than an hour",
        Benefit.HOURS: "Saved one to four hours",
        Benefit.OVER_FOUR_HOURS: "Saved more than four hours",
        Benefit.NEW_THING: "Something new became possible",
        Benefit.NONE: "No benefit",
    }
)
TIERS: Mapping[Tier, str] = MappingProxyType(
    {
        Tier.EXPLORATION: "Exploration: trying things out",
        Tier.ROUTINE: "Routine: the daily work",
        Tier.PRODUCTION: "Production: runs by itself",
    }
)
VISIBILITIES: Mapping[Visibility, str] = MappingProxyType(
    {
        Visibility.ONLY_ME: "Only me",
        Visibility.COUNTED: "Count it in my team's totals, without its words",
    }
)
FAULTS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.MISSING: "Please fill this in.",
        Fault.UNKNOWN: "Please choose one of those that are offered.",
        Fault.TOO_LONG: "This is too long: please shorten it.",
        Fault.NO_LINK: "A link begins with https:// or http:// and holds no name or password.",
        Fault.NO_DAY: "This is no date that the calendar knows.",
        Fault.IN_THE_FUTURE: "This day is still to come.",
        Fault.TOO_FAR_AHEAD: "This is more than a year ahead.",
        Fault.TOO_LONG_AGO: "This is more than a year ago.",
        Fault.ENDS_TOO_EARLY: "The last day is before the first.",
        Fault.GONE: "This entry is not there any more: close the form and log it anew.",
    }
)
