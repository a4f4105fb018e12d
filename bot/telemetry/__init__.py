"""OpenTelemetry: what coding agents and in-house platforms send by themselves, as OTLP over HTTP.

Docs:     https://opentelemetry.io/docs/specs/otlp/#otlphttp and each tool's page on monitoring
Grain:    one event per finished call of a model from logs; sums per account and model from metrics
Account:  what the sender claims: the e-mail address, or else its tool's account id
Cost:     the tool's own estimate, in dollars; else list price where the model is known; no bill
Settles:  at once; what is sent again within a week counts once

Counters only: all that is no counter and no name from a list stays unread.
Of sessions, commits and pull requests that a tool counts, metrics alone tell.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from bot.telemetry import json_body, protobuf_body
from bot.telemetry.counting import WANTED, Counted, TooManyError, count_events, count_points
from bot.telemetry.wire import MalformedError, MissingProtobufError

__all__ = [
    "Config",
    "Counted",
    "MalformedError",
    "MissingProtobufError",
    "TooManyError",
    "count_logs",
    "count_metrics",
]


class Config(BaseModel):
    model_config = ConfigDict(frozen=True)

    token: SecretStr = Field(
        min_length=24, description="what senders show as a bearer token, 24 characters at least"
    )


def count_logs(body: bytes, now: datetime, *, is_protobuf: bool) -> Counted:
    """What an ``ExportLogsServiceRequest`` adds."""
    read = protobuf_body.events if is_protobuf else json_body.events
    return count_events(read(body, WANTED), now)


def count_metrics(body: bytes, now: datetime, *, is_protobuf: bool) -> Counted:
    """What an ``ExportMetricsServiceRequest`` adds."""
    read = protobuf_body.points if is_protobuf else json_body.points
    return count_points(read(body, WANTED), now)
