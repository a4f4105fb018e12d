"""What is set up weaker than it could be, as sentences for whoever runs Upshot."""

from __future__ import annotations

from bot.settings import Settings

NO_DOMAINS = (
    "No mail domain is claimed: an account is linked to whoever has its address in Slack. "
    "Set UPSHOT_CLAIMED_DOMAINS to those of your company."
)
ONE_MACHINE_ONLY = (
    "The database is shared, the secret is a file of this machine. Set UPSHOT_SECRET, "
    "the same on every machine: one with another secret does not start."
)


def of_settings(settings: Settings) -> tuple[str, ...]:
    found = []
    if not settings.claimed_domains:
        found.append(NO_DOMAINS)
    if settings.database_url is not None and settings.secret is None:
        found.append(ONE_MACHINE_ONLY)
    return tuple(found)
