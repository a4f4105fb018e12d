"""Logs: events in the past tense with ids, and nothing that is secret or said by a person."""

from __future__ import annotations

import logging
import re
from typing import Any, TextIO

import structlog

QUIET = ("httpx", "httpcore", "slack_sdk", "slack_bolt", "apscheduler", "procrastinate", "asyncio")
"""These log addresses, bodies or job arguments at the levels below."""

_SECRET = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|sk-[\w-]{8,}|gh[a-z]_\w+|github_pat_\w+"
    r"|(?<=[Bb]earer )\S+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
_ROW = re.compile(
    r"(?<![A-Z])(DETAIL|CONTEXT): .*?(?=(?:\n|\\n)\[SQL|(?:\n|\\n){2}(?:The above|During)|\Z)",
    re.DOTALL,
)
"""Where PostgreSQL quotes the row that it does not take: its figures, and what people wrote."""
REDACTED = "[redacted]"


def redacted(text: str) -> str:
    """*text* without tokens, passwords in addresses, e-mail addresses, and rows of the database."""
    return _SECRET.sub(REDACTED, _ROW.sub(rf"\1: {REDACTED}", text))


class Redaction(logging.Formatter):
    """The last stop before a line is written: tracebacks pass here too."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        return redacted(self._inner.format(record))


class Writer(logging.StreamHandler[TextIO]):
    """Drops a line that cannot be written: to say why would quote its arguments as they are."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        pass


def configure_logs(level: str = "INFO", *, stream: TextIO | None = None) -> None:
    """One line an event, on standard error if not to *stream*, from us and the libraries alike."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
    )
    handler = Writer(stream)
    handler.setFormatter(Redaction(formatter))
    handler.addFilter(_is_told)
    logging.root.handlers = [handler]
    logging.root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.root.level))


def _is_told(record: logging.LogRecord) -> bool:
    """Not by the loggers' own levels alone: Bolt gives each of its loggers that of the root."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] not in QUIET
