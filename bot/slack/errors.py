"""What Slack's error codes mean for a message: a table, so that the rule can be read."""

from __future__ import annotations

from bot.domain.delivery import NotNow, PostResult, Refused, Unclear
from bot.http import real_now, seconds_until

WAIT_FOR_OPERATOR = 900.0
WAIT_A_LITTLE = 30.0

BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "unsupported_block"})
MAY_HAVE_SUCCEEDED = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout"}
)
RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
SCOPE_MISSING = frozenset({"missing_scope", "not_allowed_token_type", "no_permission"})
OPERATOR_MUST_ACT = SCOPE_MISSING | frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "messages_tab_disabled",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)


def meaning_of(code: str, status: int, retry_after: str | None) -> PostResult:
    """What is to become of the message after Slack answered with *code*."""
    if status == 429 or code in RATE_LIMITED:
        seconds = seconds_in(retry_after)
        return NotNow(WAIT_A_LITTLE if seconds is None else min(seconds, WAIT_FOR_OPERATOR))
    if status >= 500 or code in MAY_HAVE_SUCCEEDED:
        return Unclear(code or f"HTTP {status}")
    if code in OPERATOR_MUST_ACT:
        return NotNow(WAIT_FOR_OPERATOR)
    return Refused(code)


def seconds_in(retry_after: str | None) -> float | None:
    """The wait that ``Retry-After`` asks for, at least one second; ``None`` if it tells none."""
    seconds = seconds_until(retry_after, real_now())
    return None if seconds is None else max(seconds, 1.0)
