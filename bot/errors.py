"""Every error raised on purpose, named by what the caller can do; none quotes an answer's body."""

from __future__ import annotations

from datetime import date


class UpshotError(Exception):
    """Something that Upshot expected might happen."""

    hint: str = ""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "").strip()


class SettingsError(UpshotError):
    """The settings do not fit together."""


class UnreachableDatabaseError(UpshotError):
    """The database does not let us in, or there is none."""

    hint = "Check host, port, name, role and password in UPSHOT_DATABASE_URL, and that it runs."


class UnsafeDatabaseError(UpshotError):
    """The database connection could read around row-level security."""

    hint = (
        "Give UPSHOT_DATABASE_URL a role made for the bot, with neither SUPERUSER nor BYPASSRLS: "
        "CREATE ROLE upshot LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '…'."
    )


class UnsupportedDatabaseError(UpshotError):
    """The database server is too old."""

    hint = "Upshot needs PostgreSQL 16 or newer."


class BrokenDatabaseError(UpshotError):
    """The database did not do what it was asked."""

    hint = "Look at its log: its disk may be full, or it was restarted. Nothing is lost: try again."


class OutdatedDatabaseError(UpshotError):
    """The tables are not those that this version of Upshot works with."""

    hint = "Run `upshot migrate`, then start again."


class WrongSecretError(UpshotError):
    """The secret is not the one that this database was begun with."""

    hint = (
        "Give UPSHOT_SECRET the value of the first installation, or copy the file `secret` from "
        "its data folder: without it the seals of the ledger do not hold and team figures would "
        "get other noise."
    )


class SourceError(UpshotError):
    """A provider or a source of outcomes did not give what was asked."""


class SourceUnauthorizedError(SourceError):
    """It refused our credentials."""

    hint = "Check that the key is an admin key of this organization and has not been revoked."


class SourceForbiddenError(SourceError):
    """The key may not read this."""

    hint = "Give the key the scope for usage and cost, or check the plan of the organization."


class SourceNotFoundError(SourceError):
    """There is nothing at this address."""

    hint = "Check the base URL and that the organization has this API."


class SourceRefusedError(SourceError):
    """It did not accept how we asked."""

    hint = "Look for a newer version of Upshot: the provider's API may have changed."


class SourceRateLimitedError(SourceError):
    """It asked us to slow down."""

    hint = "Nothing to do: it is tried again by itself."

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceUnavailableError(SourceError):
    """It could not be reached or failed on its side."""

    hint = "Nothing to do: it is tried again by itself. Look at the provider's status page."


class SourceResponseError(SourceError):
    """Its answer was not understood, so the day keeps its previous figures."""

    hint = (
        "Look for a newer version of Upshot; if there is none, open an issue with the field named."
    )


class SourceExpiredLinkError(SourceNotFoundError):
    """A link to a download has expired."""

    hint = "Nothing to do: a new link is asked for by itself."


class SourceUnsafeLinkError(SourceError):
    """It named a link that may lead where downloads must not come from."""

    hint = (
        "If its documentation names the host, add it to the source's download hosts; otherwise "
        "ask the provider: somebody may be trying to reach into your network."
    )


class GroupsUnreadableError(SourceError):
    """Slack does not let Upshot read user groups."""

    hint = (
        "Give Upshot's Slack app the optional scope usergroups:read and install it again; user "
        "groups need a paid plan of Slack. Until then teams keep the members that they have."
    )


class ChannelsUnreadableError(SourceError):
    """Slack does not let Upshot see with whom channels are shared."""

    hint = "Give Upshot's Slack app the optional scopes channels:read and groups:read."


class NotAllowedError(UpshotError):
    """Only an admin of Upshot can do that."""

    hint = "Ask one of them: `/usageadmin admins` lists who they are."


class InvalidThresholdError(UpshotError):
    """There is no such threshold, or it does not allow this value."""

    def __init__(self, threshold: str | None) -> None:
        """*threshold* is the name of the one whose bounds hold, ``None`` where there is none."""
        super().__init__()
        self.threshold = threshold


class InvalidAgreementError(UpshotError):
    """The agreement file is wrong."""

    hint = "Repair it, or take UPSHOT_AGREEMENT_FILE away: see docs/works-council.md."

    def __init__(self, wrong: str) -> None:
        super().__init__(f"The agreement file is wrong: {wrong}")


class FixedByAgreementError(UpshotError):
    """An agreement with the works council allows nothing that guards less."""

    def __init__(self, threshold: str, *, title: str, signed_on: date, bound: int) -> None:
        super().__init__()
        self.threshold = threshold
        self.title = title
        self.signed_on = signed_on
        self.bound = bound


class FileNotSentError(UpshotError):
    """Slack did not take the file."""

    hint = "Please ask for it again in a few minutes; the operator can give it to you as well."


class FormNotOpenedError(UpshotError):
    """Slack did not open the form."""

    hint = "Please try again: Slack opens a form only within three seconds."
