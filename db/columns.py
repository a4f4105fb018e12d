"""The kinds of column that the tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field


def workspace(*, primary_key: bool = True) -> Any:
    return Field(
        primary_key=primary_key, sa_type=SmallInteger, sa_column_kwargs={"server_default": "1"}
    )


def key() -> Any:
    return Field(primary_key=True, sa_type=Text)


def words(**kwargs: Any) -> Any:
    return Field(sa_type=Text, **kwargs)


def texts() -> Any:
    return Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})


def moment(**kwargs: Any) -> Any:
    return Field(sa_type=DateTime(timezone=True), **kwargs)


def identity() -> Any:
    return Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)]
    )


def person(**kwargs: Any) -> Any:
    owner = ForeignKey("people.id", ondelete="CASCADE")
    return Field(sa_type=BigInteger, sa_column_args=[owner], **kwargs)


def person_unchecked() -> Any:
    """Without a foreign key: checking it row by row would halve the speed of the bulk path."""
    return Field(sa_type=BigInteger)
