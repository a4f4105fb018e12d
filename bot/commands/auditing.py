"""``audit verify``: whether anybody changed what was released, or what was done."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.app import Upshot
from bot.commands.session import AsJson, err, out, with_upshot
from bot.errors import UpshotError
from bot.services.auditing import Verified

_DIGITS = 16

Kept = Annotated[
    list[str] | None,
    typer.Option("--kept", help="A last seal that you kept: it has to be there still."),
]


def verify(*, kept: Kept = None, as_json: AsJson = False) -> None:
    seals = [_read(seal) for seal in kept or ()]

    async def run(upshot: Upshot) -> list[Verified]:
        with err.status("Reading …"):
            return await upshot.auditing.verify(seals)

    found = with_upshot(run, log_level="ERROR")
    gone = sorted(set(seals).difference(*(each.seen for each in found)))
    if as_json:
        told = {"chains": [_as_json(each) for each in found], "seals_not_found": gone}
        out.print_json(json.dumps(told))
    else:
        for line in [*map(_line, found), *map(_gone, gone)]:
            out.print(line, markup=False)
    if gone or any(each.broken for each in found):
        raise typer.Exit(1)


def _read(seal: str) -> str:
    digits = seal.strip().lower()
    if len(digits) < _DIGITS or set(digits) - set("0123456789abcdef"):
        raise UpshotError(f"A kept seal has at least {_DIGITS} hexadecimal digits.")
    return digits


def _line(each: Verified) -> str:
    entries = "1 entry holds" if each.entries == 1 else f"{each.entries:,} entries hold"
    if each.broken is None:
        return f"ok   {each.chain}: {entries}; last seal {_last(each) or 'none yet'}"
    return f"FAIL {each.chain}: {entries}; changed, or something before it is gone: {each.broken}"


def _gone(seal: str) -> str:
    return (
        f"FAIL no entry that holds has the seal {seal}: it was deleted, or is older than 400 days"
    )


def _last(each: Verified) -> str | None:
    return None if each.last is None else each.last.hex()[:_DIGITS]


def _as_json(each: Verified) -> dict[str, object]:
    return {
        "chain": each.chain,
        "entries": each.entries,
        "last_seal": _last(each),
        "broken": each.broken,
    }
