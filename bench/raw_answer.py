"""The raw path of an answer: check the signature, then ask the bare driver the same questions."""

from __future__ import annotations

import hmac
import time
from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.server import connect
from bot.playground.slack.signing import SignedRequest, signature
from bot.playground.slack.stand_in import SIGNING_SECRET

Question = tuple[str, Any]


class Overheard:
    """The statements that an engine sends, with what it asks by them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.sync_engine
        self._questions: list[Question] = []

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._hear)

    def since_last_time(self) -> list[Question]:
        questions, self._questions = self._questions, []
        return questions

    def _hear(self, _connection: Any, _cursor: Any, statement: str, asked: Any, *_: Any) -> None:
        self._questions.append((statement, asked))


class RawAnswers:
    """One connection, one transaction: as few round trips as the same statements can do with."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url, autocommit=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def seconds(self, request: SignedRequest, questions: Sequence[Question]) -> float:
        """How long it takes to check *request* and to have the answers to *questions*."""
        started = time.perf_counter()
        moment = request.headers["X-Slack-Request-Timestamp"]
        signed = signature(SIGNING_SECRET, moment, request.body)
        if not hmac.compare_digest(signed, request.headers["X-Slack-Signature"]):
            raise AssertionError("our own request is not signed well")
        # Its own name for the same request, which would else be a replay, and not be written.
        anew = {"signature": f"raw {signed}"}
        with self._connection.transaction():
            for statement, asked in questions:
                parameters = {**asked, **anew} if "signature" in asked else asked
                cursor = self._connection.execute(statement.encode(), parameters)
                if cursor.description is not None:
                    cursor.fetchall()
        return time.perf_counter() - started
