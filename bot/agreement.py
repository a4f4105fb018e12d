"""The agreement file: read at start, and refused where it is wrong."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from bot.domain.agreement import Agreement, parse_agreement
from bot.errors import InvalidAgreementError


def read_agreement(path: Path | None) -> Agreement | None:
    """What the file at *path* fixes; raises ``InvalidAgreementError``."""
    if path is None:
        return None
    try:
        raw = path.read_bytes()
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError:
        raise InvalidAgreementError("it cannot be read.") from None
    except UnicodeDecodeError:
        raise InvalidAgreementError("it is not in UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise InvalidAgreementError(f"it is no TOML: {error}.") from None
    return parse_agreement(table, hashlib.sha256(raw).hexdigest())
