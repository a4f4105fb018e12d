"""What admins are told of the audit log: all that was done, and nobody who used a right."""

from __future__ import annotations

import pytest

from bot.domain.audit import OF_ONESELF, SOMEBODY, Action, AuditEntry, for_admins
from tests.factories import NOON


@pytest.mark.parametrize("action", sorted(OF_ONESELF))
def test_whoever_uses_a_right_of_their_own_is_not_named(action):
    entry = AuditEntry(
        at=NOON, actor="UADA", action=action, detail={"source": "git"}, people={"target": "UADA"}
    )

    assert for_admins(entry) == AuditEntry(at=NOON, actor=SOMEBODY, action=action)


@pytest.mark.parametrize("action", sorted(set(Action) - OF_ONESELF))
def test_whoever_changes_something_for_all_is(action):
    entry = AuditEntry(at=NOON, actor="UADA", action=action, people={"admin": "UBOB"})

    assert for_admins(entry) == entry
