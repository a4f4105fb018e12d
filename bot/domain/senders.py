"""What sends its figures to us, instead of being asked for them."""

from __future__ import annotations

INGEST = "ingest:"
OTLP = "otlp:"
"""What the names of senders begin with: none can be taken for a provider that is asked."""


def is_sender(source: str) -> bool:
    """Whether *source* sends its figures by itself: nobody knows how late it is."""
    return source.startswith((INGEST, OTLP))
