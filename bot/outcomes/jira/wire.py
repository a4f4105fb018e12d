"""The shape of what Jira answers: no more of it than is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from bot.reading.soundness import Moment

_EARLIEST_MILLISECONDS = 100_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Wire(msgspec.Struct, rename="camel", gc=False):
    pass


class Site(msgspec.Struct):
    """What the configuration says, beside what Jira does."""

    url: str
    not_done: frozenset[str]


class Category(_Wire):
    key: str


class Status(_Wire):
    id: str
    name: str
    status_category: Category


class Resolution(_Wire):
    name: str


class User(_Wire):
    """``email_address`` is left out where the person's profile hides it."""

    account_id: str
    account_type: str | None = None
    email_address: str | None = None


class Project(_Wire):
    key: str
    project_type_key: str | None = None


class IssueType(_Wire):
    subtask: bool = False


class Fields(_Wire):
    summary: str | None
    status: Status
    project: Project
    created: Moment
    updated: Moment
    type: IssueType = msgspec.field(name="issuetype")
    resolution: Resolution | None = None
    assignee: User | None = None
    category_changed_at: Moment | None = msgspec.field(
        name="statuscategorychangedate", default=None
    )


class Issue(_Wire):
    id: str
    key: str
    fields: Fields


class Item(_Wire):
    """A field that was changed: a status by its id and name, a resolution by its name."""

    field: str
    field_id: str | None = None
    old_id: str | None = msgspec.field(name="from", default=None)
    old: str | None = msgspec.field(name="fromString", default=None)
    new_id: str | None = msgspec.field(name="to", default=None)
    new: str | None = msgspec.field(name="toString", default=None)

    @property
    def changed(self) -> str:
        """The field's id; its name may be that of another, which an admin made."""
        return self.field_id or self.field


class Change(_Wire):
    id: str
    created: Moment | int
    items: list[Item]

    @property
    def at(self) -> datetime:
        """Jira's reference gives a time here and a number there."""
        if isinstance(self.created, datetime):
            return self.created.astimezone(UTC)
        unit = 1 if self.created < _EARLIEST_MILLISECONDS else 1000
        return _EPOCH + timedelta(seconds=self.created / unit)


class IssueChanges(_Wire):
    issue_id: str
    change_histories: list[Change]


class Page(_Wire, kw_only=True):
    """On the last one there is no token, instead of one that is null."""

    next_page_token: str | None = None
    is_last: bool | None = None


class IssuesPage(Page):
    issues: list[Issue]


class ChangesPage(Page):
    issue_change_logs: list[IssueChanges]


class ProjectsPage(_Wire):
    values: list[Project]
    is_last: bool
