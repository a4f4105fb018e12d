"""Whose accounts are: one's own and how each was proven, and for admins how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from slackblocks import Block, Button

from bot.blocks import forms, wording
from bot.blocks.escaping import code
from bot.blocks.forms import Field
from bot.blocks.kit import actions, beside, bold, button, context, header, message, section
from bot.domain.account_lines import LONGEST, MOST_LINES, LineFault
from bot.domain.accounts import EVER, AccountCounts, AccountLink, Assertion
from bot.domain.commands import CommandNames
from bot.domain.messages import Message, Modal
from bot.domain.people import Proof
from bot.language import Language, mark, mark_plural

ACCOUNTS_FORM = "accounts_form"
LINES = "accounts-lines"
_MOST_SHOWN = 15
_MOST_FAULTS = 10
_MOST_WAITING = 3
_PROVEN: Mapping[Proof, str] = MappingProxyType(
    {
        Proof.ADMIN_EMAIL: mark("{account}: its administrators' interface names your address."),
        Proof.IDP: mark("{account}: your company's sign-on says that it is yours."),
        Proof.OAUTH: mark("{account}: you signed in to it."),
        Proof.ASSERTED: mark("{account}: by an admin's word, or by your address written in it."),
    }
)
_PROVEN_SINCE: Mapping[Proof, str] = MappingProxyType(
    {
        Proof.ADMIN_EMAIL: mark(
            "{account}: since {day} its administrators' interface names your address."
        ),
        Proof.IDP: mark("{account}: since {day} your company's sign-on says that it is yours."),
        Proof.OAUTH: mark("{account}: you signed in to it on {day}."),
        Proof.ASSERTED: mark(
            "{account}: since {day}, by an admin's word, or by your address written in it."
        ),
    }
)
_COUNTED: Mapping[Proof | None, tuple[str, str]] = MappingProxyType(
    {
        Proof.ADMIN_EMAIL: mark_plural(
            "{count} by its address",
            "{count} by their addresses",
        ),
        Proof.IDP: mark_plural("{count} by the sign-on", "{count} by the sign-on"),
        Proof.OAUTH: mark_plural("{count} by signing in", "{count} by signing in"),
        Proof.ASSERTED: mark_plural(
            "{count} by word only",
            "{count} by word only",
        ),
        None: mark_plural("{count} is nobody's", "{count} are nobody's"),
    }
)
_WAITING = mark_plural("{count} waits for an answer", "{count} wait for an answer")
_MORE = mark_plural("{count} more is not shown.", "{count} more are not shown.")
_FAULTS: Mapping[LineFault, str] = MappingProxyType(
    {
        LineFault.NOT_THREE: mark(
            "Line {line}: write the source, the account, and an address or a member id such as "
            "U012AB3CD, with commas between them."
        ),
        LineFault.TOO_MANY: mark("Line {line}: these are more lines than fit at once."),
        LineFault.TWICE: mark("Line {line}: the same account stands in an earlier line."),
        LineFault.NO_ACCOUNT: mark("Line {line}: no account of this name is known."),
        LineFault.NO_PERSON: mark(
            "Line {line}: this names nobody whom an account can be given to."
        ),
        LineFault.PROVEN: mark("Line {line}: whose this account is was proven otherwise."),
        LineFault.WAITING: mark("Line {line}: this account waits for somebody's answer."),
        LineFault.REFUSED: mark("Line {line}: somebody said no to this in the last 30 days."),
        LineFault.ONESELF: mark("Line {line}: another admin has to say this of you."),
    }
)


def render_account_counts(
    say: Language, counts: list[AccountCounts], names: CommandNames
) -> Message:
    """For admins: how many, never whose."""
    lines = [_counted(say, one) for one in counts]
    return message(
        say("How many accounts are known, and by what proof."),
        *_sections(say, "accounts-counted", lines or [say("No account is known yet.")]),
        section(
            "accounts-import",
            say(
                "{command} opens a form in which you say whose accounts are that nobody is "
                "known for. Each person hears of it first and can say no.",
                command=code(f"{names.admin} accounts import"),
            ),
        ),
        context(
            "accounts-counted-foot",
            say(
                "By word only: an admin said so and nobody said no, or an address was written in "
                "the work itself."
            ),
            say(wording.NO_PERSON),
        ),
    )


def _counted(say: Language, counts: AccountCounts) -> str:
    proofs = [*Proof, None]
    told = [
        say.plural(counts.by_proof[proof], *_COUNTED[proof])
        for proof in proofs
        if proof in counts.by_proof
    ]
    if counts.waiting:
        told.append(say.plural(counts.waiting, *_WAITING))
    return f"{bold(wording.source_title(counts.source))}: {say.listed(told)}"


def render_accounts_form(say: Language) -> Modal:
    return forms.form(
        say,
        ACCOUNTS_FORM,
        say("Say whose it is"),
        say("Ask them"),
        forms.lines(
            Field(
                block_id=LINES,
                label=say("Source, account, and whose it is"),
                hint=say(
                    "One account a line, {most} at most, such as "
                    "anthropic,user_01AB,ada@example.com; a Slack member id does as well as an "
                    "address. Nothing is linked for 24 hours.",
                    most=say.number(MOST_LINES),
                ),
            ),
            most=LONGEST,
        ),
    )


def line_errors(say: Language, faults: Mapping[int, LineFault]) -> dict[str, str]:
    """What stands under the lines as long as any of them is wrong: nothing was kept."""
    if not faults:
        return {LINES: say("Write at least one line.")}
    shown = sorted(faults.items())[:_MOST_FAULTS]
    told = [say(_FAULTS[fault], line=say.number(number)) for number, fault in shown]
    return {LINES: " ".join(told)}


def render_asked(say: Language, count: int) -> Modal:
    return forms.note(
        message(
            say("Upshot asks them."),
            section(
                "accounts-asked",
                say.plural(
                    count,
                    "*{count} account.* Whoever it is about hears of it now. Who says nothing "
                    "for 24 hours has it; if somebody says no, I tell you, without a reason.",
                    "*{count} accounts.* Whoever they are about hears of it now. Who says nothing "
                    "for 24 hours has them; if somebody says no, I tell you, without a reason.",
                ),
            ),
            context("accounts-asked-foot", say(wording.NO_PERSON)),
        ),
    )


def render_asserted(say: Language, assertion: Assertion, names: CommandNames) -> Message:
    """To the one whom an admin names; nothing is linked yet."""
    return message(
        say("An admin says that an account is yours."),
        section(
            "account-asserted",
            say("*An admin says that this account is yours:* {account}", account=_name(assertion)),
            say(
                "If it is, you need not do anything: after 24 hours its figures are among yours, "
                "and only you can see them. If it is not, say so. You need give no reason."
            ),
        ),
        actions("account-asserted-actions", _not_me(say, assertion)),
        _foot(say, names),
    )


def render_disputed(say: Language, assertion: Assertion, names: CommandNames) -> Message:
    """To the one who has the account by now."""
    return message(
        say("An admin says that an account of yours is somebody else's."),
        section(
            "account-disputed",
            say(
                "*An admin says that this account is somebody else's:* {account}",
                account=_name(assertion),
            ),
            say(
                "If that is right, you need not do anything: after 24 hours its new days are not "
                "among yours any more. If it is yours, say so. You need give no reason."
            ),
        ),
        actions("account-disputed-actions", _mine(say, assertion)),
        _foot(say, names),
    )


def render_refused(say: Language, assertion: Assertion) -> Message:
    """To the admin whose word it was."""
    return message(
        say("An account stays as it was."),
        section(
            "account-refused",
            say(
                "*Somebody said no:* {account} stays as it was. Nobody has to give a reason.",
                account=_name(assertion),
            ),
        ),
        context("account-refused-foot", say(wording.NO_PERSON)),
    )


def render_objected(say: Language) -> Message:
    return message(
        say("Upshot leaves the account as it was."),
        section(
            "account-objected",
            say("*It stays as it was.* The admin hears that, and no reason."),
        ),
        context("account-objected-foot", say(wording.ONLY_YOU)),
    )


def render_nothing_to_refuse(say: Language, names: CommandNames) -> Message:
    """For a button whose question is answered, or was never the asking person's."""
    return message(
        say("There is nothing to say no to any more."),
        section(
            "account-settled",
            say(
                "*That is settled already.* {command} shows which accounts are yours; if one of "
                "them is not, tell an admin of Upshot.",
                command=code(f"{names.usage} accounts"),
            ),
        ),
        context("account-settled-foot", say(wording.ONLY_YOU)),
    )


