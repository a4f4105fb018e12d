"""What a sender of OTLP is answered, in the way that it wrote itself.

In protobuf these are two messages of two fields each: their bytes are written here, so that an
answer needs no package, not even the one that says that it is missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

_NUMBER, _TEXT = 0, 2  # wire types


def accepted(rejected: str, refused: Mapping[str, int], *, is_protobuf: bool) -> bytes:
    """An ``Export…ServiceResponse``; *rejected* is its name for how many were *refused*."""
    count = sum(refused.values())
    why = "; ".join(f"{number:,} {reason}" for reason, number in sorted(refused.items()))
    if is_protobuf:
        partial = _tag(1, _NUMBER) + _varint(count) + _text(2, why)
        return _tag(1, _TEXT) + _varint(len(partial)) + partial if count else b""
    partial_success = {rejected: str(count), "errorMessage": why}
    return json.dumps({"partialSuccess": partial_success} if count else {}).encode()


def refusal(message: str, *, is_protobuf: bool) -> bytes:
    """A ``google.rpc.Status``."""
    return _text(2, message) if is_protobuf else json.dumps({"message": message}).encode()


def _text(field: int, text: str) -> bytes:
    encoded = text.encode()
    return _tag(field, _TEXT) + _varint(len(encoded)) + encoded


def _tag(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
