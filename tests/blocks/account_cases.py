"""Every word about whose accounts are, with the worst that can be in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from bot.blocks import accounts
from bot.domain.account_lines import LineFault
from bot.domain.accounts import AccountCounts, AccountLink, Assertion
from bot.domain.commands import CommandNames
from bot.domain.messages import Message, Modal
from bot.domain.people import PersonId, Proof
from bot.language import Language
from tests.blocks.making import HOSTILE

NAMES = CommandNames()
MOVED = date(2026, 11, 16)
LINK = AccountLink(source="anthropic", account="user_01Ada", proof=Proof.ADMIN_EMAIL)
LINKS = (
    LINK,
    replace(LINK, source="github", account="4711", proof=Proof.IDP),
    replace(LINK, source="gitlab", account="12", proof=Proof.OAUTH),
    replace(LINK, source="git", account="ada@example.com", proof=Proof.ASSERTED),
)
LATER = tuple(replace(link, valid_from=MOVED) for link in LINKS)
PAST = replace(LINK, account="user_02", valid_to=MOVED)
ASSERTION = Assertion(
    id=UUID(int=1),
    source="otlp:claude_code",
    account="user_01Ada",
    person=PersonId(1),
    asserted_by="U02BOB",
    asserted_at=datetime(2026, 11, 19, 9, tzinfo=UTC),
)
WORST = replace(ASSERTION, source=f"ingest:{HOSTILE}", account=HOSTILE)
COUNTS = AccountCounts(
    source="anthropic",
    by_proof={Proof.ADMIN_EMAIL: 12, Proof.IDP: 1, Proof.OAUTH: 2, Proof.ASSERTED: 3, None: 4},
    waiting=2,
)


def messages(say: Language) -> dict[str, Message]:
    def own(links=(), asserted=(), disputed=()) -> Message:
        return accounts.render_own_accounts(say, links, asserted, disputed)

    few = replace(COUNTS, source="git", by_proof={None: 1}, waiting=0)
    many = [replace(COUNTS, source=f"ingest:{n}") for n in range(60)]
    return {
        "accounts-own": own(LINKS),
        "accounts-own-later": own((*LATER, PAST), (ASSERTION,), (ASSERTION,)),
        "accounts-own-none": own(),
        "accounts-own-many": own((LINK,) * 45 + (PAST,) * 45, (WORST,) * 9, (WORST,) * 9),
        "accounts-own-hostile": own(
            (replace(LINK, source=f"ingest:{HOSTILE}", account=HOSTILE),), (WORST,), (WORST,)
        ),
        "accounts-counted": accounts.render_account_counts(say, [COUNTS, few], NAMES),
        "accounts-counted-none": accounts.render_account_counts(say, [], NAMES),
        "accounts-counted-many": accounts.render_account_counts(say, many, NAMES),
        "account-asserted": accounts.render_asserted(say, ASSERTION, NAMES),
        "account-asserted-hostile": accounts.render_asserted(say, WORST, NAMES),
        "account-disputed": accounts.render_disputed(say, ASSERTION, NAMES),
        "account-refused": accounts.render_refused(say, ASSERTION),
        "account-refused-hostile": accounts.render_refused(say, WORST),
        "account-objected": accounts.render_objected(say),
        "account-settled": accounts.render_nothing_to_refuse(say, NAMES),
    }


def modals(say: Language) -> dict[str, Modal]:
    return {
        "accounts-form": accounts.render_accounts_form(say),
        "accounts-asked": accounts.render_asked(say, 1),
        "accounts-asked-several": accounts.render_asked(say, 7),
    }


def errors(say: Language) -> dict[str, dict[str, str]]:
    every = dict(enumerate(LineFault, start=1))
    return {
        "nothing": accounts.line_errors(say, {}),
        "every-kind": accounts.line_errors(say, every),
        "many": accounts.line_errors(say, dict.fromkeys(range(1, 51), LineFault.NOT_THREE)),
    }