def render_own_accounts(
    say: Language,
    links: tuple[AccountLink, ...],
    asserted: tuple[Assertion, ...],
    disputed: tuple[Assertion, ...],
) -> Message:
    now = [_present(say, link) for link in links if link.is_open]
    before = [_past(say, link) for link in links if not link.is_open]
    nothing = say("No account is known to be yours.")
    return message(
        say("Which accounts are yours."),
        header("accounts-title", say("Your accounts")),
        *_sections(say, "accounts-now", now or [nothing]),
        *_sections(say, "accounts-before", [bold(say("Yours before")), *before] if before else []),
        *_questions(say, asserted, disputed),
        context("accounts-foot", say(wording.ONLY_YOU)),
    )


def _sections(say: Language, block_id: str, lines: list[str]) -> Iterator[Block]:
    for number, first in enumerate(range(0, min(len(lines), _MOST_SHOWN), 10), start=1):
        yield section(f"{block_id}-{number}", *lines[first : first + 10])
    if len(lines) > _MOST_SHOWN:
        more = len(lines) - _MOST_SHOWN
        yield context(f"{block_id}-more", say.plural(more, *_MORE))


def _questions(
    say: Language, asserted: tuple[Assertion, ...], disputed: tuple[Assertion, ...]
) -> Iterator[Block]:
    """Those whom an admin's word is about can say no here as well."""
    for number, one in enumerate(asserted[:_MOST_WAITING], start=1):
        yours = say("An admin says that this is yours: {account}", account=_name(one))
        yield beside(f"account-asserted-{number}", _not_me(say, one), yours)
    for number, one in enumerate(disputed[:_MOST_WAITING], start=1):
        others = say("An admin says that this is somebody else's: {account}", account=_name(one))
        yield beside(f"account-disputed-{number}", _mine(say, one), others)


def _present(say: Language, link: AccountLink) -> str:
    if link.valid_from == EVER:
        return say(_PROVEN[link.proof], account=_name(link))
    since = say.day_and_year(link.valid_from)
    return say(_PROVEN_SINCE[link.proof], account=_name(link), day=since)


def _past(say: Language, link: AccountLink) -> str:
    return say(
        "{account}: its days before {day}.",
        account=_name(link),
        day=say.day_and_year(link.valid_to),
    )


def _name(of: AccountLink | Assertion) -> str:
    return f"{wording.source_title(of.source)} {code(of.account)}"


def _not_me(say: Language, assertion: Assertion) -> Button:
    return button(say("Not me"), "account_not_me", value=str(assertion.id))


def _mine(say: Language, assertion: Assertion) -> Button:
    return button(say("This is mine"), "account_mine", value=str(assertion.id))


def _foot(say: Language, names: CommandNames) -> Block:
    return context(
        "accounts-foot",
        say(
            "{command} shows which accounts are yours, and why.",
            command=code(f"{names.usage} accounts"),
        ),
        say(wording.ONLY_YOU),
    )
