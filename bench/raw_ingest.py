"""The raw path of keeping a day: plain driver, COPY and merge, rows that lie ready as tuples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Self

from bench.server import connect
from bot.domain.usage import ProviderDay
from db.embedded import Urls

_COLUMNS = (
    "workspace_id", "provider", "day", "account", "product", "model", "cost_type",
    "charge_category", "currency", "person_id", "input_uncached", "cache_read", "cache_write",
    "output", "reasoning", "requests", "cost", "cost_basis", "foreign_cost",
)  # fmt: skip
_KEY = _COLUMNS[:9]
_NAMES = ", ".join(_COLUMNS)
# The same columns, types and indexes; row-level security is not copied.
_CREATE = b"CREATE TABLE raw_usage_records (LIKE usage_records INCLUDING ALL)"
BYTES_AT_ONCE = 1 << 20
_DROP = b"DROP TABLE raw_usage_records"
_STAGING = "CREATE TEMPORARY TABLE raw_staging (LIKE raw_usage_records) ON COMMIT DELETE ROWS"
_COPY = f"COPY raw_staging ({_NAMES}) FROM STDIN"
_MERGE = (
    f"INSERT INTO raw_usage_records ({_NAMES}) SELECT {_NAMES} FROM raw_staging"  # noqa: S608
    f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[len(_KEY) :])
)


class RawTable:
    """The usage table over again, which nothing of ours guards or looks after."""

    def __init__(self, urls: Urls) -> None:
        self._owner = connect(urls.owner, autocommit=True)
        self._connection = connect(urls.worker, autocommit=True)

    def __enter__(self) -> Self:
        self._owner.execute(_CREATE)
        self._connection.execute(_STAGING)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._owner.execute(_DROP)
        self._owner.close()

    def merge(self, rows: Iterable[Sequence[Any]]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            with cursor.copy(_COPY) as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(_MERGE.encode())

    def dump(self, target: IO[bytes]) -> None:
        """Write what ours keeps as COPY reads it, for ``merge_text``."""
        rows = f"SELECT {_NAMES} FROM usage_records ORDER BY provider, day"  # noqa: S608
        query = f"COPY ({rows}) TO STDOUT"
        self._connection.execute("SELECT set_config('upshot.scope', 'jobs', false)")
        with self._connection.cursor() as cursor, cursor.copy(query.encode()) as copy:
            for chunk in copy:
                target.write(chunk)
        target.seek(0)

    def merge_text(self, source: IO[bytes]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            with cursor.copy(_COPY) as copy:
                while chunk := source.read(BYTES_AT_ONCE):
                    copy.write(chunk)
            cursor.execute(_MERGE.encode())


def as_rows(answer: ProviderDay) -> Iterator[tuple[Any, ...]]:
    owners = {account: number for number, account in enumerate(sorted(answer.emails), start=1)}
    for record in answer.records:
        tokens = record.tokens
        assert tokens is not None
        assert record.account is not None
        yield (
            1, answer.provider, answer.day, record.account, record.product, record.model,
            record.cost_type, record.charge_category.value, record.currency,
            owners[record.account], tokens.input_uncached, tokens.cache_read, tokens.cache_write,
            tokens.output, tokens.reasoning, record.requests, record.cost,
            record.cost_basis and record.cost_basis.value, record.foreign_cost,
        )  # fmt: skip
