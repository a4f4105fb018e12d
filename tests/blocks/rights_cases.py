"""Every word about what people may ask for about themselves."""

from __future__ import annotations

from bot.blocks import export, rights
from bot.domain.commands import CommandNames
from bot.domain.messages import Message, Modal
from bot.domain.rights import Everything
from bot.language import Language
from tests.blocks.making import HOSTILE

NAMES = CommandNames()
USER = "U01ADA"
_ROW = '{"day": "2026-11-19", "provider": "anthropic", "cost": "1.25"}'
_FEW = Everything(lines=(("people", '{"id": 7}'), ("tags", _ROW), ("tags", _ROW)), left_out=0)
_TOO_MANY = Everything(lines=(("usage_records", _ROW),) * 300, left_out=40)
_ONE_MORE = Everything(lines=_FEW.lines, left_out=1)
_HOSTILE = Everything(lines=(("logged_outcomes", HOSTILE * 200),) * 9, left_out=0)


def modals(say: Language) -> dict[str, Modal]:
    return {
        "forget": rights.render_forget_form(say, NAMES, by_settings=False),
        "forget-admin-of-the-settings": rights.render_forget_form(say, NAMES, by_settings=True),
        "forgetting": rights.render_forgetting(say, NAMES),
    }


def messages(say: Language) -> dict[str, Message]:
    pages = {
        "few": _FEW,
        "one-more": _ONE_MORE,
        "too-many": _TOO_MANY,
        "hostile": _HOSTILE,
    }
    return {
        "export-begun": export.render_export_begun(say, NAMES),
        "export-sent": export.render_export_sent(say),
        **{
            f"export-{name}-{number}": page
            for name, everything in pages.items()
            for number, page in enumerate(export.render_everything(say, everything, USER), 1)
        },
        "forgotten": rights.render_forgotten(say, NAMES, by_settings=False),
        "forgotten-admin-of-the-settings": rights.render_forgotten(say, NAMES, by_settings=True),
        "was-forgotten": rights.render_was_forgotten(say, NAMES),
        "opt-out": rights.render_opt_out(say, NAMES),
        "opted-out": rights.render_opted_out(say, NAMES),
        "opted-in": rights.render_opted_in(say, NAMES),
        "not-opted-out": rights.render_not_opted_out(say, NAMES),
    }
