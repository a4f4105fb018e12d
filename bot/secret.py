"""The secret of this installation: given, or made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.domain.keyed import FEWEST_BYTES, Key
from bot.errors import SettingsError
from bot.settings import Settings

FILE = "secret"
_BYTES = 32


def read_key(settings: Settings) -> Key:
    """The key of this installation; raises ``SettingsError`` where it cannot be had."""
    if settings.secret is not None:
        given = settings.secret.get_secret_value().encode()
        if len(given) < FEWEST_BYTES:
            raise SettingsError(f"UPSHOT_SECRET needs at least {FEWEST_BYTES} characters.")
        return Key(given)
    try:
        return Key(_kept(settings.data_dir / FILE))
    except (OSError, ValueError):
        raise SettingsError(
            f"The secret in the data folder ({FILE}) cannot be read or written."
        ) from None


def _kept(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        _make(path)
    return bytes.fromhex(path.read_text(encoding="ascii").strip())


def _make(path: Path) -> None:
    """Two processes may start at once: one secret appears, whole, and both read it."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
        new.write(secrets.token_hex(_BYTES))
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
